"""What the machine has: `footnote doctor`, `models`, `weights` and `pull`."""

from dataclasses import asdict
from typing import Annotated

import typer

from app.commands.files import print_json
from app.commands.options import Home, Json, Model
from app.settings import load_settings


def doctor(home: Home = None, model: Model = None, json_: Json = False) -> None:
    """Check models, catalogue and index, and say what to do about what is wrong."""
    from app.commands.terminal import show_findings
    from app.doctor import examine

    findings = examine(load_settings(home=home, model=model))
    print_json([vars(finding) for finding in findings]) if json_ else show_findings(findings)
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


def weights(model: Model = None) -> None:
    """Fetch the model files that the settings ask for, verified by SHA-256."""
    from app.commands.terminal import weights_bar
    from app.models.choosing import choose, embedded_weights
    from app.opening import open_embedder

    settings = load_settings(model=model)
    bar = weights_bar()
    typer.echo(f"Embedding model: {open_embedder(settings, bar).folder}")
    choice = choose(settings)
    if choice.kind == "embedded":
        typer.echo(f"Language model: {embedded_weights(choice, bar)}")
    else:
        typer.echo(f"Language model: {choice.name}. {choice.why}")


def models(home: Home = None, json_: Json = False) -> None:
    """List the models at hand: built in, in Ollama, behind a server; which answers, and why."""
    from app.commands.terminal import show_models
    from app.models.at_hand import everywhere
    from app.models.chosen import settled
    from app.opening import profile_for

    settings, now = settled(load_settings(home=home))
    providers = everywhere(settings, now)
    profiles = {
        each.wish: profile_for(each, settings)
        for provider in providers
        for each in provider.models
        if each.kind != "none"
    }
    if not json_:
        show_models(providers, profiles, now)
        return
    listed = [
        {
            "place": provider.name,
            **asdict(each),
            "answers": each.wish == now.wish,
            "why": now.why if each.wish == now.wish else "",
            "profile": profiles[each.wish][0].name if each.wish in profiles else "",
            "profile_why": profiles[each.wish][1] if each.wish in profiles else "",
        }
        for provider in providers
        for each in provider.models
    ]
    problems = {provider.name: provider.problem for provider in providers if provider.problem}
    print_json({"models": listed, "problems": problems})


def pull(name: Annotated[str, typer.Argument(help="As Ollama calls it: qwen2.5:3b.")]) -> None:
    """Have Ollama fetch a model. After Ctrl-C, the next run goes on from there."""
    from app.commands.terminal import weights_bar
    from app.models import ollama

    url = ollama.address_of(load_settings().ollama_url)
    bar, last = weights_bar(), ""
    for far in ollama.pull(url, name):
        if far.total:
            bar(name, far.done, far.total)
        if far.status != last and not far.status.startswith("pulling "):
            typer.echo(far.status, err=True)
        last = far.status
    typer.echo(f"{name} is ready. Use it with --model ollama:{name}.")
