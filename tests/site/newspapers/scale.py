"""Many small newspapers for throughput runs: n hosts, each with an RSS feed, and so many generated articles in all."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property

from aiohttp import web

from newspapers.digest import digest
from newspapers.feeds import entry, rss
from newspapers.press import HOST, Asked, Press, listen
from newspapers.shelf import HTML, Template, robots
from newspapers.story import Clock, Document, Expected, Feed, Story, answer, whole_second
from newspapers.templates import nested, old_fashioned, plain, structured

TEMPLATES: tuple[Template, ...] = (plain, structured, nested, old_fashioned)
SPACING = timedelta(seconds=1)  # so close that 170,000 items of one feed are inside a reader's first 48 hours
NUMBER_AT = len("/a/")


class LocalPaper:
    """These numbers of the seed's digests; a page is made when it is asked for."""

    def __init__(self, number: int, base: str, articles: range, seed: int, opened_at: datetime) -> None:
        self.name = f"Local Paper {number}"
        self.base = base
        self._articles = articles
        self._seed = seed
        self._opened_at = opened_at
        self._template = TEMPLATES[number % len(TEMPLATES)]

    def _story(self, number: int) -> Story:
        at = self._opened_at - SPACING * (number - self._articles.start)
        return Story(digest(number, self._seed), f"/a/{number}", at, at)

    @cached_property
    def _feed(self) -> Document:
        entries = [entry(self._story(number), self.base) for number in self._articles]
        return Document(rss(self.name, self.base, entries), "application/rss+xml; charset=utf-8", self._opened_at)

    def feeds(self) -> list[Feed]:
        return [Feed(f"{self.base}/rss.xml", self.name, "rss")]

    def expected(self) -> list[Expected]:
        return [Expected(f"{self.base}/a/{number}", "stored") for number in self._articles]

    def advance(self, step: int, at: datetime) -> None:
        """All is out from the start."""

    def _page(self, path: str) -> Document | None:
        number = path[NUMBER_AT:]
        if not (path.startswith("/a/") and number.isascii() and number.isdecimal() and int(number) in self._articles):
            return None
        story = self._story(int(number))
        return Document(self._template(story, self.name, self.base + path).encode(), HTML, story.updated_at)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        others: dict[str, Callable[[], Document | None]] = {
            "/rss.xml": lambda: self._feed,
            "/robots.txt": lambda: robots("User-agent: *\nDisallow:\n", self._opened_at),
        }
        document = others.get(request.path, lambda: self._page(request.path))()
        return web.Response(status=404, text="not found") if document is None else answer(request, document)


class Scale:
    """`n_items` articles shared out over `n_feeds` newspapers as evenly as can be; all published when it starts."""

    def __init__(self, seed: int, n_feeds: int, n_items: int, clock: Clock) -> None:
        if n_feeds < 1 or n_items < 0:
            raise ValueError(f"cannot share {n_items} items over {n_feeds} feeds")
        self.seed = seed
        self._shares = [range(n_items * place // n_feeds, n_items * (place + 1) // n_feeds) for place in range(n_feeds)]
        self._clock = clock
        self._press = Press()
        self._papers: list[LocalPaper] = []

    async def start(self, port: int = 0) -> None:
        """Listen on consecutive ports of 127.0.0.1 from `port`, or on free ones where it is 0. OSError where one is taken."""
        at = whole_second(self._clock)
        listeners = listen(len(self._shares), port)
        bases = [f"http://{HOST}:{listener.getsockname()[1]}" for listener in listeners]
        self._papers = [
            LocalPaper(place, base, share, self.seed, at)
            for place, (base, share) in enumerate(zip(bases, self._shares, strict=True))
        ]
        addresses = "".join(f"{feed.url}\n" for feed in self.feeds())
        for paper, listener in zip(self._papers, listeners, strict=True):
            await self._press.print(paper, listener, {"/feeds.txt": addresses} if paper is self._papers[0] else {})

    def advance(self, steps: int = 1) -> None:
        """Nothing more comes out."""

    async def stop(self) -> None:
        await self._press.stop()

    @property
    def asked(self) -> list[Asked]:
        """The newest requests, oldest first."""
        return list(self._press.log)

    @property
    def addresses(self) -> list[str]:
        """Each newspaper's host:port."""
        return [paper.base.removeprefix("http://") for paper in self._papers]

    @property
    def allowed(self) -> list[str]:
        """What an address guard must let through, as CIDR:port."""
        return [address.replace(":", "/32:") for address in self.addresses]

    def feeds(self) -> list[Feed]:
        return [feed for paper in self._papers for feed in paper.feeds()]

    def expected(self) -> list[Expected]:
        return [end for paper in self._papers for end in paper.expected()]
