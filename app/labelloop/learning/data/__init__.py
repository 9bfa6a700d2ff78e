"""From recordings and labels to what a network learns from."""
