"""``standoff explore``: a scenario in the browser."""

from __future__ import annotations

import click

from sim.cli.arguments import complete_scenario

__all__ = ["command"]


@click.command("explore", short_help="Open a scenario in the browser: sliders, map, reasons.")
@click.argument("file", required=False, shell_complete=complete_scenario)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8321, show_default=True, help="0: any that is free."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Another address needs --token.")
@click.option("--token", is_flag=True, help="Only who has the link that is printed can ask.")
def command(file: str | None, port: int, host: str, token: bool) -> None:
    """Serve the explorer on this machine until Ctrl-C; FILE is a scenario file or a name, standoff_2021 if left out."""
    from sim.scenario.library import find, shipped

    try:
        from sim.web.app import Shelf, application
        from sim.web.guard import own_names
        from sim.web.server import address_of, bound, new_token, serve
    except ModuleNotFoundError as error:
        if error.name not in {"starlette", "uvicorn"}:
            raise
        raise ValueError("the explorer needs the extra web: pip install 'standoff[web]'") from None

    files = {path.stem: path for path in shipped()}
    first = "standoff_2021" if "standoff_2021" in files else next(iter(files), "")
    if file is not None:
        path = find(file)
        files[path.stem] = path
        first = path.stem
    shelf = Shelf(files)
    shelf[first]  # what is wrong with the file is told here, not on the page
    address = address_of(host, token=token)
    word = new_token() if token else ""
    with bound(address, port) as listening:
        port = listening.getsockname()[1]
        written = f"[{address}]" if ":" in address else address
        key = f"&token={word}" if word else ""
        click.echo(f"http://{written}:{port}/#scenario={first}{key}")
        click.echo("Open this in a browser; Ctrl-C stops.", err=True)
        shelf.warm(first)
        serve(application(shelf, first, own_names(address, port), word), listening)
