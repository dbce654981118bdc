"""What the worker processes run: top-level functions, picklable in and out."""

from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Literal

from onrecord.contracts import compress_body, decompress_body
from onrecord.extractor.adapters.extract import extract_page
from onrecord.extractor.domain.errors import NotHtml, PageError
from onrecord.extractor.domain.page import ExtractedPage, FeedHints
from onrecord.statements import SUPPORTED_LANGUAGES, Engine, Extracted

EngineKind = Literal["rules", "model"]


@cache
def engine(kind: EngineKind) -> Engine:
    """Loaded once a process."""
    return Engine(kind=kind)


WARM_UP_PAGE = compress_body(b"<!doctype html><html><body><article><h1>A page to begin with</h1>" + b"<p>Some words.</p>" * 40)


def warm_parser() -> None:
    """A worker's first page also loads the extraction library and the language profiles."""
    with suppress(PageError):
        read_page(
            WARM_UP_PAGE,
            url="https://onrecord.org/",
            http_charset=None,
            content_type="text/html",
            feed=FeedHints(),
            now=datetime.now(UTC),
        )


def read_page(
    body: bytes, *, url: str, http_charset: str | None, content_type: str | None, feed: FeedHints, now: datetime
) -> ExtractedPage:
    """`body` as on the wire, zstd. Raises PageError."""
    try:
        html = decompress_body(body)
    except ValueError as error:
        raise NotHtml(str(error)) from error
    return extract_page(html, url=url, http_charset=http_charset, content_type=content_type, feed=feed, now=now)


def find_statements(
    kind: EngineKind, text: str, *, language: str, title: str, published_at: datetime | None
) -> tuple[list[Extracted], bool]:
    """The statements, and whether the engine knows the language."""
    supported = language.split("-")[0] in SUPPORTED_LANGUAGES
    return engine(kind).extract(text, language=language, title=title, published_at=published_at), supported
