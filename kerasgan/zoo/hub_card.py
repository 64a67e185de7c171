"""The card of an entry on the Hugging Face Hub, which has metadata above the text."""

import re
from pathlib import Path
from typing import Any

from kerasgan.zoo.about import about_of
from kerasgan.zoo.card import card
from kerasgan.zoo.entries import describe
from kerasgan.zoo.hub_address import HubAddress
from kerasgan.zoo.hub_client import import_hub

# The same images on the Hub.
_DATA_SETS = {"tfds:mnist": "ylecun/mnist", "tfds:cifar10": "uoft-cs/cifar10"}
_TASK = "unconditional-image-generation"
_LICENSE_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def hub_card(folder: Path, address: HubAddress) -> str:
    """Returns the card, with commands that load the entry from its address and with metadata.

    The metadata name the library, the task, tags, and what is known of the licence, the data set
    and the measures of quality.

    Args:
        folder: The entry.
        address: Where the entry will be.

    Raises:
        UserError: The entry's description is damaged, or `huggingface_hub` is not installed.

    Reference:
        https://huggingface.co/docs/hub/model-cards
    """
    hub = import_hub()
    entry = describe(folder)
    metrics, network = entry["metrics"], entry["recipe"]["generator"]["network"]
    tags = ["gan", "image-generation", "keras", metrics["objective"].lower()]
    data = hub.ModelCardData(
        library_name="kerasgan",
        pipeline_tag=None if metrics["classes"] else _TASK,
        tags=[*tags, network.replace("_", "-")],
        datasets=_data_sets(entry),
        model_name=address.name,
        eval_results=_results(hub, entry),
        **_license(about_of(folder).license),
    )
    return str(hub.ModelCard(f"---\n{data.to_yaml()}\n---\n\n{card(folder, str(address))}"))


def _data_sets(entry: dict[str, Any]) -> list[str] | None:
    # A recipe of a known data set may have trained on other pictures, which the export records.
    trained_on = entry["metrics"]["training"].get("data") or entry["recipe"]["data"]["source"]
    known = _DATA_SETS.get(trained_on)
    return None if known is None else [known]


def _license(text: str) -> dict[str, str]:
    if not text:
        return {}
    if _LICENSE_ID.fullmatch(text.lower()):
        return {"license": text.lower()}
    return {"license": "other", "license_name": text}


def _results(hub: Any, entry: dict[str, Any]) -> list[Any] | None:
    metrics = entry["metrics"]
    if "quality" not in metrics:
        return None
    images = metrics["training"].get("data") or "the training images"
    features = metrics["quality"]["protocol"]["features"]
    return [
        hub.EvalResult(
            task_type=_TASK,
            dataset_type=(_data_sets(entry) or [images])[0],
            dataset_name=images,
            metric_type=name,
            # Distances of other features are no FIDs, which is why the name says of which.
            metric_name=f"{name.replace('_', ' ')} ({features})",
            metric_value=measure["value"],
        )
        for name, measure in metrics["quality"]["measures"].items()
    ]
