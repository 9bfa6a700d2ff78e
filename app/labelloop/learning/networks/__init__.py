"""Networks as descriptions, and what runs them."""
