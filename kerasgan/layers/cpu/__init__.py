"""What makes convolutions fast on processors.

The layers here are drop-in replacements of Keras's: a reader who does not care about speed can take
`CPUConv2D` for `keras.layers.Conv2D`, and need not come in.
"""
