"""The JSON API and the pages that show it."""

import time
from collections.abc import Callable
from typing import Annotated

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from onrecord.store.adapters.item_reader import ItemReader
from onrecord.store.adapters.reader import Reader
from onrecord.store.api import articles, items, operations, statements, stream
from onrecord.store.api.access import Token
from onrecord.store.api.guard import Guard
from onrecord.store.api.limits import RateLimit
from onrecord.store.api.live import Live
from onrecord.store.api.operations import AsksLag
from onrecord.store.api.pages import serve_pages
from onrecord.store.api.trace_links import check_trace_url
from onrecord.store.domain.answers import Problem


class ApiSettings(BaseModel):
    """Safe as they stand. Requests are counted per token, else per address."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    tokens: tuple[Token, ...] = ()
    requests_per_s: float = Field(default=10.0, gt=0)
    burst: int = Field(default=100, ge=1)
    page_size: int = Field(default=50, ge=1)
    max_page_size: int = Field(default=200, ge=1)
    stream_poll_s: float = Field(default=0.5, gt=0)
    max_listeners: int = Field(default=100, ge=1)
    trace_url: Annotated[str, AfterValidator(check_trace_url)] | None = None


def create_api(
    reader: Reader,
    items_reader: ItemReader,
    settings: ApiSettings,
    *,
    lag: AsksLag | None = None,
    clock_s: Callable[[], float] = time.monotonic,
) -> FastAPI:
    """`lag` is what `/v1/lag` asks: adapters/lag.py has one; None where the broker can not tell.

    `app.state.live.close()` ends the open streams; call it before the server is asked to stop.
    """
    app = FastAPI(
        title="onrecord", version="1", docs_url=None, redoc_url=None, responses={400: {"model": Problem}, 401: {"model": Problem}}
    )
    live = Live(reader, poll_s=settings.stream_poll_s, max_listeners=settings.max_listeners)
    app.state.live = live
    app.include_router(statements.router(reader, settings.page_size, settings.max_page_size))
    app.include_router(articles.router(reader, settings.page_size, settings.max_page_size))
    app.include_router(items.router(items_reader))
    app.include_router(operations.router(items_reader, lag, settings.trace_url, settings.page_size, settings.max_page_size))
    app.include_router(stream.router(live))
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    rate_limit = RateLimit(settings.requests_per_s, settings.burst, clock_s)
    app.add_middleware(Guard, tokens=settings.tokens, rate_limit=rate_limit)
    serve_pages(app)
    return app


def _http_problem(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else "see the log"
    names = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 503: "unavailable"}
    return JSONResponse({"error": names.get(status, "error"), "detail": detail}, status_code=status)


def _invalid(_: Request, error: Exception) -> Response:
    """Names the parameter and what it needs, never the value."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    detail = "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in found)
    return JSONResponse({"error": "bad_request", "detail": detail}, status_code=400)
