"""Files as other programs know them."""
