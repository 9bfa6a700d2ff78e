"""Classes, tracks, and taking changes back."""
