"""One page in, one article out. Runs in a worker process: no I/O, `now` passed in, everything picklable."""

from datetime import datetime
from urllib.parse import urlsplit

from htmldate import find_date
from lxml import html

from onrecord.contracts import When
from onrecord.extractor.adapters.byline import bylines
from onrecord.extractor.adapters.head import read_head
from onrecord.extractor.adapters.html import MAX_HEAVY_ELEMENTS, parse
from onrecord.extractor.adapters.text import article_text
from onrecord.extractor.domain.authors import authors_of
from onrecord.extractor.domain.charset import decode_html
from onrecord.extractor.domain.dates import EARLIEST, modified_of, parse_when, published_of
from onrecord.extractor.domain.errors import NotArticle, NotHtml
from onrecord.extractor.domain.facts import Head, Structured
from onrecord.extractor.domain.jsonld import read_json_ld
from onrecord.extractor.domain.kind import canonical_of, is_listing, kind_of, partial_of, publisher_of, rights_of
from onrecord.extractor.domain.language import language_of
from onrecord.extractor.domain.page import ExtractedPage, FeedHints
from onrecord.extractor.domain.slim import slim
from onrecord.extractor.domain.sniff import require_html
from onrecord.extractor.domain.title import title_of, without_headline

MAX_TAGS = 50


def extract_page(
    body: bytes, *, url: str, http_charset: str | None, content_type: str | None, feed: FeedHints | None, now: datetime
) -> ExtractedPage:
    """The article of a page. `url` is the final address, `now` is aware. Raises PageError (domain.errors)."""
    hints = feed or FeedHints()
    require_html(body, content_type)
    markup = decode_html(body, http_charset)
    slimmed = slim(markup)
    tree = parse(slimmed.html)
    if tree is None or not slimmed.elements:
        raise NotHtml
    structured = read_json_ld(slimmed.json_ld, url)
    head = read_head(tree, url)
    if is_listing(head, structured, url):
        raise NotArticle
    heavy = slimmed.elements <= MAX_HEAVY_ELEMENTS
    sites = _site_names(head, structured, url)
    publisher = publisher_of(head, structured, url, hints.publisher)
    authors = authors_of(head, structured, (*sites, publisher.domain), hints.authors, bylines(tree, heavy=heavy))
    published_at = published_of(head, structured, hints.published_at, now)
    if published_at is None and heavy:
        published_at = _guessed_date(tree, url, now)
    title = title_of(head, structured, sites, hints.title)
    text, limits = article_text(tree, slimmed, markup, structured, url)
    text = without_headline(text, title, authors)
    return ExtractedPage(
        title=title or text.split("\n", 1)[0][:200],
        text=text,
        language=language_of(text, html_lang=head.language or head.first("og:locale"), feed_language=hints.language),
        publisher=publisher,
        authors=authors,
        published_at=published_at,
        modified_at=modified_of(head, structured, now),
        canonical_url=canonical_of(head.canonical),
        section=structured.section or head.first("article:section") or None,
        tags=(structured.tags or tuple(dict.fromkeys(head.all("article:tag"))))[:MAX_TAGS],
        kind=kind_of(head, structured, url=url, title=title, text=text),
        partial=partial_of(head, structured, truncated=bool(limits)),
        rights=rights_of(head),
        limits=limits,
    )


def _site_names(head: Head, structured: Structured, url: str) -> tuple[str, ...]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = (structured.publisher, *head.all("og:site_name", "application-name", "apple-mobile-web-app-title"))
    return tuple(name for name in (*names, head.first("twitter:site").lstrip("@"), host, host.rsplit(".", 1)[0]) if name)


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
