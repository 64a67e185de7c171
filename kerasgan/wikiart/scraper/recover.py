"""What must be put right before a scrape goes on."""

from pathlib import Path

from kerasgan.files import remove_partial_files
from kerasgan.wikiart.scraper.faults import NOT_AN_IMAGE, Fault
from kerasgan.wikiart.scraper.images import ImageFolder, NotAnImage
from kerasgan.wikiart.scraper.metadata import read_metadata
from kerasgan.wikiart.scraper.site import Site
from kerasgan.wikiart.scraper.state import State


def recover(state: State, images: ImageFolder, metadata: Path, site: Site) -> None:
    """Brings state, images and metadata into agreement.

    After a kill an image may be written but not recorded: it is recorded, unless it is damaged, as
    a power failure leaves it: then it is fetched again and replaced. So are images that were
    removed. A state that was removed is made anew of the metadata.

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
            _record(state, images, row["id"], row["image"], site)


def _record(state: State, images: ImageFolder, painting: str, image: str, site: Site) -> None:
    try:
        address = site.image_url(image)
    except ValueError:
        # The crawl gives it up by name, like any other without an address.
        return
    try:
        state.store(painting, images.read(painting), address)
    except NotAnImage as error:
        state.add_fault(Fault(NOT_AN_IMAGE, painting, f"on the disk: {error}"))
