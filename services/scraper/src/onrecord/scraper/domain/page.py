"""From an answer to a page: pure rules."""

import html
import re

from onrecord.contracts import Item, Page, Rights, ids
from onrecord.web import Response, UrlRefused, WebAddress, canonical_url, same_registrable_domain

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
HEAD_BYTES = 256 * 1024  # where rel=canonical stands; sites with long inline styles put it past 100 kB
LINK_TAG = re.compile(rb"<link\b[^>]{0,4000}>", re.IGNORECASE)
REL_CANONICAL = re.compile(rb"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE)
HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
MARKUP_START = re.compile(rb"\s*(?:<!doctype\s+html|<html|<head|<!--)", re.IGNORECASE)


def is_html(content_type: str | None, body: bytes) -> bool:
    """By the declared type; a body without one counts when it begins like a document."""
    if content_type:
        return content_type.lower() in HTML_TYPES
    return MARKUP_START.match(body.removeprefix(b"\xef\xbb\xbf")) is not None


def article_url(url_final: str, body: bytes) -> str:
    """The final URL, normalised; `rel=canonical` replaces it only within the same registrable domain."""
    final = canonical_url(url_final)
    for tag in LINK_TAG.finditer(body, 0, HEAD_BYTES):
        if REL_CANONICAL.search(tag[0]):
            declared = _declared(final, tag[0])
            if declared:
                return declared
    return final


def _declared(final: str, tag: bytes) -> str | None:
    found = HREF.search(tag)
    if not found:
        return None
    href = html.unescape((found[1] or found[2] or found[3] or b"").decode("utf-8", "replace")).strip()
    try:
        address = WebAddress.parse(final).join(href)
        return canonical_url(address) if href and same_registrable_domain(final, address) else None
    except UrlRefused:
        return None


def rights_of(headers: dict[str, str]) -> Rights | None:
    """TDM Reservation Protocol and X-Robots-Tag, as the site sent them."""
    if headers.get("tdm-reservation", "").strip() == "1":
        return Rights(ai_training="reserved", usage_terms=headers.get("tdm-policy"), source="tdm-reservation")
    tags = {word.strip().lower() for word in headers.get("x-robots-tag", "").split(",")}
    if tags & {"noai", "noimageai"}:
        return Rights(ai_training="reserved", source="x-robots-tag")
    return None


def page_of(item: Item, response: Response, body: bytes) -> Page:
    """`body`: the response's, compressed."""
    url = article_url(response.url_final, response.body)
    return Page(
        article_id=ids.article_id(url),
        item=item,
        url_requested=item.hop.url_requested if item.hop else item.link,
        url_final=response.url_final,
        article_url=url,
        redirects=response.redirects,
        http_status=response.status,
        http_content_type=response.content_type,
        http_charset=response.charset,
        http_etag=response.etag,
        http_last_modified=response.last_modified,
        fetched_at=response.fetched_at,
        body_sha256=response.body_sha256 or "",
        rights=rights_of({name.lower(): value for name, value in response.headers.items()}),
        body=body,
    )
