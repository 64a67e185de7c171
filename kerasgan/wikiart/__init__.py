"""WikiArt: from what was downloaded to a data set that models train on."""
