"""The Daily Record: RSS 2.0, plain pages, conditional answers. It also keeps an archive that its feed does not show."""

from datetime import datetime

from aiohttp import web

from newspapers.content import Report, seed_article, stored_pages
from newspapers.feeds import rss
from newspapers.shelf import Shelf, robots
from newspapers.story import Document, Expected, Feed, backlog
from newspapers.templates import plain

ROBOTS = "User-agent: *\nDisallow: /search\n"


class DailyRecord:
    name = "The Daily Record"

    def __init__(self, base: str, reports: list[Report], archived: Report, opened_at: datetime) -> None:
        """`archived` is a page of this host that only other outlets link to."""
        self.base = base
        self._opened_at = opened_at
        self._shelf = Shelf(self.name, base, plain)
        self._shelf.put(*backlog([seed_article(), *reports, *stored_pages()], "/news", opened_at))
        self._archive = Shelf(self.name, base, plain)
        self._archive.put(*backlog([archived], "/archive", opened_at))
        self.syndicated = (f"{base}/news/{reports[0].key}", reports[0])
        self.archived = (f"{base}/archive/{archived.key}", archived)

    @property
    def published(self) -> int:
        return len(self._shelf.stories)

    def feeds(self) -> list[Feed]:
        return [Feed(f"{self.base}/rss.xml", self.name, "rss")]

    def advance(self, step: int, at: datetime) -> None:
        """Its stories are all out from the start."""

    def expected(self) -> list[Expected]:
        return [self._end(item.link, item.story.report) for item in self._shelf.entries()]

    def _end(self, link: str, report: Report) -> Expected:
        reason = None if report.language == "en" else "unsupported_language"
        # Roundabout links here too, so whichever item is fetched first stores the article.
        also = ("duplicate", "unchanged") if link == self.syndicated[0] else ()
        return Expected(link, "stored", reason, also)

    def _feed(self) -> Document:
        body = rss(self.name, self.base, self._shelf.entries())
        return Document(body, "application/rss+xml; charset=utf-8", self._shelf.changed_at())

    async def respond(self, request: web.Request) -> web.StreamResponse:
        if request.path in self._archive.stories:
            return self._archive.respond(request, {})
        return self._shelf.respond(request, {"/rss.xml": self._feed, "/robots.txt": lambda: robots(ROBOTS, self._opened_at)})
