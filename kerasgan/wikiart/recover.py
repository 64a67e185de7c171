"""What must be put right before a scrape goes on."""

from pathlib import Path

from kerasgan.files import remove_partial_files
from kerasgan.wikiart.images import ImageFolder
from kerasgan.wikiart.metadata import read_metadata
from kerasgan.wikiart.site import Site
from kerasgan.wikiart.state import State


def recover(state: State, images: ImageFolder, metadata: Path, site: Site) -> None:
    """Brings state, images and metadata into agreement.

    After a kill an image may be written but not recorded: it is recorded. Images that were removed
    are to be fetched again. A state that was removed is made anew of the metadata.

    Raises:
        UserError: There is no state, but a metadata file that is none of a scrape.
    """
    remove_partial_files(metadata.parent)
    if state.is_new and metadata.exists():
        state.restore(read_metadata(metadata))
    present = images.ids()
    state.set_status(state.ids("stored") - present, "pending")
    for row in state.rows("SELECT id, image FROM paintings WHERE status = 'pending'"):
        if row["id"] in present:
            state.store(row["id"], images.read(row["id"]), site.image_url(row["image"]))
