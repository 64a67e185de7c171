"""What makes convolutions fast on processors.

The layers here replace Keras's one for one. A reader who does not care about speed can read
`CPUConv2D` as `keras.layers.Conv2D` and skip this folder.
"""
