"""What signal files say of themselves before they are read."""
