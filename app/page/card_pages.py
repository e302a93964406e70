"""The model card and the data sheet, as pages without scripts and as files to keep."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.cards import Card, data_sheet, model_card, to_markdown
from app.page.reader import POLICY
from app.page.visitors import Visitors
from app.speakers import Speakers
from app.templating import template

MODEL, DOCUMENTS = "/about/model", "/about/documents"


def card_routes(speakers: Speakers, visitors: Visitors) -> APIRouter:
    """What a visitor's model is, and what the documents are."""
    routes = APIRouter()

    @routes.get(MODEL)
    def model(request: Request) -> Response:
        choice = speakers.engine_of(visitors.owner(request.cookies, "")).model_choice
        card = model_card(choice, speakers.settings)
        return _sent(request, card, "model-card.md", (DOCUMENTS, "The documents"))

    @routes.get(DOCUMENTS)
    def documents(request: Request) -> Response:
        card = data_sheet(speakers.engine.retriever.index.catalogue)
        return _sent(request, card, "data-sheet.md", (MODEL, "The model"))

    return routes


def _sent(request: Request, card: Card, file: str, other: tuple[str, str]) -> Response:
    if request.query_params.get("as") == "md":
        saved = {"Content-Disposition": f'attachment; filename="{file}"'}
        return Response(to_markdown(card), media_type="text/markdown", headers=saved)
    save = f"{request.url.path}?as=md"
    markup = template("app.page", "card.html").render(card=card, save=save, other=other)
    return HTMLResponse(markup, headers={"Content-Security-Policy": POLICY})
