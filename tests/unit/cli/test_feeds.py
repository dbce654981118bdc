import argparse
from datetime import UTC, datetime
from typing import Any

import pytest

from onrecord.cli import feeds
from onrecord.cli.errors import CommandFailed, NothingFound
from onrecord.cli.main import main, parser

ROW = {
    "url": "https://example.org/feed",
    "title": "A \x1b[31mtitle",
    "stopped": False,
    "polls": 3,
    "last_polled_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "last_result": "not_a_feed",
    "last_detail": "a web page",
    "next_poll_at": datetime(2026, 3, 2, 10, tzinfo=UTC),
}


class FakeRows:
    def __init__(self, *urls: str) -> None:
        self.known = {url: {**ROW, "url": url} for url in urls}
        self.intervals: dict[str, float] = {}

    async def add(self, url: str, *, min_interval_s: float, now: datetime) -> None:
        self.known[url] = {**ROW, "url": url}
        self.intervals[url] = min_interval_s

    async def remove(self, url: str) -> bool:
        return self.known.pop(url, None) is not None

    async def all(self) -> list[dict[str, Any]]:
        return list(self.known.values())


async def work(rows: FakeRows, *line: str) -> list[str]:
    args: argparse.Namespace = parser(["feeds"]).parse_args(["feeds", *line])
    lines: list[str] = await args.work(args, rows)
    return lines


async def test_adds_an_address_in_one_spelling() -> None:
    rows = FakeRows()
    assert await work(rows, "add", "HTTP://Example.org:80", "--every", "5") == ["added http://example.org/"]
    assert rows.intervals == {"http://example.org/": 5.0}


async def test_removes_in_either_spelling() -> None:
    rows = FakeRows("http://example.org/", "http://example.org/as-it-was#registered")
    await work(rows, "remove", "http://EXAMPLE.org")
    await work(rows, "remove", "http://example.org/as-it-was#registered")
    assert not rows.known
    with pytest.raises(NothingFound, match="is not among the feeds"):
        await work(rows, "remove", "http://example.org/")


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org/feed", "http://user:pw@example.org/", "javascript:alert(1)"])
async def test_what_can_not_be_a_feed_is_refused(url: str) -> None:
    rows = FakeRows()
    with pytest.raises(CommandFailed, match="can not be a feed"):
        await work(rows, "add", url)
    assert not rows.known


async def test_lists_for_a_person_and_for_a_program() -> None:
    rows = FakeRows("https://example.org/feed")
    (line,) = await work(rows, "list")
    assert line == ("polled  https://example.org/feed  2026-03-02 09:00:00Z not_a_feed (a web page)  3 polls  A \\x1b[31mtitle")
    (line,) = await work(rows, "list", "--json")
    assert '"last_polled_at": "2026-03-02T09:00:00+00:00"' in line
    assert "not polled yet" in feeds.feed_line({**ROW, "last_polled_at": None, "last_result": None, "last_detail": None})


def test_a_database_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ONRECORD_FEED_DATABASE", "postgresql://user:s3cret@127.0.0.1:9/x")
    assert main(["feeds", "list"]) == 2
    assert capsys.readouterr().err == "onrecord: the feed database can not be used (ConnectionRefusedError)\n"
    monkeypatch.setenv("ONRECORD_FEED_DATABASE", "s3cret")
    assert main(["feeds", "list"]) == 2
    assert capsys.readouterr().err == "onrecord: ONRECORD_FEED_DATABASE is not a PostgreSQL DSN\n"
