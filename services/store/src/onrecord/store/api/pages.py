"""The pages for people: every file of the console's folder under its own name."""

from importlib.resources import files
from pathlib import PurePath

from fastapi import FastAPI, Response

FIRST_PAGE = "index.html"
MEDIA_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def serve_pages(app: FastAPI) -> None:
    for file in (files("onrecord.store") / "console").iterdir():
        path = "/" if file.name == FIRST_PAGE else f"/{file.name}"
        _serve(app, path, file.read_bytes(), MEDIA_TYPES[PurePath(file.name).suffix])


def _serve(app: FastAPI, path: str, body: bytes, media_type: str) -> None:
    async def page() -> Response:
        return Response(body, media_type=f"{media_type}; charset=utf-8")

    app.add_api_route(path, page, include_in_schema=False)
