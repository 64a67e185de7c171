"""CPPNs at any size: tiles and strips, and files that are written as they are drawn."""
