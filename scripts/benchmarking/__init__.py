"""What `scripts/benchmark.py` is made of."""

import sys
from pathlib import Path

# The checkout's own package is measured, whether it is installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
