"""Many feeds and items for throughput runs."""

import io
from datetime import UTC, datetime

import feedparser
import pytest
from aiohttp import ClientSession
from newspapers import Scale


def noon() -> datetime:
    return datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


async def test_items_are_shared_out_and_texts_differ(reader: ClientSession) -> None:
    scale = Scale(1, 3, 50, noon)
    await scale.start()
    try:
        shown: list[str] = []
        for feed in scale.feeds():
            async with reader.get(feed.url) as response:
                shown += [entry.link for entry in feedparser.parse(io.BytesIO(await response.read())).entries]
        assert sorted(shown) == sorted(end.link for end in scale.expected())
        assert len(set(scale.addresses)) == 3
        pages = set()
        for link in shown:
            async with reader.get(link) as response:
                assert response.status == 200
                pages.add((await response.text()).replace(link, ""))
        assert len(pages) == 50
    finally:
        await scale.stop()


@pytest.mark.parametrize("path", ["/a/50", "/a/", "/a/x", "/a/-1", "/a/²", "/b/1"])
async def test_unknown_pages(reader: ClientSession, path: str) -> None:
    scale = Scale(1, 1, 50, noon)
    await scale.start()
    async with reader.get(f"http://{scale.addresses[0]}{path}") as response:
        assert response.status == 404
    await scale.stop()


def test_no_feed_can_hold_no_items() -> None:
    with pytest.raises(ValueError, match="0 feeds"):
        Scale(1, 0, 10, noon)
