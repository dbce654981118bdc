"""A page or a plain text, read as the extractor would, without the pipeline around it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from onrecord.contracts import Selector, TextField, When
from onrecord.extractor.adapters.extract import extract_page
from onrecord.extractor.adapters.text import MAX_TEXT_CHARS
from onrecord.extractor.domain.clean import clean_line, clean_text
from onrecord.extractor.domain.errors import NoText, NotHtml
from onrecord.extractor.domain.language import language_of
from onrecord.extractor.domain.page import ExtractedPage
from onrecord.extractor.domain.sniff import SNIFF_BYTES
from onrecord.extractor.handlers import day_of
from onrecord.extractor.jobs import find_statements
from onrecord.statements import Extracted, Span

NO_DOMAIN = "unknown.invalid"  # RFC 6761 keeps .invalid free, so no outlet is ever named by it
NO_ADDRESS = f"https://{NO_DOMAIN}/news/page.html"
MAX_HEADLINE_CHARS = 200
_TAG = re.compile(rb"<(?:!doctype\s|html|head|body|article|main|meta|title|div|p|h1)[\s>]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;,”\"]$")


@dataclass(frozen=True, slots=True)
class Source:
    """`url` is the final address; None for a file that was not told where it comes from."""

    body: bytes
    url: str | None = None
    content_type: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What the statements' offsets point into, and what is known of it. `supported`: the engine knows the language."""

    text: str
    language: str
    statements: list[Extracted]
    supported: bool
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    domain: str | None = None
    authors: tuple[str, ...] = ()
    published_at: When | None = None
    kind: str | None = None
    partial: str | None = None

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    def selector(self, span: Span) -> Selector:
        return Selector.of(
            (self.title or "") if span.field == "title" else self.text, span.start, span.end, TextField(span.field)
        )


def read(source: Source, *, now: datetime, title: str | None = None, language: str | None = None) -> Story:
    """`title` and `language` win over what is found. Raises PageError (onrecord.extractor.domain.errors)."""
    if is_html(source):
        return _page(source, now, title, language)
    return _plain_text(source, title, language)


def is_html(source: Source) -> bool:
    """By what stands at its start: servers and file names mislabel."""
    return _TAG.search(source.body[: 4 * SNIFF_BYTES]) is not None


def _page(source: Source, now: datetime, title: str | None, language: str | None) -> Story:
    found = _extract(source, source.url or NO_ADDRESS, now)
    url = source.url
    if url is None and found.canonical_url:
        url = found.canonical_url
        found = _extract(source, url, now)
    headline = clean_line(title, MAX_HEADLINE_CHARS) if title else found.title
    tag = language or found.language
    statements, supported = find_statements(
        "rules", found.text, language=tag, title=headline, published_at=day_of(found.published_at)
    )
    outlet, domain = (name if name != NO_DOMAIN else None for name in (found.publisher.name, found.publisher.domain))
    return Story(
        text=found.text,
        language=tag,
        statements=statements,
        supported=supported,
        title=headline,
        url=url,
        outlet=outlet,
        domain=domain,
        authors=found.authors,
        published_at=found.published_at,
        kind=found.kind.value,
        partial=found.partial.value if found.partial else None,
    )


def _extract(source: Source, url: str, now: datetime) -> ExtractedPage:
    return extract_page(source.body, url=url, http_charset=source.charset, content_type=source.content_type, feed=None, now=now)


def _plain_text(source: Source, title: str | None, language: str | None) -> Story:
    raw = _decoded(source.body)
    headline, rest = (title, raw) if title else _headline(raw)
    text = clean_text(rest, MAX_TEXT_CHARS)
    if not text:
        raise NoText
    name = clean_line(headline, MAX_HEADLINE_CHARS) or None
    tag = language or language_of(text, html_lang=None, feed_language=None)
    statements, supported = find_statements("rules", text, language=tag, title=name or "", published_at=None)
    return Story(text=text, language=tag, statements=statements, supported=supported, title=name, url=source.url)


def _decoded(body: bytes) -> str:
    if b"\0" in body[:SNIFF_BYTES] and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotHtml("not_text")
    for codec in ("utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            return body.decode(codec)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace")


def _headline(raw: str) -> tuple[str | None, str]:
    """A first line that stands alone and is no sentence."""
    first, _, rest = raw.lstrip().partition("\n")
    alone = rest.startswith(("\n", "\r\n")) and rest.strip()
    if alone and len(first.strip()) <= MAX_HEADLINE_CHARS and not _SENTENCE_END.search(first.strip()):
        return first.strip(), rest
    return None, raw
