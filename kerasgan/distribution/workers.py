"""The processes, on one machine or several, that train one model together.

TensorFlow reads them from the environment variable `TF_CONFIG`, which schedulers such as Kubeflow
set, the same on all but for the index.
"""

import json
import os
import re

from kerasgan.errors import UserError, shortened

_VARIABLE = "TF_CONFIG"
_ADDRESS = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:,/]+):([1-9]\d{0,4})")


def set_workers(addresses: str, index: int) -> None:
    """Sets `TF_CONFIG` for this process; TensorFlow reads it when the strategy is made.

    Args:
        addresses: `HOST:PORT` of each worker with commas between them, in the same order on all.
            The first is the chief, which writes the run folder.
        index: Which of them this process is, from 0.

    Raises:
        UserError: An address is no `HOST:PORT` or is there twice, there is no worker `index`, or
            `TF_CONFIG` is set already.
    """
    if _text():
        raise UserError(
            f"The environment variable {_VARIABLE} describes the workers already: leave out "
            "workers= or unset it"
        )
    workers = [address.strip() for address in addresses.split(",")]
    for address in workers:
        match = _ADDRESS.fullmatch(address)
        if not match or int(match[2]) > 65535:
            raise UserError(
                "Pass workers= with HOST:PORT of each worker and commas between them, the port "
                f"from 1 to 65535. Received: {shortened(repr(address))}"
            )
        if workers.count(address) > 1:
            raise UserError(
                "Pass workers= with an address of its own for each. "
                f"Received: {shortened(address)} twice"
            )
    if not 0 <= index < len(workers):
        raise UserError(
            f"Pass worker_index= from 0 to {len(workers) - 1}, the place of this process among the "
            f"workers. Received: {index}"
        )
    task = {"type": "worker", "index": index}
    os.environ[_VARIABLE] = json.dumps({"cluster": {"worker": workers}, "task": task})


def worker_count() -> int:
    """Returns how many workers there are; 1 without `TF_CONFIG`.

    Raises:
        UserError: `TF_CONFIG` is not as TensorFlow describes it, or has workers of another kind.
    """
    return len(_config()[0])


def is_chief() -> bool:
    """Returns whether this process writes the run folder: the chief, or the first worker."""
    return own_place() == 0


def own_place() -> int:
    """Returns the place of this process among the workers, the chief's being 0."""
    return _config()[1]


def own_address() -> str:
    """Returns `HOST:PORT` of this worker; empty without `TF_CONFIG`."""
    addresses, place = _config()
    return addresses[place]


def _text() -> str:
    text = os.environ.get(_VARIABLE, "").strip()
    return "" if text == "{}" else text


def _config() -> tuple[list[str], int]:
    """Returns the addresses of the workers, the chief's first, and the place of this one."""
    if not (text := _text()):
        return [""], 0
    try:
        config = json.loads(text)
        cluster, task = config["cluster"], config["task"]
        kinds = [kind for kind in ("chief", "worker") if kind in cluster]
        if set(cluster) - set(kinds) or task["type"] not in kinds:
            raise ValueError("only a chief and workers train together")
        places = [(kind, index) for kind in kinds for index in range(len(cluster[kind]))]
        return (
            [cluster[kind][index] for kind, index in places],
            places.index((task["type"], int(task["index"]))),
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UserError(
            f"The environment variable {_VARIABLE} does not describe workers "
            f"({shortened(error)}). Received: {shortened(text)}"
        ) from None
