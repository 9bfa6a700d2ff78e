"""What the app and the learning process agree on."""
