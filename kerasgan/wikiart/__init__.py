"""WikiArt: scraping it."""
