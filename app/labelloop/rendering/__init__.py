"""Arrays in, rows of text and styles out."""
