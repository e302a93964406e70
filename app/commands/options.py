"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[Path | None, typer.Option(help="Holds catalogue, index and journal.")]
Model = Annotated[str | None, typer.Option(help="The language model; see the setting `model`.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
In = Annotated[
    list[str] | None, typer.Option("--in", help="Ask this collection alone; may be repeated.")
]
Named = Annotated[
    list[str] | None, typer.Option("--document", help="Ask this document alone; may be repeated.")
]
Batch = Annotated[
    Path | None,
    typer.Option(help="Read one JSON object a line, print one a line in the same order."),
]
