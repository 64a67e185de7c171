"""The page of a comparison, in Markdown, from its results."""

from collections.abc import Callable
from typing import Any

from comparison.charts import minutes_of
from comparison.tables import outcome_table, search_table

TITLES = {"mnist": "MNIST at 28x28", "pokemon": "Pokémon at 64x64"}

_INTRODUCTION = """\
# Objectives on equal terms

{objectives} trained with the same networks on the same images for the same time, and measured in
the same way. `scripts/objectives.py` made this page and its pictures from the results in
[`objectives.json`](objectives.json).
"""

_PROTOCOL = """\
## How they were compared

**What is equal.** The generator, the discriminator or critic, the images and their order, the
batch, the augmentation, the moving average of the generator's weights that draws the pictures, the
optimizer of both players, and the ways to choose its learning rate. Adam is used without momentum
(beta 1 is 0). That is RMSprop but for its correction of the first steps, so it is also what the
paper of the clipped WGAN asks for.

{networks}

**What is each objective's own.** Its losses, and what its paper sets beside them:

{own}

An iteration is one update of the generator, with as many updates of the critic before it as
`n_critic` says.

**The learning rate.** Some rates were tried with each objective on each data set, the same rate for
both players, for a short time with seed 0. The run with the smallest Fréchet distance went on. A
short search prefers rates that are fast at first. So a run that came no closer in the second half
of its time than in the first, by half a percent, or that diverged, was followed by a whole run with
the next lower rate; the one that ended with the smaller distance counts.
{rates}

**Time.** A minute is a minute of two cores: 120 seconds of the CPU time of all threads of the
training. What an iteration costs was measured before the runs, in seven rounds in which the
objectives took turns, and the median counts. Each run then has as many iterations as cost its
minutes. So other work on the machine lets a run wait, but gives it neither more nor
fewer iterations than on an idle machine, and what slows the rounds slows all objectives alike. Not
counted are measuring, sample grids and checkpoints. By the clock an iteration takes at least as
long, because two cores are never quite busy.

**The commands** are these. A comparison replaces what the page has of its data set.

```
{commands}
```

**Measures.** {measures}

**What these figures do not say.** The networks are small and the time is short: an objective that
is slow here may end ahead. Three rates are a coarse grid, and a clip value or penalty weight other
than the paper's was not tried. Nor was a lower rate for a run that still got better in its second
half, which it might have beaten. The rate was chosen by the seed that its first run has, and the
lowest distance on the way is the best of several measurements, which favours runs that go up and
down. The discriminator normalizes nothing, because gradient penalties judge each image by itself;
objectives that were published with batch normalization or spectral normalization do without.

**Clipping and normalization.** A `WGAN` clips all that its critic learns to [-0.01, 0.01]. The
paper's critic has batch normalization, whose scales are learned and so are clipped too: a
normalized signal is then scaled down to a hundredth at every layer, and the critic's scores come to
be around 1e-6, unless its normalization has a very small epsilon, its kernels start small and the
optimizer's epsilon is small as well (see the recipe `pokemon_wgan_paper`). Clipping the kernels
alone (`clipped_weights="kernels"`) lets the scales grow, and the scores drift without bound. The
critic here has no normalization, so its kernels and biases are all there is to clip. They are drawn
as those of the other objectives are, which for most is outside of the interval, and the first
update clips them to its ends. The optimizer's epsilon is 1e-12 for all objectives, so that
gradients through clipped weights are not lost in it.
"""


def page(results: dict[str, Any], *, pictures: Callable[[str], bool], notes: str = "") -> str:
    """Returns the page.

    Args:
        results: What `comparison.results.results` returned, of all data sets.
        pictures: Whether there is a picture of a name, such as `"objectives/mnist-GAN.jpg"`.
        notes: What a reader of the results wrote about them, in Markdown.
    """
    names = list(dict.fromkeys(name for each in results.values() for name in each["objectives"]))
    parts = [
        _INTRODUCTION.format(objectives=_listed([f"`{name}`" for name in names])),
        f"## What came of it\n\n{notes.strip()}\n" if notes.strip() else "",
        *(_data_set(name, each, pictures) for name, each in results.items()),
        _PROTOCOL.format(
            networks=_networks(results),
            own=_own(results),
            rates=_rates(results),
            measures=_measures(results),
            commands="\n".join(_command(name, each["protocol"]) for name, each in results.items()),
        ),
        _machines(results),
    ]
    return "\n".join(part for part in parts if part)


def _data_set(name: str, data: dict[str, Any], pictures: Callable[[str], bool]) -> str:
    objectives, protocol = data["objectives"], data["protocol"]
    parts = [f"## {TITLES.get(name, name)}"]
    parts.append(f"After {protocol['minutes']:g} minutes of two cores each:")
    parts.append(outcome_table(data))
    if pictures(curves := f"objectives/{name}-curves.png"):
        parts.append(f"![Fréchet distance against minutes]({curves})")
    if notes := _notes(objectives, protocol):
        parts.append("\n".join(f"- {note}" for note in notes))
    parts.append(f"The search, after {protocol['search_minutes']:g} minutes, times the floor:")
    parts.append(search_table(objectives, protocol["rates"]))
    sheets = [
        f"| {objective} | ![{objective}]({path}) |"
        for objective in objectives
        if pictures(path := f"objectives/{name}-{objective}.jpg")
    ]
    if sheets:
        parts.append("Pictures from the same latents at the end of the first run, not selected:")
        parts.append("\n".join(["| | |", "|---|---|", *sheets]))
    return "\n\n".join(parts) + "\n"


def _notes(objectives: dict[str, Any], protocol: dict[str, Any]) -> list[str]:
    """Returns what was cut short, and what limits the comparison, a sentence for each."""
    notes = []
    for name, outcome in objectives.items():
        finals, rates = outcome["finals"], protocol["rates"]
        if (missing := protocol["seeds"] - len(finals)) > 0:
            notes.append(f"{name}: {missing} of {protocol['seeds']} runs are still to come.")
        for run in finals:
            part = run["iterations"] / run["planned"]
            if run["diverged"]:
                notes.append(
                    f"{name}, seed {run['seed']}: diverged after its last measurement in the "
                    f"curve ({run['diverged']})."
                )
            elif part < 1:
                notes.append(f"{name}, seed {run['seed']}: cut short at {part:.0%} of its time.")
        notes += [f"{name}: {_other_run(outcome, run)}" for run in outcome["others"]]
        if outcome["rate"] in (min(rates), max(rates)) and len(rates) > 1:
            end = "lowest" if outcome["rate"] == min(rates) else "highest"
            notes.append(f"{name}: its rate is the {end} tried; one beyond may be better.")
    return notes


def _other_run(outcome: dict[str, Any], run: dict[str, Any]) -> str:
    """Returns what a run came to whose rate does not count."""
    if not run["curve"]:
        return f"a run with a rate of {run['rate']:g} was not measured."
    lowest = min(run["curve"], key=lambda line: line["frechet_ratio"])
    came = (
        f"a run with a rate of {run['rate']:g} was at its best, {lowest['frechet_ratio']:.2f}, at "
        f"minute {minutes_of(outcome, lowest):.1f}"
    )
    if run["diverged"]:
        return f"{came}, and diverged later ({run['diverged']})."
    if run["iterations"] < run["planned"]:
        return f"{came}, and was cut short at {run['iterations'] / run['planned']:.0%} of its time."
    return f"{came}, and ended at {run['curve'][-1]['frechet_ratio']:.2f}."


def _networks(data: dict[str, Any]) -> str:
    rows = ["| | " + " | ".join(TITLES.get(name, name) for name in data) + " |"]
    rows.append("|---" * (1 + len(data)) + "|")
    recipes = [each["recipe"] for each in data.values()]
    described: dict[str, Callable[[dict[str, Any]], str]] = {
        "generator": lambda recipe: _arguments(recipe["generator"], "network"),
        "discriminator": lambda recipe: _arguments(recipe["discriminator"], "network"),
        "model": lambda recipe: _arguments(recipe["model"]),
        "augmentation of the images": lambda recipe: (
            _arguments(recipe["data"].get("augmentation", {})) or "none"
        ),
        "batch": lambda recipe: str(recipe["training"]["batch_size"]),
        "optimizer": lambda recipe: _arguments(recipe["training"]["optimizer"], "optimizer"),
    }
    for title, describe in described.items():
        rows.append(f"| {title} | " + " | ".join(map(describe, recipes)) + " |")
    return "\n".join(rows)


def _arguments(table: dict[str, Any], named: str | None = None) -> str:
    first = [f"`{table[named]}`"] if named else []
    others = [_shown(key, value) for key, value in table.items() if key != named]
    return ", ".join(first + others)


def _shown(key: str, value: Any) -> str:
    if value is True:
        return f"`{key}`"
    listed = " and ".join(map(str, value)) if isinstance(value, list) else value
    return f"`{key}` {listed}"


def _own(data: dict[str, Any]) -> str:
    own = {
        name: outcome["own"]
        for each in data.values()
        for name, outcome in each["objectives"].items()
    }
    return "\n".join(f"- `{name}`: {_arguments(table)}" for name, table in own.items())


def _measures(data: dict[str, Any]) -> str:
    sentences = []
    for name, each in data.items():
        reference = each["reference"]
        sentences.append(
            f"{TITLES.get(name, name)}: {reference['count']:,} pictures are compared with "
            f"{reference['count']:,} of {reference['real_images']:,} real images by the features "
            f"of `{reference['features']}` at {reference['feature_image_size']} pixels; the "
            f"floor, {reference['floor']['frechet_distance']:.4g}, is the same distance with as "
            "many other real images in place of the pictures."
        )
    sentences.append("These are no published FIDs, which are of another network and more images.")
    return " ".join(sentences)


def _rates(data: dict[str, Any]) -> str:
    sentences = []
    for name, each in data.items():
        protocol = each["protocol"]
        others = protocol["seeds"] - 1
        further = f", and {others} more with other seeds followed" if others else ""
        sentences.append(
            f"{TITLES.get(name, name)}: {_listed([f'{rate:g}' for rate in protocol['rates']])} for "
            f"{protocol['search_minutes']:g} minutes, and the best for {protocol['minutes']:g} "
            f"minutes{further}."
        )
    return " ".join(sentences)


def _command(name: str, protocol: dict[str, Any]) -> str:
    rates = " ".join(f"{rate:g}" for rate in protocol["rates"])
    return (
        f"python scripts/objectives.py --data {name}=PATH --out FOLDER "
        f"--minutes {protocol['minutes']:g} --search-minutes {protocol['search_minutes']:g} "
        f"--points {protocol['points']} --seeds {protocol['seeds']} --rates {rates}"
    )


def _machines(data: dict[str, Any]) -> str:
    named: dict[str, list[str]] = {}
    for name, each in data.items():
        if each["machine"] is not None:
            named.setdefault(_machine(each["machine"]), []).append(TITLES.get(name, name))
    if not named:
        return ""
    sentences = [
        f"{machine}." if len(named) == 1 else f"{_listed(titles)}: {machine}."
        for machine, titles in named.items()
    ]
    return f"**Machine.** {' '.join(sentences)}\n"


def _machine(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"{machine['cores']} cores of {machine['processor']}, in {machine['precision']}; {versions}"
    )


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
