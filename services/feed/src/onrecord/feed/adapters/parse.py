"""Bytes of a feed in, a `ParsedFeed` out, or a `FeedError` with its reason.

Runs in a worker process: pure, no clock, no I/O, picklable in and out. feedparser reads RSS and Atom, from UTF-8 that was
decoded and scanned here before.
"""

import re
import xml.sax
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from onrecord.feed.adapters.charset import decode, inflated
from onrecord.feed.adapters.json_feed import parse_json_feed
from onrecord.feed.adapters.parse_entries import feed_from
from onrecord.feed.adapters.parse_feedparser import read_entries
from onrecord.feed.adapters.parse_fields import Fields
from onrecord.feed.adapters.parse_trim import Trimmed, trimmed
from onrecord.feed.adapters.prescan import prescan
from onrecord.feed.domain.errors import BrokenFeed, EmptyBody, FeedTooLarge, NotAFeed
from onrecord.feed.domain.parsed import Flag, ParsedFeed
from onrecord.web.policy import UrlPolicy

BODY_MAX_BYTES = 10 * 1024 * 1024  # full feeds of big papers reach 4 MiB
PROLOG_MAX_CHARS = 65_536  # how much of what stands before a root is searched: warnings of a script, comments
HEAD_MAX_CHARS = 200_000  # where a page's links to its feeds stand

XML_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'

_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|rdf|feed|channel)[\s>]", re.IGNORECASE)
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_ROOT_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]++)|([0-9]++));")
_FEED_LINK = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"type\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|feed\+json)", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\s\"'<>]{1,1000})", re.IGNORECASE)


def warm_parser() -> None:
    """Loads what the first feed in a process would wait for."""
    parse_feed(b"<rss version='2.0'><channel/></rss>", url="https://onrecord.org/", content_type=None, now=datetime.now(UTC))


def parse_feed(body: bytes, *, url: str, content_type: str | None, now: datetime, policy: UrlPolicy | None = None) -> ParsedFeed:
    """RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

    `url` is the final one and resolves relative links. With `policy` an item whose link it refuses is left out and counted;
    without, only links that are no http(s) URL are.
    """
    if len(body) > BODY_MAX_BYTES:
        prescan(_markup(decode(body[:BODY_MAX_BYTES], content_type).text, url))  # tells what is wrong beside the size
        raise FeedTooLarge(f"{len(body)} bytes")
    body = inflated(body, BODY_MAX_BYTES)
    if not body:
        raise EmptyBody
    text = decode(body, content_type).text
    fields = Fields(url, now, policy)
    start = text.lstrip("\ufeff\0 \t\r\n")
    if start.startswith(("{", "[")):
        return parse_json_feed(start, fields)
    return _parse_xml(text, url, fields)


def _parse_xml(text: str, url: str, fields: Fields) -> ParsedFeed:
    scanned = trimmed(prescan(_markup(text, url)), fields.now)
    fields.flags.update(scanned.flags)
    result = _read(scanned, url)
    if isinstance(result.get("bozo_exception"), xml.sax.SAXException):
        fields.flags[Flag.xml_not_wellformed] = max(1, fields.flags[Flag.xml_not_wellformed])
        if not (scanned.items_kept or result.feed.get("title")):
            raise BrokenFeed("not well-formed, with neither a title nor items")
    if scanned.items_kept and not result.entries:
        raise BrokenFeed("has items, and none of them can be read")
    if not (scanned.items_kept or result.version or result.feed):
        raise NotAFeed("neither RSS, Atom nor JSON Feed")
    return feed_from(result, scanned.body, fields)


def _markup(text: str, url: str) -> bytes:
    """UTF-8 from the first sign of a feed to its end tag, without what XML forbids; raises `NotAFeed`."""
    window = text[:PROLOG_MAX_CHARS]
    root = _ROOT.search(window)
    before_root = root.start() if root else len(window)
    page = _PAGE.search(window, 0, before_root)
    first = _DOCTYPE.search(window, 0, before_root) or root
    if page or not first:
        raise NotAFeed(_what_it_is(text, url, is_page=page is not None))
    start = first.start()
    end = max((match.end() for match in _ROOT_END.finditer(text, start)), default=len(text))
    return XML_DECLARATION + _legal(text[start:end]).encode("utf-8", "replace")


def _legal(text: str) -> str:
    return _REFERENCE.sub(_referenced, _FORBIDDEN_CHARS.sub("", text))


def _referenced(match: re.Match[str]) -> str:
    """References to characters that XML forbids are dropped; 128 to 159 mean windows-1252, as in every browser."""
    digits = match[1] or match[2]
    code = int(digits, 16 if match[1] else 10) if len(digits) <= 8 else 0
    if 0x80 <= code <= 0x9F:
        return bytes([code]).decode("cp1252", "ignore")
    legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return match[0] if legal else ""


def _read(scanned: Trimmed, url: str) -> Any:
    """Strict first; feedparser itself turns to its loose parser on XML errors. Zero entries where items are: loose by force."""
    result = read_entries(scanned.body, url)
    if scanned.items_kept and not result.entries:
        return read_entries(scanned.body + b"<", url)
    return result


def _what_it_is(text: str, url: str, *, is_page: bool) -> str:
    if not is_page:
        return "neither RSS, Atom nor JSON Feed"
    for link in _FEED_LINK.finditer(text, 0, HEAD_MAX_CHARS):
        href = _HREF.search(link[0])
        if href and _FEED_TYPE.search(link[0]):
            return f"a web page; it names a feed: {urljoin(url, href[1])}"
    return "a web page"
