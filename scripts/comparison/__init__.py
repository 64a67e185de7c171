"""What `scripts/objectives.py` is made of."""
