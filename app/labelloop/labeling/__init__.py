"""Scores in, events out: track operations, post-processing, matching, review order."""
