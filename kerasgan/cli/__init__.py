"""The `kerasgan` command."""
