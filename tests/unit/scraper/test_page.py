"""From an answer to a page, and a page of what the feed carried."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from onrecord.contracts import Item, ItemReason, Lane, decompress_body, ids
from onrecord.scraper.domain.feed_page import page_from_feed
from onrecord.scraper.domain.page import article_url, is_html, rights_of
from onrecord.scraper.handlers import redirected
from onrecord.web import Redirected, WebAddress

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FINAL = "https://news.example.com/story?utm_source=feed&id=7"


def item(**more: object) -> Item:
    given = {
        "item_id": uuid4(),
        "item_revision": 1,
        "feed_id": uuid4(),
        "feed_url": "https://news.example.com/rss",
        "link": FINAL,
        "link_host": "news.example.com:443",
        "title": "A <b>title</b>",
        "discovered_at": NOW,
        "reason": ItemReason.new,
        "lane": Lane.live,
    }
    return Item.model_validate(given | more)


def test_the_final_url_without_tracking_names_the_article() -> None:
    assert article_url(FINAL, b"<html>") == "https://news.example.com/story?id=7"


@pytest.mark.parametrize(
    ("tag", "wanted"),
    [
        (b'<link rel="canonical" href="/the-story">', "https://news.example.com/the-story"),
        (
            b"<LINK href='https://www.news.example.com/the-story?a=1&amp;b=2' REL=canonical>",
            "https://www.news.example.com/the-story?a=1&b=2",
        ),
        (b'<link rel="canonical" href="https://elsewhere.example.org/stolen">', "https://news.example.com/story?id=7"),
        (b'<link rel="canonical" href="javascript:alert(1)">', "https://news.example.com/story?id=7"),
        (b'<link rel="canonical">', "https://news.example.com/story?id=7"),
        (b'<link rel="stylesheet" href="/style.css">', "https://news.example.com/story?id=7"),
    ],
)
def test_canonical_counts_within_the_registrable_domain(tag: bytes, wanted: str) -> None:
    assert article_url(FINAL, b"<html><head>" + tag + b"</head>") == wanted


def test_the_declared_type_decides_and_a_body_without_one_is_looked_at() -> None:
    assert is_html("text/html", b"%PDF")
    assert not is_html("application/pdf", b"<html>")
    assert is_html(None, b"\xef\xbb\xbf <!DOCTYPE html>")
    assert not is_html(None, b"%PDF-1.7")


def test_reserved_rights_are_carried() -> None:
    found = rights_of({"tdm-reservation": "1", "tdm-policy": "https://news.example.com/tdm"})
    assert found is not None
    assert (found.ai_training, found.usage_terms, found.source) == ("reserved", "https://news.example.com/tdm", "tdm-reservation")
    noai = rights_of({"x-robots-tag": "noindex, noai"})
    assert noai is not None
    assert noai.source == "x-robots-tag"
    assert rights_of({"x-robots-tag": "noindex"}) is None


def test_a_page_of_the_feeds_content_says_so_and_escapes_the_title() -> None:
    page = page_from_feed(item(content_html="<p>Words.</p>"), NOW)
    assert page is not None
    assert page.from_feed
    assert page.article_id == ids.article_id("https://news.example.com/story?id=7")
    assert b"<h1>A &lt;b&gt;title&lt;/b&gt;</h1><p>Words.</p>" in decompress_body(page.body)
    assert page_from_feed(item(), NOW) is None


def test_a_redirect_to_another_host_goes_on_under_its_key() -> None:
    answer = Redirected(FINAL, WebAddress.parse("https://other.example.net/story"), 2, 302, NOW)
    moved = redirected(item(), answer)
    assert (moved.link, moved.link_host, moved.reason) == (
        "https://other.example.net/story",
        "other.example.net:443",
        ItemReason.redirect,
    )
    assert moved.hop is not None
    assert (moved.hop.url_requested, moved.hop.redirects) == (FINAL, 2)
    assert moved.item_ref == item(item_id=moved.item_id).item_ref
