"""The review of unconfirmed labels."""
