"""CPPNs at any size: tiles and strips, and files that are written while they are drawn.

`kerasgan.drawing` exports what this package offers: `View`, `render` and `render_to_file`.
"""
