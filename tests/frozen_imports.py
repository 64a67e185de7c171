"""Imported last before forks: they share what is imported, and look for no garbage in it."""

import gc

gc.collect()
gc.freeze()
