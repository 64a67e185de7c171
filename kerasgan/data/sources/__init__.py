"""The sources of images: folders, zips, TensorFlow Datasets and the WikiArt Dataset."""
