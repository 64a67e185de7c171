"""`kerasgan wikiart`."""

from pathlib import Path

import click

from kerasgan.cli.parameter_types import FileName, RealNumber, WholeNumber
from kerasgan.cli.quiet import import_tensorflow_quietly
from kerasgan.errors import UserError


@click.group()
def command() -> None:
    """Collect and prepare paintings of WikiArt."""


@command.command()
@click.option(
    "--genre",
    "genres",
    multiple=True,
    metavar="SLUG",
    help="A genre, or all of them with all. Repeatable.",
)
@click.option(
    "--style",
    "styles",
    multiple=True,
    metavar="SLUG",
    help="A style, or all of them with all. Repeatable.",
)
@click.option(
    "--artist",
    "artists",
    multiple=True,
    metavar="NAME",
    help="An artist's name or slug. Repeatable.",
)
@click.option("--list", "is_list", is_flag=True, help="Show the genres and styles, and exit.")
@click.option(
    "--with-artists",
    is_flag=True,
    help="If the site does not list a genre or style completely (it lists about 3,600 paintings), "
    "also take all paintings of the artists in it.",
)
@click.option("--limit", type=WholeNumber(), help="Stop at this number of paintings.")
@click.option(
    "--out", default="wikiart", show_default=True, type=FileName(), help="Folder to write into."
)
@click.option(
    "--max-size",
    type=WholeNumber(),
    help="Longest side of a stored image in pixels; larger images are scaled down.",
)
@click.option(
    "--delay", default=1.0, show_default=True, type=RealNumber(), help="Seconds between requests."
)
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=RealNumber(),
    help="Seconds to wait for an answer.",
)
@click.option("--contact", help="Your e-mail or web address, for the site's operators.")
@click.option("--base-url", help="Address of a mirror or test server to use instead of WikiArt.")
def scrape(
    genres: tuple[str, ...],
    styles: tuple[str, ...],
    artists: tuple[str, ...],
    is_list: bool,
    with_artists: bool,
    limit: int | None,
    out: Path,
    max_size: int | None,
    delay: float,
    timeout: float,
    contact: str | None,
    base_url: str | None,
) -> None:
    """Fetch paintings, their genres and their styles from WikiArt.

    They are written to OUT/images/ and OUT/metadata.jsonl.
    If a scrape was stopped, run the same command again to resume; no image is fetched twice. Many
    works on WikiArt are in copyright: mind its terms and the law where you are. This command needs
    pip install 'kerasgan[wikiart]'.
    """
    if is_list:
        from kerasgan.wikiart.scraper.site import GENRES, STYLES

        click.echo("\n  ".join(("Genres:", *GENRES)))
        click.echo("\n  ".join(("Styles:", *STYLES)))
        return
    if not (genres or styles or artists):
        raise UserError(
            "Say what to scrape: --genre, --style or --artist, each repeatable; "
            "--list shows the genres and styles"
        )
    from kerasgan.wikiart.scraper.scrape import scrape as scrape_paintings
    from kerasgan.wikiart.scraper.site import WIKIART

    report = scrape_paintings(
        out,
        genres=genres,
        styles=styles,
        artists=artists,
        with_artists=with_artists,
        limit=limit,
        max_size=max_size,
        delay=delay,
        timeout=timeout,
        contact=contact,
        base_url=base_url or WIKIART,
        progress=True,
    )
    click.echo(report.text(), nl=False)
    if report.stopped is not None:
        click.echo(f"Stopped: {report.stopped}. Run the same command again to resume.")
        raise click.exceptions.Exit(130 if report.stopped == "interrupted" else 1)
    if not report.is_complete:
        click.echo("Not all pages could be read. Run the same command again to retry.")
        raise click.exceptions.Exit(1)


@command.command()
@click.argument("source", type=FileName())
@click.argument("out", type=FileName())
@click.option(
    "--size",
    default=64,
    show_default=True,
    type=WholeNumber(),
    help="Side of the images in pixels.",
)
@click.option(
    "--fit",
    default="squash",
    show_default=True,
    help="How images become square: crop, pad or squash.",
)
@click.option(
    "--genres", metavar="A,B=C", help="Keep only these genres, here A, and B under the name C."
)
@click.option(
    "--styles", metavar="A,B=C", help="Keep only these styles, here A, and B under the name C."
)
@click.option(
    "--min-per-class",
    default=0,
    type=WholeNumber(),
    help="Leave out genres and styles with fewer paintings.",
)
@click.option(
    "--test-fraction",
    default=0.05,
    show_default=True,
    type=RealNumber(),
    help="Fraction of the paintings for testing; 0 for no test split.",
)
@click.option(
    "--dedupe",
    default="none",
    show_default=True,
    help="exact leaves out copies of a file, perceptual also other reproductions of a painting.",
)
@click.option(
    "--workers",
    type=WholeNumber(1, 1024),
    help="Number of processes that decode.  [default: one per processor]",
)
@click.option(
    "--beam", metavar="OPTIONS", help="Use Apache Beam with options such as runner=DirectRunner."
)
def prepare(
    source: Path,
    out: Path,
    size: int,
    fit: str,
    genres: str | None,
    styles: str | None,
    min_per_class: int,
    test_fraction: float,
    dedupe: str,
    workers: int | None,
    beam: str | None,
) -> None:
    """Make a data set for training from the paintings of SOURCE.

    It is the folder OUT, which TensorFlow Datasets and --data read.
    SOURCE is a scraped folder, another folder with a metadata.jsonl or metadata.csv beside its
    images, the WikiArt Dataset of ArtGAN, or a zip of one of these. If the command was interrupted,
    run it again to resume.
    """
    import_tensorflow_quietly()
    from kerasgan.wikiart.preparer.decoding import pipeline_options
    from kerasgan.wikiart.preparer.prepare import prepare

    try:
        preparation = prepare(
            source,
            out,
            size=size,
            fit=fit,
            genres=None if genres is None else genres.split(","),
            styles=None if styles is None else styles.split(","),
            min_per_class=min_per_class,
            test_fraction=test_fraction,
            dedupe=dedupe,
            workers=workers,
            beam_options=None if beam is None else pipeline_options(beam),
            progress=True,
        )
    except KeyboardInterrupt:
        click.echo("Stopped. Run the same command again to resume.", err=True)
        raise click.exceptions.Exit(130) from None
    written = ", ".join(f"{count:,} {name}" for name, count in preparation.written.items())
    click.echo(f"Wrote {sum(preparation.written.values()):,} paintings to {out} ({written})")
    for cause, count in preparation.causes.items():
        click.echo(f"skipped {count:,}: {cause}")


@command.command()
@click.argument("data_set", metavar="DATASET", type=FileName())
@click.option(
    "--sheets",
    type=FileName(),
    help="Folder of the contact sheets.  [default: DATASET_contact_sheets]",
)
@click.option("--force", is_flag=True, help="Replace sheets even if kerasgan did not write them.")
def stats(data_set: Path, sheets: Path | None, force: bool) -> None:
    """Count the paintings of each genre and style in DATASET.

    DATASET is a folder that `kerasgan wikiart prepare` wrote. A contact sheet of each class is also
    drawn.
    """
    import_tensorflow_quietly()
    from kerasgan.wikiart.preparer.stats import collect_stats, save_contact_sheets

    found = collect_stats(data_set)
    # Beside the data set, whose folder has nothing but what `prepare` wrote.
    named = data_set if data_set.name not in ("", "..") else data_set.resolve()
    sheets = sheets or named.with_name(f"{named.name}_contact_sheets")
    drawn = save_contact_sheets(found, sheets, force=force)
    click.echo(found.text())
    click.echo(f"{len(drawn)} contact sheets in {sheets}")
