"""Hostile feeds and their verdicts: small ones as files, large ones as recipes."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onrecord.feed.adapters.parse import parse_feed
from onrecord.feed.domain.errors import FeedError
from onrecord.feed.domain.parsed import ParsedFeed
from onrecord.feed.domain.plan import distinct_items
from onrecord.web import UrlPolicy, canonical_url

FOLDER = Path(__file__).parents[3] / "hostile" / "feeds"
VERDICTS: list[dict[str, Any]] = json.loads((FOLDER / "verdicts.json").read_text())
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CPU_MAX_S = 5.0


def read(body: bytes) -> ParsedFeed:
    started = time.process_time()
    try:
        return parse_feed(body, url="https://news.example/feed", content_type=None, now=NOW, policy=UrlPolicy())
    finally:
        assert time.process_time() - started < CPU_MAX_S


def texts(feed: ParsedFeed) -> str:
    return "".join(part or "" for item in feed.items for part in (item.title, item.summary, item.content_html, item.guid))


@pytest.mark.parametrize("verdict", VERDICTS, ids=[verdict["file"] for verdict in VERDICTS])
def test_file_has_its_verdict(verdict: dict[str, Any]) -> None:
    body = (FOLDER / verdict["file"]).read_bytes()
    if verdict["expect"] == "rejected":
        with pytest.raises(FeedError) as refusal:
            read(body)
        assert refusal.value.reason == verdict["error"]
        return
    feed = read(body)
    assert feed.partial == (verdict["expect"] == "parsed_partially")
    if "error" in verdict:
        assert verdict["error"] in feed.flags
    if "items" in verdict:
        # Verdicts count entries, but for five versions of one item, where they count the item.
        distinct = len(distinct_items(feed.items, canonical_url))
        assert verdict["items"] == (distinct if distinct == 1 else len(feed.items))
    found = texts(feed)
    assert "root:" not in found  # no line of a local file
    assert "\0" not in found
    assert found.encode().decode() == found  # no lone surrogate


def rss(items: bytes, *, head: bytes = b"", root: bytes = b'<rss version="2.0">') -> bytes:
    return b'<?xml version="1.0"?>' + head + root + b"<channel><title>T</title>" + items + b"</channel></rss>"


def item(number: int, *, title: str = "t", description: bytes = b"d", link: str = "") -> bytes:
    where = link or f"https://news.example/a/{number}"
    return f"<item><title>{title}</title><link>{where}</link><guid>g{number}</guid><description>".encode() + (
        description + b"</description></item>"
    )


GOOD = b"".join(item(number) for number in range(3))


def cdata(text: bytes) -> bytes:
    return item(9, description=b"<![CDATA[" + text + b"]]>")


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "attributes": (
        "feed_too_complex",
        lambda: rss(GOOD + b"<item " + b" ".join(b'a%d="1"' % n for n in range(300_000)) + b"/>"),
    ),
    "attributes within 64 kB": (
        "feed_too_complex",
        lambda: rss(GOOD + b"<item " + b" ".join(b'a%d="1"' % n for n in range(1_100)) + b"/>"),
    ),
    "attributes without values": ("feed_too_complex", lambda: rss(b"<item " + b"a " * 1_001 + b"></item>")),
    "namespaces": (
        "feed_too_complex",
        lambda: rss(GOOD, root=b"<rss " + b" ".join(b'xmlns:n%d="u"' % n for n in range(1_001)) + b">"),
    ),
    "a tag of 64 kB": ("feed_too_complex", lambda: rss(b'<item a="' + b"x" * 70_000 + b'"></item>' + GOOD)),
    "empty elements": ("feed_too_complex", lambda: rss(GOOD + b"<item>" + b"<x/>" * 150_000 + b"</item>")),
    "channel elements": ("feed_too_complex", lambda: rss(b"<x></x>" * 200_001 + GOOD)),
    "tags": ("feed_too_complex", lambda: rss(b"<item>" + b"<x></x>" * 500_001 + b"</item>")),
    "unclosed quotes": ("feed_too_complex", lambda: rss(b'<a ">"' * 100_000)),
    "channel depth": ("xml_too_deep", lambda: rss(b"<a>" * 100_000)),
    "entities": (
        "xml_dtd_forbidden",
        lambda: rss(cdata(b"&a;" * 1_000), head=b'<!DOCTYPE rss [<!ENTITY a "' + b"A" * 100_000 + b'">]>'),
    ),
    "an entity past the doctype": ("xml_dtd_forbidden", lambda: rss(b'<!ENTITY a "b">' + GOOD)),
    "size": ("body_too_large", lambda: rss(item(1, description=b"x" * 9_000) * 1_200)),
    "blanks": ("not_a_feed", lambda: b" \n" * 1_000_000),
    "random": ("not_a_feed", lambda: bytes(range(256)) * 4_000),
    "deep JSON": (
        "not_a_feed",
        lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 900_000 + b"]" * 900_000 + b"}",
    ),
    "a number of two million digits": (
        "not_a_feed",
        lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":' + b"9" * 2_000_000 + b"}]}",
    ),
}

KEPT: dict[str, tuple[str | None, int, Callable[[], bytes]]] = {
    "depth in an item": ("xml_too_deep", 3, lambda: rss(GOOD + item(9, description=b"<a>" * 200_000 + b"</a>" * 200_000))),
    "names": (
        "feed_too_complex",
        3,
        lambda: rss(GOOD + item(9, description=b"".join(b"<e%d>x</e%d>" % (n, n) for n in range(300_000)))),
    ),
    "comments": (None, 3, lambda: rss(b"<!--a-->" * 1_000_000 + GOOD)),
    "open angles": ("content_too_complex", 3, lambda: rss(cdata(b"<" * 2_000_000) + GOOD)),
    "open tags": ("content_too_complex", 3, lambda: rss(cdata(b"<b " * 500_000) + GOOD)),
    "open comments": ("content_too_complex", 3, lambda: rss(cdata(b"<!--" * 500_000) + GOOD)),
    "open sections": ("content_too_complex", 3, lambda: rss(cdata(b"<![" * 500_000) + GOOD)),
    "escaped tags": ("content_too_complex", 3, lambda: rss(item(9, description=b"&lt;div&gt;" * 200_000) + GOOD)),
    "items": ("too_many_items", 2_000, lambda: rss(b"".join(item(n) for n in range(20_000)))),
    "a title": ("field_too_long", 4, lambda: rss(item(9, title="t" * 8_000_000) + GOOD)),
    "marks": (None, 4, lambda: rss(item(9, title="Z" + "\u0315\u031b\u0340" * 100_000) + GOOD)),
    "growth": (None, 4, lambda: rss(item(9, title="\ufdfa" * 100_000) + GOOD)),
    "references": ("field_too_long", 4, lambda: rss(item(9, description=b"&amp;a" * 300_000) + GOOD)),
    "open section at the end": ("xml_not_wellformed", 4, lambda: rss(GOOD + cdata(b"x" * 100_000))[:-40]),
    "long encoding": (
        None,
        3,
        lambda: rss(GOOD).replace(b'"1.0"', b'"1.0" encoding="punycode"') + b"<!--" + b"a" * 200_000 + b"-->",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_document_that_is_refused(name: str) -> None:
    reason, body = REFUSED[name]
    with pytest.raises(FeedError) as refusal:
        read(body())
    assert refusal.value.reason == reason


@pytest.mark.parametrize("name", KEPT)
def test_document_whose_good_items_are_kept(name: str) -> None:
    flag, items, body = KEPT[name]
    feed = read(body())
    assert list(feed.flags) == ([flag] if flag else [])
    assert len(feed.items) == items
    assert all(len(item.title or "") <= 1_000 for item in feed.items)


def test_oldest_first_archive_keeps_its_newest_items() -> None:
    dated = (item(n).replace(b"</item>", f"<pubDate>{2001 + n // 300}-01-05</pubDate></item>".encode()) for n in range(2_100))
    feed = read(rss(b"".join(dated)))
    assert feed.flags == {"too_many_items": 100}
    assert feed.items[-1].guid == "g2099"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/hosts", "http://127.0.0.1/", "//169.254.169.254/", "http://[::1]/",
        "http://news.example:22/", "http://u:p@news.example/", "http://", "http://[", "https://news.example/" + "a" * 100_000,
        "https://news.example/&#x202e;gpj.exe", "http://news.example/\\..\\", "vbscript:x", "mailto:a@b.example",
        "java&#x0A;script:alert(1)", " ",
    ],
)  # fmt: skip
def test_links_that_become_no_work(link: str) -> None:
    feed = read(rss(item(0, link=link)))
    assert feed.items == ()
    assert sum(feed.flags.values()) == 1
    assert set(feed.flags) <= {"item_link_refused", "item_without_link"}
