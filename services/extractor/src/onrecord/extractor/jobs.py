"""What the worker processes run: top-level functions, picklable in and out."""

from datetime import datetime
from functools import cache
from typing import Literal

from onrecord.contracts import decompress_body
from onrecord.extractor.adapters.extract import extract_page
from onrecord.extractor.domain.errors import NotHtml
from onrecord.extractor.domain.page import ExtractedPage, FeedHints
from onrecord.statements import SUPPORTED_LANGUAGES, Engine, Extracted

EngineKind = Literal["rules", "model"]


@cache
def engine(kind: EngineKind) -> Engine:
    """Loaded once a process."""
    return Engine(kind=kind)


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
