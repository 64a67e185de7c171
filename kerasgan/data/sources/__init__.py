"""The sources of images: folders, zips, TensorFlow Datasets, CASIA, Pokémon and WikiArt."""
