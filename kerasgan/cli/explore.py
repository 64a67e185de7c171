"""`kerasgan explore`."""

import shlex
import webbrowser
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from kerasgan.cli.parameter_types import FileName, ModelName, WholeNumber
from kerasgan.cli.sample_output import is_given
from kerasgan.files.new_folder import means_folder

if TYPE_CHECKING:
    from kerasgan.export.explorer.page_model import PageModel

# Browsers keep favourites for an address, so it is the same each time.
_PORT = 8417


@click.command()
@click.argument("models", nargs=-1, type=ModelName(), metavar="[MODEL]...")
@click.option(
    "--out",
    type=FileName(),
    help="Write the page instead of serving it: a .html file that needs no other and no network, "
    "or a folder, for any web server.",
)
@click.option(
    "--port",
    default=_PORT,
    show_default=True,
    type=WholeNumber(0, 65_535),
    help="The port on this machine to serve the page at; 0 takes a free one.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the page in a browser.")
@click.option("--force", is_flag=True, help="Replace the .html file, even if it is another page.")
@click.pass_context
def command(
    context: click.Context,
    models: tuple[str, ...],
    out: Path | None,
    port: int,
    no_browser: bool,
    force: bool,
) -> None:
    """Explore MODELs interactively in the browser.

    Each MODEL is the name of a model in the zoo, the folder of a zoo entry, a run folder, or
    hf://USER/NAME for a zoo entry on the Hugging Face Hub, or a folder that kerasgan export
    --format litert wrote; without any, the page has all of the zoo that needs no conversion.
    It shows random pictures, moves through the latents, keeps favourites and saves what it draws.
    The browser itself computes, so nothing leaves the machine.
    """
    _check_options(context, out)
    if out is not None:
        click.echo(_write(models, out, force=force))
        return
    from kerasgan.export.explorer.page import site_files
    from kerasgan.export.explorer.server import PageServer

    # A port in use is reported before models are read.
    with PageServer({}, port=port) as server:
        server.files = site_files(_page_models(models))
        click.echo(f"{server.url} (Ctrl-C stops it)")
        if not no_browser:
            # A browser of the terminal is waited for, and would itself wait for the page.
            Thread(target=webbrowser.open, args=[server.url], daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


def _check_options(context: click.Context, out: Path | None) -> None:
    """Refuses options that what is requested has no use for."""
    if out is None:
        if is_given(context, "force"):
            raise click.UsageError("--force replaces a .html file; give one as --out")
        return
    for name in ("port", "no_browser"):
        if is_given(context, name):
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} is for serving the page; leave out --{option}")
    if means_folder(out) and is_given(context, "force"):
        raise click.UsageError(
            f"--force replaces a .html file, and {out} is a folder, of which a page of kerasgan "
            "alone is replaced; leave out --force"
        )


def _write(models: tuple[str, ...], out: Path, *, force: bool) -> Path:
    from kerasgan.errors import UserError
    from kerasgan.export.explorer.page import check_page, check_site, write_page, write_site

    # What cannot be written is told before models are read.
    if means_folder(out):
        check_site(out)
        return write_site(_page_models(models), out)
    if out.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{out}: a page is a .html file, or a folder; choose such a name")
    check_page(out, force=force)
    return write_page(_page_models(models), out, force=force)


def _page_models(models: tuple[str, ...]) -> "list[PageModel]":
    from kerasgan.cli.quiet import import_tensorflow_quietly
    from kerasgan.zoo.page_models import (
        check_model,
        litert_folder,
        names_without_litert,
        page_model,
        shipped_page_models,
    )

    if not models:
        if left_out := names_without_litert():
            click.echo(
                f"Left out, because the conversion takes about a minute: {', '.join(left_out)}. "
                f"To explore these: kerasgan explore {shlex.join(left_out)}",
                err=True,
            )
        return shipped_page_models()
    models = tuple(dict.fromkeys(models))
    for model in models:
        check_model(model)
    found = []
    for model in models:
        if litert_folder(model) is None:
            # TensorFlow starts for some seconds, so this is said first.
            click.echo(f"Converting {model}, which takes about a minute …", err=True)
            import_tensorflow_quietly()
        found.append(page_model(model))
    return found
