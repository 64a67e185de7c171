"""`kerasgan wikiart`."""

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Collect paintings of WikiArt."""


@command.command()
@click.option("--genre", "genres", multiple=True, metavar="SLUG", help="Or all. Repeatable.")
@click.option("--style", "styles", multiple=True, metavar="SLUG", help="Or all. Repeatable.")
@click.option(
    "--artist", "artists", multiple=True, metavar="NAME", help="Name or slug. Repeatable."
)
@click.option("--list", "is_list", is_flag=True, help="Show the genres and styles.")
@click.option(
    "--with-artists",
    is_flag=True,
    help="Where the site cuts a genre or style short (at about 3,600 paintings), also take all "
    "paintings of its artists.",
)
@click.option("--limit", type=int, help="Stop at so many paintings.")
@click.option(
    "--out", default="wikiart", show_default=True, type=click.Path(path_type=Path), help="Folder."
)
@click.option(
    "--max-size", type=int, help="Longest side of a stored image in pixels; larger are scaled."
)
@click.option("--delay", default=1.0, show_default=True, help="Seconds between requests.")
@click.option("--timeout", default=60.0, show_default=True, help="Seconds to wait for an answer.")
@click.option("--contact", help="Your e-mail or web address, for the site's keepers.")
@click.option("--base-url", help="A mirror or test server instead of WikiArt.")
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
    """Fetch paintings with their genres and styles into images/ and metadata.jsonl.

    The same command goes on where a scrape stopped, and never fetches an image twice. Many works on
    WikiArt are in copyright: mind its terms and the law where you are.
    """
    if is_list:
        from kerasgan.wikiart.slugs import GENRES, STYLES

        click.echo("\n  ".join(("Genres:", *GENRES)))
        click.echo("\n  ".join(("Styles:", *STYLES)))
        return
    from kerasgan.wikiart.scrape import scrape as scrape_paintings
    from kerasgan.wikiart.site import WIKIART

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
        click.echo(f"Stopped: {report.stopped}. The same command goes on from here.")
        raise click.exceptions.Exit(130 if report.stopped == "interrupted" else 1)
    if not report.is_complete:
        click.echo("Not all pages could be read. The same command tries again.")
        raise click.exceptions.Exit(1)
