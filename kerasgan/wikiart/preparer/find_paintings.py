"""What a folder or zip of paintings is."""

from pathlib import Path

from kerasgan.data.sources.file_tree import file_tree
from kerasgan.errors import UserError
from kerasgan.wikiart.preparer.dump_paintings import dump_paintings
from kerasgan.wikiart.preparer.paintings import Found
from kerasgan.wikiart.scraper.image_folder import image_folder


def find_paintings(path: str | Path) -> Found:
    """Returns the paintings of a folder or zip, of whichever of these layouts it has.

    - An image folder of Hugging Face, which `kerasgan wikiart scrape` writes too: images beside
      or below files `metadata.jsonl` or `metadata.csv`; see `image_folder`.
    - The WikiArt Dataset of ArtGAN, or a part of it; see `dump_paintings`.

    Images are not read.

    Raises:
        UserError: There is no such path, it has neither layout, it holds no painting, or a line
            of a file is wrong.
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise UserError(f"{path} does not exist: give a folder or zip of paintings as SOURCE")
    tree = file_tree(path, source="wikiart")
    found = image_folder(tree) or dump_paintings(tree)
    if found is None:
        raise UserError(
            f"{path} is no collection of paintings: it has neither a metadata.jsonl or "
            "metadata.csv, as a scraped folder has, nor paintings in wikiart/{Style}/*.jpg, as "
            "the WikiArt Dataset of ArtGAN has them; give another SOURCE"
        )
    if not found.paintings:
        first = found.skipped[0] if found.skipped else None
        reason = f": {first.path} is left out ({first.cause})" if first else ""
        raise UserError(f"{path} has no painting that can be read{reason}; give another SOURCE")
    return found
