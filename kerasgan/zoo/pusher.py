"""From a zoo entry to the Hugging Face Hub."""

from pathlib import Path
from typing import Any

from kerasgan.errors import UserError
from kerasgan.zoo.checksums import recorded_files
from kerasgan.zoo.entries import find, verify
from kerasgan.zoo.entry_files import CARD, CHECKSUMS
from kerasgan.zoo.hub_address import PREFIX, HubAddress
from kerasgan.zoo.hub_card import hub_card
from kerasgan.zoo.hub_client import LOG_IN, hub_errors, import_hub


def push(
    name_or_folder: str | Path,
    repository: str,
    *,
    private: bool = False,
    token: str | None = None,
) -> str:
    """Uploads a zoo entry to the Hugging Face Hub, in one commit.

    The repository is made if there is none. In one that has an entry already, the entry's files
    are replaced and the card with them; the earlier ones stay in its history.

    Args:
        name_or_folder: The name of a shipped model, or the folder of any zoo entry.
        repository: `USER/NAME` on the Hub; `USER` may be an organization.
        private: Whether only its owner may see a repository that is made.
        token: An access token of the Hub that may write; by default that of `hf auth login` or of
            the environment variable `HF_TOKEN`.

    Returns:
        The address that `kerasgan.zoo.load` takes, `hf://USER/NAME`.

    Raises:
        UserError: The entry is damaged, the repository's name is wrong, it holds something else,
            or the Hub cannot be reached or refuses; or `huggingface_hub` is not installed.

    Example:
    >>> kerasgan.zoo.push("models/mine", "ann/squares")
    'hf://ann/squares'
    """
    address = HubAddress.parse(PREFIX + repository.removeprefix(PREFIX))
    if address.revision is not None:
        raise UserError(f"An entry is pushed to USER/NAME alone. Received: {repository}")
    folder = find(name_or_folder)
    verify(folder)
    hub = import_hub()
    token = token or hub.get_token()
    if not token:
        raise UserError(f"The Hub takes models of known users only: pass token=, {LOG_IN}")
    api = hub.HfApi(token=token, library_name="kerasgan")
    with hub_errors(address):
        _check_or_create(api, address, private=private)
        files = _files(folder, address)
        api.create_commit(
            address.repository,
            [hub.CommitOperationAdd(name, content) for name, content in files.items()],
            commit_message="Upload a zoo entry of kerasgan",
        )
    return str(address)


def _check_or_create(api: Any, address: HubAddress, *, private: bool) -> None:
    """Makes the repository, or checks that it may be written to.

    Raises:
        UserError: It has files of something else, or is public and should be private.
    """
    errors = import_hub().errors
    try:
        present = api.model_info(address.repository)
    except errors.RepositoryNotFoundError:
        api.create_repo(address.repository, private=private)
        return
    if private and not present.private:
        raise UserError(
            f"{address} exists and is public: make it private in its settings on the Hub, or give "
            "another name"
        )
    names = {each.rfilename for each in present.siblings or []} - {".gitattributes"}
    if names and not names >= {CHECKSUMS, "recipe.toml"}:
        raise UserError(
            f"{address} holds something other than a zoo entry (it has {min(names)}); give another "
            "name"
        )


def _files(folder: Path, address: HubAddress) -> dict[str, str | bytes]:
    """Returns what is uploaded: each file's path, or its content, by its name in the repository.

    The card has no checksum there, so that people can edit it on the Hub.
    """
    recorded = {name: sha for name, sha in recorded_files(folder).items() if name != CARD}
    sums = "".join(f"{checksum}  {name}\n" for name, checksum in recorded.items())
    return {
        **{name: str(folder / name) for name in recorded},
        CARD: hub_card(folder, address).encode(),
        CHECKSUMS: sums.encode(),
    }
