"""Roundabout: RSS 1.0 whose links lead round corners: redirects, pages gone, a busy server, rooms closed to robots."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from aiohttp import web

from newspapers.content import Report
from newspapers.feeds import Entry, rdf
from newspapers.shelf import Shelf, robots
from newspapers.story import Clock, Document, Expected, Feed, Story, backlog
from newspapers.templates import old_fashioned

CRAWL_DELAY_S = 2  # longer than the default second between fetches, so that obeying it can be seen
BUSY_ANSWERS = 2  # a retry must fail once more before the page comes
SECOND_COMER = ("duplicate", "unchanged")  # of two items with one article, the first fetched stores it
RETRY_AFTER_S = 1  # short, so that tests and demo see the recovery
ROBOTS = f"User-agent: *\nDisallow: /members/\nCrawl-delay: {CRAWL_DELAY_S}\n"


@dataclass(frozen=True)
class Detour:
    """A feed link that is not simply its story's page: `end` tells what must become of it, less the outlet's address."""

    story: Story
    status: int
    end: Expected
    target: str = ""

    @property
    def path(self) -> str:
        return self.end.link


def detours(moved: Story, busy: list[Story], elsewhere: list[tuple[str, Report]]) -> list[Detour]:
    """`elsewhere` are pages of another outlet: one that its own feed does not show, and one that it does."""
    (archive_link, archived), (syndicated_link, syndicated) = elsewhere
    dead = busy[0]
    return [
        Detour(moved, 301, Expected("/go/moved", "stored"), moved.path),
        Detour(replace(moved, report=archived), 302, Expected("/go/archive", "stored"), archive_link),
        Detour(replace(moved, report=syndicated), 302, Expected("/go/syndicated", "stored", also=SECOND_COMER), syndicated_link),
        Detour(dead, 302, Expected("/go/loop", "fetch_failed", "too_many_redirects"), "/go/pool"),
        Detour(dead, 302, Expected("/go/pool", "fetch_failed", "too_many_redirects"), "/go/loop"),
        Detour(dead, 404, Expected("/lost/page", "gone", "http_404")),
        Detour(dead, 410, Expected("/lost/withdrawn", "gone", "http_410")),
        Detour(busy[0], 503, Expected("/busy/seconds", "stored", failures=BUSY_ANSWERS)),
        Detour(busy[1], 503, Expected("/busy/date", "stored", failures=BUSY_ANSWERS)),
        Detour(dead, 503, Expected("/busy/always", "fetch_failed", "http_503")),
        Detour(dead, 200, Expected("/members/only", "robots_disallowed")),
    ]


class Roundabout:
    name = "Roundabout"

    def __init__(
        self, base: str, reports: list[Report], elsewhere: list[tuple[str, Report]], clock: Clock, opened_at: datetime
    ) -> None:
        """The first of `reports` has moved, the next two are behind a busy server, the rest are at their own addresses."""
        self.base = base
        self._clock = clock
        self._opened_at = opened_at
        moved, *rest = backlog(reports, "/story", opened_at)
        self._shelf = Shelf(self.name, base, old_fashioned)
        self._shelf.put(*rest[2:])
        self._moved = Shelf(self.name, base, old_fashioned)
        self._moved.put(moved)
        self._detours = {detour.path: detour for detour in detours(moved, rest[:2], elsewhere)}
        self._busy: Counter[str] = Counter()

    @property
    def published(self) -> int:
        return len(self._entries())

    def feeds(self) -> list[Feed]:
        return [Feed(f"{self.base}/feed.rdf", self.name, "rdf")]

    def advance(self, step: int, at: datetime) -> None:
        """Its stories are all out from the start."""

    def _entries(self) -> list[Entry]:
        round_corners = [Entry(detour.story, self.base + path, path) for path, detour in self._detours.items()]
        return [*self._shelf.entries(), *round_corners]

    def expected(self) -> list[Expected]:
        ends = [detour.end for detour in self._detours.values()]
        straight = [Expected(item.link, "stored") for item in self._shelf.entries()]
        return [*straight, *(replace(end, link=self.base + end.link) for end in ends)]

    def _feed(self) -> Document:
        body = rdf(self.name, self.base, self._entries())
        return Document(body, "application/rdf+xml; charset=utf-8", self._shelf.changed_at())

    async def respond(self, request: web.Request) -> web.StreamResponse:
        if (detour := self._detours.get(request.path)) is not None:
            return self._detour(detour)
        if request.path in self._moved.stories:
            return self._moved.respond(request, {})
        others: dict[str, Callable[[], Document]] = {
            "/feed.rdf": self._feed,
            "/robots.txt": lambda: robots(ROBOTS, self._opened_at),
        }
        return self._shelf.respond(request, others)

    def _detour(self, detour: Detour) -> web.Response:
        if detour.target:
            return web.Response(status=detour.status, headers={"Location": detour.target})
        if detour.status == 503:
            return self._busy_answer(detour)
        if detour.status != 200:
            return web.Response(status=detour.status, text="no such page")
        return self._lent_page(detour)

    def _busy_answer(self, detour: Detour) -> web.Response:
        self._busy[detour.path] += 1
        if detour.end.outcome == "stored" and self._busy[detour.path] > BUSY_ANSWERS:
            return self._lent_page(detour)
        at = self._clock() + timedelta(seconds=RETRY_AFTER_S)
        after = format_datetime(at, usegmt=True) if detour.path.endswith("date") else str(RETRY_AFTER_S)
        return web.Response(status=503, headers={"Retry-After": after}, text="busy")

    def _lent_page(self, detour: Detour) -> web.Response:
        page = old_fashioned(detour.story, self.name, self.base + detour.path)
        return web.Response(text=page, content_type="text/html", charset="utf-8")
