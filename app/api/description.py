"""The API's description: as OpenAPI, and as a page that runs no scripts."""

import json
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse

from app.api.services import base_of
from app.templating import template

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"


def description_routes(app: FastAPI) -> APIRouter:
    """The route of the page, which is made from the same description as /openapi.json."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs", response_class=HTMLResponse)
    def docs(request: Request) -> HTMLResponse:
        page = template("app.api", "docs.html").render(
            base=f"{base_of(request)}/api/v1",
            info=app.openapi()["info"],
            calls=calls(app.openapi()),
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})

    return router


def calls(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what can be called: method, path, what it does, an example of a body."""
    schemas = description["components"]["schemas"]
    return [
        {
            "method": method.upper(),
            "path": path,
            "text": call.get("description", ""),
            "parameters": [each["name"] for each in call.get("parameters", [])],
            "query": _query(call),
            "body": _body(call, schemas),
            "is_file": "application/octet-stream" in _content(call),
        }
        for path, methods in description["paths"].items()
        for method, call in methods.items()
    ]


def _query(call: dict[str, Any]) -> str:
    """The parameters that an address must have behind its "?", with examples."""
    wanted = (each for each in call.get("parameters", []) if each["in"] == "query")
    return urlencode({
        each["name"]: each["schema"]["examples"][0] for each in wanted if each["required"]
    })  # fmt: skip


def _content(call: dict[str, Any]) -> dict[str, Any]:
    return dict(call.get("requestBody", {}).get("content", {}))


def _body(call: dict[str, Any], schemas: dict[str, Any]) -> str:
    content = _content(call).get("application/json")
    if content is None:
        return ""
    schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
    shown = {
        name: each["examples"][0] if each.get("examples") else each.get("default", True)
        for name, each in schema["properties"].items()
        if each.get("examples") or name in schema.get("required", [])
    }
    return json.dumps(shown, ensure_ascii=False)
