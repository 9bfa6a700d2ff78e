"""Generating labels: requests, methods, runs, preview."""
