"""The model card of a zoo entry, and the zoo's table, generated from the entries."""

from pathlib import Path
from typing import Any

import msgspec

from kerasgan.files.atomic import write_text
from kerasgan.zoo.about import About
from kerasgan.zoo.card_commands import (
    address_of,
    drawn_section,
    entry_name,
    train_command,
    use_section,
)
from kerasgan.zoo.entries import describe, names
from kerasgan.zoo.entry_files import CARD, PROSE
from kerasgan.zoo.plain_classifier import plain_classifier_section
from kerasgan.zoo.quality import quality_cells, quality_section

GATE = "gate.png"
PROGRESS = "progress.jpg"
_LEARNING_CURVE = "![Measures and losses against hours](learning_curve.png)"
_COUNTS_DIFFER = (
    "During a training up to 500 pictures are compared, and numbers of different counts do not "
    "compare with each other."
)


def write_card(folder: Path, address: str | None = None) -> None:
    """Writes `README.md` of an entry; see `card`."""
    write_text(folder / CARD, card(folder, address))


def card(folder: Path, address: str | None = None) -> str:
    """Returns the card's Markdown, made of the entry's recipe, metrics and prose.

    Args:
        folder: The entry.
        address: What the commands on the card call the entry; by default what works where it lies,
            see `kerasgan.zoo.card_commands.address_of`.
    """
    address = address or address_of(folder)
    entry = describe(folder)
    metrics = entry["metrics"]
    about = msgspec.convert(metrics.get("about", {}), About)
    prose = folder / PROSE
    parts = [
        f"# {about.title or entry_name(address)}",
        "![Samples, not selected](samples.png)",
        drawn_section(address, metrics["classes"]),
        about.description,
        prose.read_text(encoding="utf-8").strip() if prose.is_file() else "",
        use_section(address, metrics),
        "## Facts",
        _facts(entry, about),
        "## Measured" if "quality" in metrics else "",
        quality_section(metrics.get("quality")),
        plain_classifier_section(folder) if "quality" in metrics else "",
        "## During the training",
        *_learning_curve(folder, metrics),
        f"![The share of batches on which the discriminator could move]({GATE})"
        if (folder / GATE).is_file()
        else "",
        _progress(metrics),
        "## Recipe",
        _recipe(folder, address, metrics["training"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def zoo_table(folders: list[Path]) -> str:
    """Returns the zoo's table in Markdown, a row for each entry."""
    titles = ["model", "objective", "images", "distance", "precision", "recall", "hours", "size"]
    rows = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for folder in folders:
        entry = describe(folder)
        metrics, training = entry["metrics"], entry["metrics"]["training"]
        height, width, _ = metrics["image_shape"]
        cells = [
            f"[`{entry['name']}`](zoo/{entry['name']}/README.md)",
            metrics["objective"],
            f"{height}x{width}",
            *quality_cells(metrics.get("quality")),
            f"{training['hours'] or 0.0:.1f}",
            f"{entry['megabytes']:.1f} MB",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _recipe(folder: Path, address: str, training: dict[str, Any]) -> str:
    command = train_command(address, training["iterations"])
    if address not in names():
        # The file's comments and help tell of the pictures that the recipe was written for.
        return (
            f"[`recipe.toml`](recipe.toml) describes the training. `{command}` trains a new model "
            "like this one."
        )
    text = (folder / "recipe.toml").read_text(encoding="utf-8").strip()
    origin = training.get("started_from")
    if origin is None or origin in names():
        init = f" --init {origin}" if origin else ""
        how = f"Trained with `{command}{init}`, from this `recipe.toml`:"
    else:
        how = (
            f"Trained from the weights of `{origin}`, an earlier model that is not shipped, with "
            f"this `recipe.toml`. `{command}` trains such a model from new weights, which takes "
            "longer:"
        )
    return f"{how}\n\n```toml\n{text}\n```"


def _speed(training: dict[str, Any]) -> str:
    """Returns how long a training took; nothing if it was stopped before it logged that."""
    if training["hours"] is None:
        return ""
    return f", {training['hours']} hours at a median of {training['images_per_second']} images/s"


def _facts(entry: dict[str, Any], about: About) -> str:
    metrics, training = entry["metrics"], entry["metrics"]["training"]
    recipe, machine = entry["recipe"], metrics["machine"]
    # What was measured in the training, with fewer pictures, is not comparable with these.
    measured = {*metrics["quality"]["measures"], "frechet_ratio"} if "quality" in metrics else ()
    facts = {
        "objective": f"`kerasgan.models.{metrics['objective']}`",
        "images": "x".join(map(str, metrics["image_shape"])) + ", float32 in [0, 1]",
        "latent": f"{metrics['latent_dim']}, N(0, 1)",
        **{
            name: f"`{recipe[name]['network']}`, {parameters:,} parameters"
            for name, parameters in metrics["parameters"].items()
        },
        "trained on": f"{training['images']:,} images"
        + (f" of `{training['data']}`" if training.get("data") else ""),
        **({"started from": f"`{training['started_from']}`"} if "started_from" in training else {}),
        "trained for": f"{training['iterations']:,} iterations, {training['batches']:,} batches of "
        f"{recipe['training']['batch_size']}{_speed(training)} in {training['precision']}",
        "machine": f"{machine['processor']}, {machine['cores']} cores",
        "versions": ", ".join(f"{key} {value}" for key, value in metrics["versions"].items()),
        **{
            f"{name}, mean of the last twentieth": f"{value:.4g}"
            for name, value in metrics["last_twentieth"].items()
            if name not in measured
        },
    }
    if recipe["model"].get("ema_decay"):
        facts["drawn from"] = (
            f"the moving average of the generator's weights (decay {recipe['model']['ema_decay']})"
        )
    facts |= {name: text for name in ("author", "license") if (text := getattr(about, name))}
    rows = [f"| {name} | {value} |" for name, value in facts.items()]
    return "\n".join(["| | |", "|---|---|", *rows])


def _learning_curve(folder: Path, metrics: dict[str, Any]) -> list[str]:
    if not (folder / "learning_curve.png").is_file():
        return []
    return [_LEARNING_CURVE, *([_COUNTS_DIFFER] if "quality" in metrics else [])]


def _progress(metrics: dict[str, Any]) -> str:
    rows = metrics["progress_rows"]
    if not rows:
        return ""
    listed = ", ".join(f"{row:,}" for row in rows)
    iterations = metrics["training"]["iterations"]
    if rows[-1] != iterations:
        listed += f"; the model has the weights of iteration {iterations:,}"
    return f"![The same latents]({PROGRESS})\n\nThe same latents at iterations {listed}."
