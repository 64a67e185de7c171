"""From the site to a folder of images with metadata.

The way in is `kerasgan.wikiart.scrape`, which starts a process that crawls.
"""
