"""Pictures drawn by LiteRT, without TensorFlow, from the files of `kerasgan.export`."""
