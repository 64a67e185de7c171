"""The commands on a model card, which work where the entry lies."""

import json
import shlex
from pathlib import Path
from typing import Any

from kerasgan.drawing.card_samples import CARD_COUNT, MOST_CARD_CLASSES, columns_for
from kerasgan.drawing.provenance import COLUMNS
from kerasgan.recipes.shipped import zoo_folder
from kerasgan.zoo.hub_address import HubAddress, is_hub_address


def address_of(folder: Path) -> str:
    """Returns what commands call an entry.

    Args:
        folder: The entry's folder, which need not exist yet.

    Returns:
        The name of a shipped model; `./NAME` of any other entry, as seen from the folder that it
        lies in. The `./` keeps a model of the same name from being taken for it.
    """
    folder = folder.resolve()
    is_shipped = folder.parent == zoo_folder().resolve()
    return folder.name if is_shipped else f"./{folder.name}"


def entry_name(address: str) -> str:
    """Returns the name of the entry that an address leads to."""
    if is_hub_address(address):
        return HubAddress.parse(address).name
    return Path(address).resolve().name


def drawn_section(address: str, classes: dict[str, list[str]]) -> str:
    """Returns the sentence that says how `samples.png` was drawn."""
    command = f"kerasgan sample {shlex.quote(address)}"
    if not classes:
        return f"Drawn with `{command} --count {CARD_COUNT} --seed 0`, not selected."
    total = sum(map(len, classes.values()))
    if total > MOST_CARD_CLASSES:
        return (
            f"Drawn from the latents of the seed 0, not selected: a column for each latent, a row "
            f"for each of {MOST_CARD_CLASSES} of the {total:,} classes."
        )
    rows = " and then ".join(f"each {name} ({', '.join(classes[name])})" for name in classes)
    columns = columns_for(total)
    columns = "" if columns == COLUMNS else f" --columns {columns}"
    return (
        f"Drawn with `{command} --label all --seed 0{columns}`, not selected: a column for each "
        f"latent, a row for {rows}."
    )


def use_section(address: str, metrics: dict[str, Any]) -> str:
    """Returns the card's part on drawing from the model, in Markdown.

    Args:
        address: What commands call the entry; see `address_of`.
        metrics: The content of its `metrics.json`.
    """
    quoted = _python_text(address)
    python = (
        f"```python\nimport kerasgan\n\ngan = kerasgan.zoo.load({quoted})\n"
        f"images = gan.generate({_arguments(metrics['classes'])})\n```"
    )
    where, imports = [], "import tensorflow as tf\n"
    alone = "Or with TensorFlow; where kerasgan is not installed, load a copy of the folder:"
    path = f"kerasgan.zoo.find({quoted})"
    if address.startswith("./"):
        alone = "Or with TensorFlow alone:"
        path = _python_text(address.removeprefix("./"))
        where = [f"In the folder that `{address.removeprefix('./')}` lies in:"]
    if is_hub_address(address):
        where = ["After `pip install 'kerasgan[hub]'`:"]
        alone = "Or with TensorFlow, which runs the model's graph, so only if you trust its author:"
        imports += "from huggingface_hub import snapshot_download\n"
        path = f'snapshot_download("{HubAddress.parse(address).repository}")'
    if path.startswith("kerasgan."):
        imports = f"import kerasgan\n{imports}"
    plain = (
        f"```python\n{imports}\n"
        f"model = tf.saved_model.load({path})\n"
        f"images = model.generate({_inputs(metrics)})\n```"
    )
    return "\n\n".join(["## Use", *where, python, alone, plain])


def train_command(address: str, iterations: int) -> str:
    """Returns the command that trains an entry's recipe anew, as long as the entry was trained."""
    return f"kerasgan train {shlex.quote(address)} --data PATH --iterations {iterations}"


def _python_text(value: Any) -> str:
    """Returns text, lists and dicts of it as Python has them, in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def _arguments(classes: dict[str, list[str]]) -> str:
    if not classes:
        return "16, seed=0"
    first = {name: names[0] for name, names in classes.items()}
    labels = first if len(first) > 1 else next(iter(first.values()))
    return f"16, {_python_text(labels)}, seed=0"


def _inputs(metrics: dict[str, Any]) -> str:
    labels = [", tf.zeros(16, tf.int32)"] * len(metrics["classes"])
    return f"tf.random.normal((16, {metrics['latent_dim']}))" + "".join(labels)
