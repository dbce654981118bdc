"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from onrecord.feed.adapters.parse_fields import Fields
from onrecord.feed.adapters.prescan import ITEMS_MAX
from onrecord.feed.domain.errors import BrokenFeed, NotAFeed
from onrecord.feed.domain.parsed import Flag, ParsedFeed, ParsedItem

VERSION_PREFIXES = ("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1")
VERSION_WINDOW_CHARS = 2_000  # where the version stands in a feed that breaks off later
HUBS_MAX = 5

Object = Mapping[str, Any]


def is_json_feed(document: object) -> bool:
    return isinstance(document, dict) and str(document.get("version", "")).startswith(VERSION_PREFIXES)


def parse_json_feed(text: str, fields: Fields) -> ParsedFeed:
    document = _document(text)
    entries = document.get("items")
    if not isinstance(entries, list):
        raise BrokenFeed("a JSON Feed without a list of items")
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if len(objects) > ITEMS_MAX:
        fields.flags[Flag.too_many_items] += len(objects) - ITEMS_MAX
    language = fields.language(_text(document, "language"))
    hubs = (fields.url(_text(hub, "url")) for hub in _objects(document, "hubs"))
    items = tuple(item for entry in objects[:ITEMS_MAX] if (item := _item(entry, document, language, fields)))
    return ParsedFeed(
        version="json1.1" if str(document["version"]).endswith("1.1") else "json1",
        title=fields.title(_text(document, "title")),
        language=language,
        site_link=fields.url(_text(document, "home_page_url")),
        self_link=fields.url(_text(document, "feed_url")),
        hubs=tuple(islice((hub for hub in hubs if hub), HUBS_MAX)),
        items=items,
        flags=dict(fields.flags),
    )


def _document(text: str) -> Object:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        if any(prefix in text[:VERSION_WINDOW_CHARS].replace("\\/", "/") for prefix in VERSION_PREFIXES):
            raise BrokenFeed(f"a JSON Feed that is no JSON: {error}") from error
        raise NotAFeed("neither XML nor JSON") from error
    except (ValueError, RecursionError) as error:  # a number of 4,300 digits; brackets in brackets
        raise NotAFeed("JSON that no feed writes") from error
    if not is_json_feed(document):
        raise NotAFeed("a JSON document that is no JSON Feed")
    return dict(document)


def _item(entry: Object, feed: Object, feed_language: str | None, fields: Fields) -> ParsedItem | None:
    fields.cut = False
    identity = _text(entry, "id")
    permalink = identity if (identity or "").startswith(("http://", "https://")) else None
    link = fields.item_link(_text(entry, "url") or permalink or _text(entry, "external_url"))
    if link is None:
        return None
    published_at, published_raw = fields.date(_text(entry, "date_published"))
    updated_at, _ = fields.date(_text(entry, "date_modified"))
    plain = _text(entry, "content_text")
    return ParsedItem(
        link=link,
        guid=fields.guid(identity),
        title=fields.title(_text(entry, "title")),
        summary=fields.summary(_text(entry, "summary") or plain),
        content_html=fields.content(_text(entry, "content_html")),
        authors=fields.authors(_authors(entry) or _authors(feed)),
        published_at=published_at,
        published_raw=published_raw,
        updated_at=updated_at,
        categories=fields.categories(tag for tag in _list(entry, "tags") if isinstance(tag, str)),
        language=fields.language(_text(entry, "language"), feed_language),
        enclosures=fields.enclosures(
            (_text(part, "url"), _text(part, "mime_type"), part.get("size_in_bytes")) for part in _objects(entry, "attachments")
        ),
        truncated=fields.cut,
    )


def _authors(found: Object) -> list[str]:
    """1.1 has `authors`, 1.0 `author`; an item without any has the feed's."""
    people = list(_objects(found, "authors"))
    if not people and isinstance(found.get("author"), dict):
        people = [found["author"]]
    return [name for person in people if (name := _text(person, "name"))]


def _list(found: Object, key: str) -> list[Any]:
    value = found.get(key)
    return value if isinstance(value, list) else []


def _objects(found: Object, key: str) -> Iterator[Object]:
    return (part for part in _list(found, key) if isinstance(part, dict))


def _text(found: Object, key: str) -> str | None:
    """Numbers stand where text should: ids above all."""
    value = found.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None
