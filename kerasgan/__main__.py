"""`python -m kerasgan`."""

from kerasgan.cli.main import main

main()
