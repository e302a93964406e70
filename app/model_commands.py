"""`footnote models` and `footnote pull`: which models are at hand, and having Ollama fetch one."""

from dataclasses import asdict
from pathlib import Path
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


def models(
    home: Annotated[Path | None, typer.Option(help="Holds what was chosen and measured.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """List the models at hand: built in, in Ollama, behind a server; which answers, and why."""
    from app.batches import print_json
    from app.models.at_hand import everywhere
    from app.models.chosen import settled
    from app.opening import profile_for
    from app.terminal import show_models

    settings, now = settled(load_settings(home=home))
    places = everywhere(settings, now)
    profiles = {
        each.wish: profile_for(each, settings)
        for place in places
        for each in place.models
        if each.kind != "none"
    }
    if not json_:
        show_models(places, profiles, now)
        return
    listed = [
        {
            "place": place.name,
            **asdict(each),
            "answers": each.wish == now.wish,
            "why": now.why if each.wish == now.wish else "",
            "profile": profiles[each.wish][0].name if each.wish in profiles else "",
            "profile_why": profiles[each.wish][1] if each.wish in profiles else "",
        }
        for place in places
        for each in place.models
    ]
    problems = {place.name: place.problem for place in places if place.problem}
    print_json({"models": listed, "problems": problems})
