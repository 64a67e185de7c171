"""From a folder or dump of paintings to a data set that models train on.

The way in is `kerasgan.wikiart.prepare`.
"""
