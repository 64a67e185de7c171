"""From the Hugging Face Hub to the folder of an entry."""

from pathlib import Path

from kerasgan.errors import UserError
from kerasgan.zoo.checksums import check_files, recorded_files
from kerasgan.zoo.entry_files import CHECKSUMS
from kerasgan.zoo.hub_address import HubAddress
from kerasgan.zoo.hub_client import hub_errors, import_hub


def download(address: str) -> Path:
    """Downloads an entry into the cache of `huggingface_hub`, and checks it.

    The files are those that the entry's checksums list, and no others. Files that are in the cache
    are not downloaded again; where the Hub cannot be reached, the cached entry is used. What was
    downloaded is data: nothing of it is run.

    Args:
        address: `hf://USER/NAME` or `hf://USER/NAME@REVISION`.

    Returns:
        The entry's folder, in the cache.

    Raises:
        UserError: The address is wrong, there is no such entry, it cannot be reached, or a file is
            damaged or missing; or `huggingface_hub` is not installed.
    """
    entry = HubAddress.parse(address)
    hub = import_hub()
    with hub_errors(entry):
        try:
            listed = hub.hf_hub_download(entry.repository, CHECKSUMS, revision=entry.revision)
        except hub.errors.RemoteEntryNotFoundError:
            raise UserError(
                f"{entry} is not a zoo entry of kerasgan: it has no {CHECKSUMS}"
            ) from None
        # The folder is named after the commit, so all files are of one commit.
        folder = Path(listed).parent
        for name in recorded_files(folder):
            try:
                hub.hf_hub_download(entry.repository, name, revision=folder.name)
            except hub.errors.RemoteEntryNotFoundError:
                raise UserError(f"{entry} is incomplete: {name} is missing") from None
    check_files(folder, is_download=True)
    return folder
