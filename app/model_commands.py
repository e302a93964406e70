"""`footnote pull`: having Ollama fetch a model."""

from typing import Annotated

import typer

from app.settings import load_settings


def pull(name: Annotated[str, typer.Argument(help="As Ollama calls it: qwen2.5:3b.")]) -> None:
    """Have Ollama fetch a model; stopped with Ctrl-C, the next run goes on from there."""
    from app.models import ollama
    from app.terminal import weights_bar

    url = ollama.address_of(load_settings().ollama_url)
    bar, last = weights_bar(), ""
    for far in ollama.pull(url, name):
        if far.total:
            bar(name, far.done, far.total)
        if far.status != last and not far.status.startswith("pulling "):
            typer.echo(far.status, err=True)
        last = far.status
    typer.echo(f"{name} is there. Ask it with --model ollama:{name}.")
