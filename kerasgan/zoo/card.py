"""The model card of a zoo entry, and the zoo's table, generated from the entries."""

from pathlib import Path
from typing import Any

from kerasgan.files import write_text
from kerasgan.zoo.entries import describe
from kerasgan.zoo.quality import quality_cells, quality_section

PROSE = "notes.md"
PROSE_PICTURES = "notes"
PROGRESS = "progress.jpg"
_OLD_PROGRESS = "progress.png"


def write_card(folder: Path) -> None:
    """Writes `README.md` of an entry from its recipe, metrics and prose."""
    write_text(folder / "README.md", card(folder))


def card(folder: Path) -> str:
    """Returns the card's Markdown."""
    entry = describe(folder)
    name, metrics = entry["name"], entry["metrics"]
    prose = folder / PROSE
    parts = [
        f"# {name}",
        "![Samples, not selected](samples.png)",
        _drawn(name, metrics["classes"]),
        prose.read_text(encoding="utf-8").strip() if prose.is_file() else "",
        "## Use",
        f'```python\nimport kerasgan\n\ngan = kerasgan.zoo.load("{name}")\n'
        f"images = gan.generate({_arguments(metrics['classes'])})\n```",
        "Or with TensorFlow alone:",
        "```python\nimport tensorflow as tf\n\n"
        f'model = tf.saved_model.load("zoo/{name}")\n'
        f"images = model.generate({_inputs(metrics)})\n```",
        "## Facts",
        _facts(entry),
        "## Measured" if "quality" in metrics else "",
        quality_section(metrics.get("quality")),
        "## During the training",
        "![Measures and losses against hours](learning_curve.png)"
        if (folder / "learning_curve.png").is_file()
        else "",
        _progress(folder, metrics),
        "## Recipe",
        f"Trained with `kerasgan train {name} --data PATH`, from this `recipe.toml`:",
        f"```toml\n{(folder / 'recipe.toml').read_text(encoding='utf-8').strip()}\n```",
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


def _drawn(name: str, classes: dict[str, list[str]]) -> str:
    command = f"kerasgan sample {name} --count 32 --seed 0"
    if not classes:
        return f"Drawn with `{command}`, not selected."
    first, *_ = classes
    rows = ", ".join(classes[first])
    command = f"kerasgan sample {name} --label all --seed 0"
    return (
        f"Drawn with `{command}`, not selected: a column for each latent, a row for each {first} "
        f"({rows})."
    )


def _arguments(classes: dict[str, list[str]]) -> str:
    if not classes:
        return "16, seed=0"
    first = {name: names[0] for name, names in classes.items()}
    labels = first if len(first) > 1 else next(iter(first.values()))
    return f"16, {labels!r}, seed=0".replace("'", '"')


def _inputs(metrics: dict[str, Any]) -> str:
    labels = [", tf.zeros(16, tf.int32)"] * len(metrics["classes"])
    return f"tf.random.normal((16, {metrics['latent_dim']}))" + "".join(labels)


def _facts(entry: dict[str, Any]) -> str:
    metrics, training = entry["metrics"], entry["metrics"]["training"]
    recipe, machine = entry["recipe"], metrics["machine"]
    facts = {
        "objective": f"`kerasgan.models.{metrics['objective']}`",
        "images": "x".join(map(str, metrics["image_shape"])) + ", float32 in [0, 1]",
        "latent": f"{metrics['latent_dim']}, N(0, 1)",
        **{
            name: f"`{recipe[name]['network']}`, {parameters:,} parameters"
            for name, parameters in metrics["parameters"].items()
        },
        "trained on": f"{training['images']:,} images",
        "trained for": f"{training['iterations']:,} iterations, {training['batches']:,} batches of "
        f"{recipe['training']['batch_size']}, {training['hours']} hours at a median of "
        f"{training['images_per_second']} images/s in {training['precision']}",
        "machine": f"{machine['processor']}, {machine['cores']} cores",
        "versions": ", ".join(f"{key} {value}" for key, value in metrics["versions"].items()),
        **{
            f"{name}, mean of the last twentieth": f"{value:.4g}"
            for name, value in metrics["last_twentieth"].items()
        },
    }
    if recipe["model"].get("ema_decay"):
        facts["drawn from"] = (
            f"the moving average of the generator's weights (decay {recipe['model']['ema_decay']})"
        )
    rows = [f"| {name} | {value} |" for name, value in facts.items()]
    return "\n".join(["| | |", "|---|---|", *rows])


def _progress(folder: Path, metrics: dict[str, Any]) -> str:
    rows = metrics["progress_rows"]
    if not rows:
        return ""
    listed = ", ".join(f"{row:,}" for row in rows)
    picture = PROGRESS if (folder / PROGRESS).is_file() else _OLD_PROGRESS
    return f"![The same latents]({picture})\n\nThe same latents at iterations {listed}."
