import json
from datetime import UTC, datetime
from typing import Any

import pytest

from onrecord.contracts.item import Enclosure
from onrecord.feed.adapters.parse import parse_feed
from onrecord.feed.domain.errors import BrokenFeed, NotAFeed
from onrecord.feed.domain.parsed import Flag, ParsedFeed, ParsedItem

NOW = datetime(2026, 11, 10, tzinfo=UTC)
TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)
VERSION = "https://jsonfeed.org/version/1.1"


def read(document: Any) -> ParsedFeed:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return parse_feed(body, url="https://paper.example/feed.json", content_type="application/feed+json", now=NOW)


def feed_of(*items: Any, **fields: Any) -> ParsedFeed:
    return read({"version": VERSION, "title": "Paper", "items": list(items), **fields})


def test_every_field() -> None:
    feed = feed_of(
        {
            "id": 7,
            "url": "/a/7",
            "title": "A <title>",
            "summary": "short",
            "content_html": "<p>All</p>",
            "content_text": "All",
            "date_published": "2026-11-02T10:00:00Z",
            "date_modified": "2026-11-02T11:00:00+01:00",
            "authors": [{"name": "Jo Lee"}, {"url": "https://x.example"}],
            "tags": ["tax", 5, "tax"],
            "language": "en-IE",
            "attachments": [{"url": "/m.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}],
        },
        home_page_url="https://paper.example/",
        feed_url="https://paper.example/feed.json",
        hubs=[{"type": "WebSub", "url": "https://hub.example/"}],
        language="en",
    )
    assert (feed.version, feed.title, feed.language, feed.hubs) == ("json1.1", "Paper", "en", ("https://hub.example/",))
    assert feed.items == (
        ParsedItem(
            link="https://paper.example/a/7",
            guid="7",
            title="A",
            summary="short",
            content_html="<p>All</p>",
            authors=("Jo Lee",),
            published_at=TEN,
            published_raw="2026-11-02T10:00:00Z",
            updated_at=TEN,
            categories=("tax",),
            language="en-IE",
            enclosures=(Enclosure(url="https://paper.example/m.mp3", type="audio/mpeg", length=12),),
        ),
    )


def test_version_1_author_and_feed_author() -> None:
    item = {"id": "https://paper.example/1"}
    assert feed_of({**item, "author": {"name": "Jo Lee"}}).items[0].authors == ("Jo Lee",)
    assert feed_of(item, authors=[{"name": "Desk"}]).items[0].authors == ("Desk",)
    assert read({"version": "https://jsonfeed.org/version/1", "items": [item]}).version == "json1"


def test_text_only_item_and_external_url() -> None:
    (item,) = feed_of({"id": "x", "external_url": "https://other.example/1", "content_text": "Words"}).items
    assert (item.link, item.summary, item.content_html) == ("https://other.example/1", "Words", None)


def test_odd_items_are_counted_not_fatal() -> None:
    odd: list[Any] = [
        None,
        5,
        [],
        {},
        {"id": True},
        {"url": ["x"]},
        {"url": "javascript:x"},
        {"id": "1", "url": "https://a.example/", "tags": 5},
    ]
    feed = feed_of(*odd)
    assert len(feed.items) == 1
    assert feed.flags == {Flag.item_without_link: 3, Flag.item_link_refused: 1}


def test_too_many_items() -> None:
    feed = feed_of(*({"id": str(n), "url": f"https://a.example/{n}"} for n in range(2_010)))
    assert (len(feed.items), feed.flags) == (2_000, {Flag.too_many_items: 10})


def test_surrogates_and_nul_do_not_come_through() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"https://a.example/1","title":"a\\ud800\\u0000b"}]}'
    assert read(body).items[0].title == "ab"


@pytest.mark.parametrize("document", [{"error": "no"}, [], [1], {"version": 1, "items": []}, {"version": "1"}, b'{"a":'])
def test_other_json_is_no_feed(document: Any) -> None:
    with pytest.raises(NotAFeed):
        read(document)


@pytest.mark.parametrize(
    "body", [b'{"version":"https://jsonfeed.org/version/1","items":[', json.dumps({"version": VERSION}).encode()]
)
def test_broken_json_feed(body: bytes) -> None:
    with pytest.raises(BrokenFeed):
        read(body)
