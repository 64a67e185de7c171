"""Where images come from: folders, archives, data sets, dumps."""
