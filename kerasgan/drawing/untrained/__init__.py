"""Networks that nobody trained, which draw as they are."""
