"""The client of the Hugging Face Hub, whose errors are one line each."""

import contextlib
import re
from collections.abc import Iterator
from types import ModuleType

from kerasgan.errors import UserError, shortened
from kerasgan.zoo.hub_address import HubAddress

LOG_IN = "log in with hf auth login, or set HF_TOKEN"


def import_hub() -> ModuleType:
    """Imports `huggingface_hub`, an extra.

    Raises:
        UserError: It is not installed.
    """
    try:
        import huggingface_hub
        import huggingface_hub.constants
        import huggingface_hub.errors
    except ImportError:
        raise UserError(
            "The Hugging Face Hub needs its client: pip install 'kerasgan[hub]'"
        ) from None
    return huggingface_hub


@contextlib.contextmanager
def hub_errors(address: HubAddress) -> Iterator[None]:
    """Turns errors of the Hub's client about an entry into `UserError`."""
    hub = import_hub()
    errors = hub.errors
    # What its base classes are comes from the HTTP client, which has changed from version to
    # version: failed connections are one of them. Uploads raise RuntimeError around the reason.
    failures = (*errors.HfHubHTTPError.__bases__, ValueError, RuntimeError)
    where = hub.constants.ENDPOINT
    try:
        yield
    except UserError:
        raise
    except errors.HFValidationError as error:
        raise UserError(f"{address} is not a name of the Hub: {_reason(error)}") from None
    except errors.GatedRepoError:
        raise UserError(
            f"The owner of {address} must give you access: ask for it at "
            f"{where}/{address.repository}, then {LOG_IN}"
        ) from None
    except errors.RepositoryNotFoundError:
        raise UserError(
            f"There is no model {address}, or it is private; if it is, {LOG_IN}"
        ) from None
    except errors.RevisionNotFoundError:
        raise UserError(
            f"{address.repository} has no revision {address.revision!r}; see "
            f"{where}/{address.repository}"
        ) from None
    except errors.HfHubHTTPError as error:
        raise UserError(f"{where} refuses {address}: {_reason(error)}") from None
    except (errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError):
        raise UserError(
            f"{address} is not in the cache, and {where} cannot be reached; try again online"
        ) from None
    except failures as error:
        raise UserError(f"{address}: {_reason(error)}") from None


def _reason(error: BaseException) -> str:
    """Returns the innermost reason of an error in one line."""
    while error.__cause__ is not None and isinstance(error, RuntimeError):
        error = error.__cause__
    server = getattr(error, "server_message", None)
    text = server or re.sub(r"\(Request ID: [^)]*\)\.?", "", str(error)) or type(error).__name__
    return shortened(" ".join(text.split()), 300)
