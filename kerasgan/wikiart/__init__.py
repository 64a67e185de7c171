"""WikiArt: from the site to a data set that models train on."""
