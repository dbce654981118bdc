"""The five newspapers as a reader meets them."""

import io
import json
from calendar import timegm
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
from aiohttp import ClientSession
from newspapers import Feed, Newspapers, expected

NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


async def links(reader: ClientSession, feed: Feed) -> list[str]:
    async with reader.get(feed.url) as response:
        body = await response.read()
    if feed.form == "json":
        return [item["url"] for item in json.loads(body)["items"]]
    return [entry.link for entry in feedparser.parse(io.BytesIO(body)).entries]


async def test_feeds_show_exactly_the_links_with_an_expected_end(papers: Newspapers, reader: ClientSession) -> None:
    papers.advance(4)
    shown = [link for feed in papers.feeds() for link in await links(reader, feed)]
    assert sorted(shown) == sorted(end.link for end in papers.expected())
    assert len(set(shown)) == len(shown) == papers.published


async def test_at_least_three_forms_and_one_host_an_outlet(papers: Newspapers) -> None:
    assert {feed.form for feed in papers.feeds()} >= {"rss", "atom", "json", "rdf"}
    assert len(set(papers.addresses)) == len({feed.outlet for feed in papers.feeds()}) == 5
    assert {urlsplit(feed.url).netloc for feed in papers.feeds()} == set(papers.addresses)


async def test_well_formed_xml_parses_without_complaint_and_unreadable_feeds_give_nothing(
    papers: Newspapers, reader: ClientSession
) -> None:
    for feed in (feed for feed in papers.feeds() if feed.form != "json"):
        async with reader.get(feed.url) as response:
            headers = {"content-type": response.headers["Content-Type"], "content-location": feed.url}
            parsed = feedparser.parse(io.BytesIO(await response.read()), response_headers=headers)
        assert bool(parsed.entries) == (feed.poll == "ok"), feed
        assert bool(parsed.bozo) == (feed.poll != "ok" or feed.url.endswith("sloppy.xml")), feed
        assert all(entry.title for entry in parsed.entries)


async def test_json_feed_has_what_version_1_1_requires(papers: Newspapers, reader: ClientSession) -> None:
    wire = next(feed.url for feed in papers.feeds() if feed.form == "json")
    async with reader.get(wire) as response:
        assert response.content_type == "application/feed+json"
        feed = json.loads(await response.read())
    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", wire)
    assert all(item["id"] and item["content_text"] and item["authors"][0]["name"] for item in feed["items"])
    assert all(datetime.fromisoformat(item["date_published"]) < NOON for item in feed["items"])


async def test_every_stored_page_answers_and_all_are_fresh(papers: Newspapers, reader: ClientSession) -> None:
    for end in papers.expected():
        if end.outcome == "stored" and not end.failures:
            async with reader.get(end.link) as response:
                assert response.status == 200, end
                assert response.content_type == "text/html"
                assert len(await response.read()) > 1000
    async with reader.get(papers.feeds()[0].url) as response:
        entries = feedparser.parse(io.BytesIO(await response.read())).entries
    published = [datetime.fromtimestamp(timegm(entry.published_parsed), UTC) for entry in entries]
    assert all(NOON - timedelta(hours=48) < at < NOON for at in published)


async def test_seed_article_is_printed_word_for_word(papers: Newspapers, reader: ClientSession) -> None:
    seed = next(end.link for end in papers.expected() if end.link.endswith("/seed"))
    async with reader.get(seed) as response:
        page = await response.text()
    assert "<p>“We are advocating for a ceasefire and negotiations. If we were to join the Ukraine resolution," in page


async def test_validators_bring_304_until_the_feed_changes(papers: Newspapers, reader: ClientSession) -> None:
    wire = next(feed.url for feed in papers.feeds() if feed.form == "json")
    async with reader.get(wire) as response:
        known = {"If-None-Match": response.headers["ETag"]}
    async with reader.get(wire, headers=known) as response:
        assert (response.status, await response.read()) == (304, b"")
        assert response.headers["ETag"] == known["If-None-Match"]
    papers.advance()
    async with reader.get(wire, headers=known) as response:
        assert response.status == 200
    assert [(asked.status, asked.if_none_match) for asked in papers.asked] == [
        (200, ""),
        (304, known["If-None-Match"]),
        (200, known["If-None-Match"]),
    ]


async def test_a_date_alone_is_believed_but_not_against_a_tag(papers: Newspapers, reader: ClientSession) -> None:
    page = papers.expected()[0].link
    async with reader.get(page) as response:
        date = response.headers["Last-Modified"]
    async with reader.get(page, headers={"If-Modified-Since": date}) as response:
        assert response.status == 304
    async with reader.get(page, headers={"If-Modified-Since": date, "If-None-Match": '"other"'}) as response:
        assert response.status == 200
    async with reader.get(page, headers={"If-Modified-Since": "yesterday"}) as response:
        assert response.status == 200


async def test_first_host_lists_all_feeds(papers: Newspapers, reader: ClientSession) -> None:
    async with reader.get(f"http://{papers.addresses[0]}/feeds.txt") as response:
        assert (await response.text()).splitlines() == [feed.url for feed in papers.feeds()]
    async with reader.get(f"http://{papers.addresses[1]}/feeds.txt") as response:
        assert response.status == 404


async def documents(seed: int, reader: ClientSession, port: int) -> list[bytes]:
    papers = Newspapers(seed, lambda: NOON)
    await papers.start(port)
    papers.advance(13)
    bodies = []
    for url in [*(feed.url for feed in papers.feeds()), *(end.link for end in papers.expected() if end.outcome == "stored")]:
        async with reader.get(url, allow_redirects=False) as response:
            bodies.append(await response.read())
    await papers.stop()
    return bodies


async def test_one_seed_prints_the_same_bytes_and_another_does_not(reader: ClientSession, unused_tcp_ports: int) -> None:
    first = await documents(7, reader, unused_tcp_ports)
    assert first == await documents(7, reader, unused_tcp_ports)
    assert first != await documents(8, reader, unused_tcp_ports)


def test_expected_ends_need_no_server() -> None:
    ends = expected(1, 20, port=9000)
    assert ends == expected(1, 20, port=9000)
    assert len(ends) == len(expected(1, 0, port=9000)) + 20
    assert {end.outcome for end in ends} == {
        "stored",
        "gone",
        "robots_disallowed",
        "fetch_failed",
        "not_html",
        "not_article",
        "no_text",
        "body_too_large",
        "blocked_address",
    }


async def test_expected_on_the_same_port_is_what_a_started_newspaper_says(unused_tcp_ports: int) -> None:
    papers = Newspapers(3, lambda: NOON)
    await papers.start(unused_tcp_ports)
    papers.advance(15)
    await papers.stop()
    assert papers.expected() == expected(3, 15, port=unused_tcp_ports)
