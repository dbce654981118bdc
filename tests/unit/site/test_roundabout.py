"""Redirects, a busy server and closed rooms."""

from email.utils import parsedate_to_datetime

import pytest
from aiohttp import ClientSession, TooManyRedirects
from newspapers import Newspapers
from newspapers.roundabout import BUSY_ANSWERS

from onrecord.web import RobotsRules


def at(papers: Newspapers, path: str) -> str:
    return next(end.link for end in papers.expected() if end.link == f"http://{papers.addresses[3]}{path}")


async def test_redirects_within_the_host_and_to_another(papers: Newspapers, reader: ClientSession) -> None:
    async with reader.get(at(papers, "/go/moved")) as response:
        assert (response.status, response.history[0].status) == (200, 301)
        assert response.url.host == "127.0.0.1"
        assert response.url.authority == papers.addresses[3]
    for path in ("/go/archive", "/go/syndicated"):
        async with reader.get(at(papers, path)) as response:
            assert (response.status, response.history[0].status) == (200, 302)
            assert response.url.authority == papers.addresses[0]


async def test_archive_page_is_in_no_feed_and_syndicated_page_is(papers: Newspapers, reader: ClientSession) -> None:
    published = {end.link: end for end in papers.expected()}
    async with reader.get(at(papers, "/go/archive")) as response:
        assert str(response.url) not in published
    async with reader.get(at(papers, "/go/syndicated")) as response:
        assert published[str(response.url)].also == ("duplicate", "unchanged")


async def test_loop_never_ends(papers: Newspapers, reader: ClientSession) -> None:
    with pytest.raises(TooManyRedirects):
        await reader.get(at(papers, "/go/loop"))


@pytest.mark.parametrize(("path", "status"), [("/lost/page", 404), ("/lost/withdrawn", 410)])
async def test_lost_pages(papers: Newspapers, reader: ClientSession, path: str, status: int) -> None:
    async with reader.get(at(papers, path)) as response:
        assert response.status == status


@pytest.mark.parametrize("path", ["/busy/seconds", "/busy/date"])
async def test_busy_server_recovers_after_the_announced_number_of_tries(
    papers: Newspapers, reader: ClientSession, path: str
) -> None:
    statuses = []
    for _ in range(BUSY_ANSWERS + 2):
        async with reader.get(at(papers, path)) as response:
            statuses.append(response.status)
            if response.status == 503:
                after = response.headers["Retry-After"]
                assert after == "1" if path == "/busy/seconds" else parsedate_to_datetime(after).second == 1
    assert statuses == [503] * BUSY_ANSWERS + [200, 200]


async def test_one_page_stays_busy(papers: Newspapers, reader: ClientSession) -> None:
    for _ in range(BUSY_ANSWERS + 2):
        async with reader.get(at(papers, "/busy/always")) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "1")


async def test_robots_close_exactly_the_links_that_must_end_as_disallowed(papers: Newspapers, reader: ClientSession) -> None:
    own = dict.fromkeys(papers.addresses, "")
    for address in own:
        async with reader.get(f"http://{address}/robots.txt") as response:
            own[address] = await response.text()
    assert "Crawl-delay: 2" in own[papers.addresses[3]]
    for end in papers.expected():
        address = end.link.split("/")[2]
        if address in own:
            allowed = RobotsRules.parse(own[address].encode(), "onrecord").allowed(end.link)
            assert allowed == (end.outcome != "robots_disallowed" and end.reason != "from_feed"), end
