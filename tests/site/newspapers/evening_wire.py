"""Evening Wire: JSON Feed, a new article at every step: first interviews and wire copies, then digests without end."""

from datetime import datetime

from aiohttp import web

from newspapers.content import Report
from newspapers.digest import digest
from newspapers.feeds import json_feed
from newspapers.shelf import Shelf, robots
from newspapers.story import Document, Expected, Feed, Story, backlog
from newspapers.templates import nested

OPENING_STORIES = 3
FEED_ITEMS = 50  # a wire shows more: 50 stories are four minutes at the demo's pace


class EveningWire:
    name = "Evening Wire"

    def __init__(self, base: str, pool: list[Report], seed: int, opened_at: datetime) -> None:
        self.base = base
        self._opened_at = opened_at
        self._seed = seed
        self._pool = pool
        self._shelf = Shelf(self.name, base, nested)
        self._shelf.put(*backlog(pool[:OPENING_STORIES], "/wire", opened_at))

    @property
    def published(self) -> int:
        return len(self._shelf.stories)

    def feeds(self) -> list[Feed]:
        return [Feed(f"{self.base}/feed.json", self.name, "json")]

    def _report(self, number: int) -> Report:
        return self._pool[number] if number < len(self._pool) else digest(number - len(self._pool), self._seed)

    def advance(self, step: int, at: datetime) -> None:
        report = self._report(self.published)
        self._shelf.put(Story(report, f"/wire/{report.key}", at, at))

    def expected(self) -> list[Expected]:
        return [Expected(item.link, "stored") for item in self._shelf.entries(limit=self.published)]

    def _feed(self) -> Document:
        body = json_feed(self.name, self.base, self._shelf.entries(FEED_ITEMS))
        return Document(body, "application/feed+json; charset=utf-8", self._shelf.changed_at())

    async def respond(self, request: web.Request) -> web.StreamResponse:
        allowed = robots("User-agent: *\nDisallow:\n", self._opened_at)
        return self._shelf.respond(request, {"/feed.json": self._feed, "/robots.txt": lambda: allowed})
