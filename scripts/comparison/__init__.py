"""What `scripts/objectives.py` and `scripts/systems_figure.py` are made of."""
