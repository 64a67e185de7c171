"""From the site to a folder of images with metadata."""
