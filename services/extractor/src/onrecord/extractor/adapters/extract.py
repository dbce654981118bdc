"""One page in, one article out. Runs in a worker process: no I/O, `now` passed in, everything picklable."""

from datetime import datetime
from urllib.parse import urlsplit

from htmldate import find_date
from lxml import html
from trafilatura.metadata import extract_author

from onrecord.contracts import When
from onrecord.extractor.adapters.head import read_head
from onrecord.extractor.adapters.html import MAX_TRAFILATURA_ELEMENTS, main_text, parse, second_text
from onrecord.extractor.domain.authors import authors_of
from onrecord.extractor.domain.charset import decode_html
from onrecord.extractor.domain.clean import clean_text
from onrecord.extractor.domain.dates import EARLIEST, modified_of, parse_when, published_of
from onrecord.extractor.domain.errors import NoText, NotArticle, NotHtml
from onrecord.extractor.domain.facts import Head, Structured
from onrecord.extractor.domain.jsonld import read_json_ld
from onrecord.extractor.domain.kind import canonical_of, is_listing, kind_of, partial_of, publisher_of, rights_of
from onrecord.extractor.domain.language import language_of
from onrecord.extractor.domain.page import ExtractedPage, FeedHints, Limit
from onrecord.extractor.domain.slim import Slimmed, slim
from onrecord.extractor.domain.sniff import require_html
from onrecord.extractor.domain.title import title_of

MAX_TEXT_CHARS = 1_000_000
MIN_TEXT_CHARS = 200
MIN_VISIBLE_SHARE = 0.01  # less is a caption saved from a page that was lost
MAX_TAGS = 50


def extract_page(
    body: bytes, *, url: str, http_charset: str | None, content_type: str | None, feed: FeedHints | None, now: datetime
) -> ExtractedPage:
    """The article of a page. `url` is the final address, `now` is aware. Raises PageError (domain.errors)."""
    hints = feed or FeedHints()
    require_html(body, content_type)
    slimmed = slim(decode_html(body, http_charset))
    tree = parse(slimmed.html)
    if tree is None or not slimmed.elements:
        raise NotHtml
    structured = read_json_ld(slimmed.json_ld, url)
    head = read_head(tree, url)
    if is_listing(head, structured, url):
        raise NotArticle
    text, limits = _text(tree, slimmed, url)
    sites = _site_names(head, structured, url)
    title = title_of(head, structured, sites, hints.title)
    publisher = publisher_of(head, structured, url)
    return ExtractedPage(
        title=title or text.split("\n", 1)[0][:200],
        text=text,
        language=language_of(text, html_lang=head.language or head.first("og:locale"), feed_language=hints.language),
        publisher=publisher,
        authors=authors_of(head, structured, (*sites, publisher.domain), hints.authors, _Guess(tree)),
        published_at=published_of(head, structured, hints.published_at, now) or _guessed_date(tree, url, now),
        modified_at=modified_of(head, structured, now),
        canonical_url=canonical_of(head.canonical),
        section=structured.section or head.first("article:section") or None,
        tags=(structured.tags or tuple(dict.fromkeys(head.all("article:tag"))))[:MAX_TAGS],
        kind=kind_of(head, structured, url=url, title=title, text=text),
        partial=partial_of(head, structured, truncated=bool(limits)),
        rights=rights_of(head),
        limits=limits,
    )


class _Guess:
    """Trafilatura's guess at the byline, made only when it is asked for: it copies the tree."""

    def __init__(self, tree: html.HtmlElement) -> None:
        self._tree = tree

    def __iter__(self):  # type: ignore[no-untyped-def]
        yield from (extract_author(self._tree) or "").split("; ")


def _site_names(head: Head, structured: Structured, url: str) -> tuple[str, ...]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = (structured.publisher, *head.all("og:site_name", "application-name", "apple-mobile-web-app-title"))
    return tuple(name for name in (*names, head.first("twitter:site").lstrip("@"), host, host.rsplit(".", 1)[0]) if name)


def _text(tree: html.HtmlElement, slimmed: Slimmed, url: str) -> tuple[str, tuple[Limit, ...]]:
    limits = set(slimmed.limits)
    text = ""
    if slimmed.elements <= MAX_TRAFILATURA_ELEMENTS:
        text = clean_text(main_text(tree, url), MAX_TEXT_CHARS + 1)
    else:
        limits.add(Limit.html_too_complex)
    if not _is_enough(text, slimmed):
        text = clean_text(second_text(tree), MAX_TEXT_CHARS + 1)
    if not _is_enough(text, slimmed):
        raise NoText
    if len(text) > MAX_TEXT_CHARS:
        limits.add(Limit.text_too_long)
        text = text[:MAX_TEXT_CHARS].rstrip()
    return text, tuple(sorted(limits))


def _is_enough(text: str, slimmed: Slimmed) -> bool:
    return len(text) >= MIN_TEXT_CHARS and len(text) >= MIN_VISIBLE_SHARE * slimmed.visible_chars


def _guessed_date(tree: html.HtmlElement, url: str, now: datetime) -> When | None:
    try:
        found = find_date(
            tree,
            original_date=True,
            extensive_search=False,
            url=url,
            min_date=EARLIEST.isoformat(),
            max_date=now.date().isoformat(),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return parse_when(found, basis="page", now=now) if found else None
