"""The Broken Gazette: one readable feed whose links hurt, and three feeds that are none or hardly one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from aiohttp import web

from newspapers import hostile
from newspapers.content import Report
from newspapers.feeds import Entry, rss
from newspapers.hostile import Pause
from newspapers.shelf import HTML, Shelf, robots
from newspapers.story import Document, Expected, Feed, Story, answer, backlog
from newspapers.templates import plain

ROBOTS = "User-agent: *\nDisallow: /subscribers/\n"
SNIFFED = ("no_text", "not_article")  # whoever believes the header instead of the bytes comes to these ends
TITLES = {
    "/files/budget.pdf": "The budget as a PDF",
    "/files/harbour.jpg": "The harbour in one picture",
    "/files/mislabelled": "A picture that says it is a page",
    "/sections": "All our sections",
    "/empty": "Nothing",
    "/huge": "The minutes in full",
    "/bomb": "The minutes, compressed",
    "/slow": "A long story",
    "/gzip": "Sent by fax",
    "/to-private": "From our intranet, by redirect",
    "/to-metadata": "From our cloud, by redirect",
}
PRIVATE_LINKS = (
    "http://10.0.0.1/report",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:9/report",
    "http://[::1]:9/report",
)


def hostile_ends() -> list[Expected]:
    """Paths of this outlet, and addresses that are not its own."""
    return [
        Expected("/files/budget.pdf", "not_html"),
        Expected("/files/harbour.jpg", "not_html"),
        Expected("/files/mislabelled", "not_html", also=SNIFFED),
        Expected("/sections", "not_article", also=("no_text",)),
        Expected("/empty", "no_text"),
        Expected("/huge", "body_too_large"),
        Expected("/bomb", "body_too_large"),
        Expected("/slow", "fetch_failed", "timeout_total"),
        Expected("/gzip", "fetch_failed", "body_decode_error"),
        Expected("/to-private", "blocked_address"),
        Expected("/to-metadata", "blocked_address"),
        *(Expected(link, "blocked_address") for link in PRIVATE_LINKS),
    ]


@dataclass(frozen=True)
class Texts:
    """The five reports this outlet mistreats."""

    charset: Report
    nested: Report
    full: Report
    sloppy: tuple[Report, Report]


def mangled(report: Report) -> bytes:
    """windows-1252 bytes that the header calls UTF-8."""
    curly = replace(report, paragraphs=tuple(text.replace("'", "’") for text in report.paragraphs))
    return "\n".join(f"<p>{text}</p>" for text in curly.paragraphs).encode("cp1252", errors="xmlcharrefreplace")


class BrokenGazette:
    name = "The Broken Gazette"

    def __init__(self, base: str, texts: Texts, seed: int, pause: Pause, opened_at: datetime) -> None:
        self.base = base
        self._texts = texts
        self._seed = seed
        self._pause = pause
        self._opened_at = opened_at
        self._shelf = Shelf(self.name, base, plain)
        self._shelf.put(*backlog(list(texts.sloppy), "/plain", opened_at))
        self._odd = backlog([texts.charset, texts.nested, texts.full, texts.full], "", opened_at)

    @property
    def published(self) -> int:
        return len(self.expected())

    def feeds(self) -> list[Feed]:
        return [
            Feed(f"{self.base}/feed.xml", self.name, "rss"),
            Feed(f"{self.base}/sloppy.xml", self.name, "rss"),
            Feed(f"{self.base}/garbage.xml", self.name, "rss", "broken"),
            Feed(f"{self.base}/front.html", self.name, "html", "not_a_feed"),
        ]

    def advance(self, step: int, at: datetime) -> None:
        """Its stories are all out from the start."""

    def expected(self) -> list[Expected]:
        own = [
            Expected("/odd/charset", "stored"),
            Expected("/odd/nested", "no_text", also=("stored", "not_article", "parse_killed")),
            Expected("/subscribers/full", "stored", "from_feed"),
            Expected("/subscribers/teaser", "robots_disallowed"),
            *(Expected(path, "stored") for path in self._shelf.stories),
            *hostile_ends(),
        ]
        return [replace(end, link=self.base + end.link) if end.link.startswith("/") else end for end in own]

    def _entries(self) -> list[Entry]:
        charset, nested, full, teaser = self._odd
        content = "".join(f"<p>{text}</p>" for text in full.report.paragraphs)
        odd = [
            Entry(charset, f"{self.base}/odd/charset", "charset"),
            Entry(nested, f"{self.base}/odd/nested", "nested"),
            Entry(full, f"{self.base}/subscribers/full", "full", content),
            Entry(self._retitled(teaser, "For subscribers"), f"{self.base}/subscribers/teaser", "teaser"),
        ]
        for end in hostile_ends():
            story = self._retitled(teaser, TITLES.get(end.link, "From our intranet"))
            odd.append(Entry(story, self.base + end.link if end.link.startswith("/") else end.link, f"hostile:{end.link}"))
        return odd

    def _retitled(self, story: Story, title: str) -> Story:
        return replace(story, report=replace(story.report, title=title, paragraphs=(title,)))

    def _feed(self) -> Document:
        return Document(rss(self.name, self.base, self._entries()), "application/rss+xml; charset=utf-8", self._opened_at)

    def _sloppy(self) -> Document:
        """Two items a lenient parser can read: bare ampersands, an unknown entity, and no end."""
        body = rss(f"{self.name} & sons", self.base, self._shelf.entries()).decode()
        body = body.replace("&amp;", "&").replace("<description>", "<description>News&nbsp;& views: ")
        return Document(body[: body.rindex("</channel>")].encode(), "text/xml; charset=utf-8", self._opened_at)

    def _garbage(self) -> Document:
        noise = Random(f"garbage {self._seed}").randbytes(2048)
        return Document(b'<?xml version="1.0"?><rss version="2.0"><channel><<' + noise, "application/rss+xml", self._opened_at)

    def _html(self, text: str) -> Document:
        return Document(text.encode(), HTML, self._opened_at)

    def _documents(self) -> dict[str, Callable[[], Document]]:
        at = self._opened_at
        head = b"<!DOCTYPE html><html><head><title>Odd</title></head><body><article>"
        charset = head + b"<h1>" + self._texts.charset.title.encode("cp1252", "replace") + b"</h1>" + mangled(self._texts.charset)
        return {
            "/robots.txt": lambda: robots(ROBOTS, at),
            "/feed.xml": self._feed,
            "/sloppy.xml": self._sloppy,
            "/garbage.xml": self._garbage,
            "/front.html": lambda: self._html(hostile.index_page()),
            "/sections": lambda: self._html(hostile.index_page()),
            "/empty": lambda: self._html(""),
            "/odd/charset": lambda: Document(charset + b"</article></body></html>", HTML, at),
            "/odd/nested": lambda: self._html(hostile.nested_page(self._texts.nested)),
            "/subscribers/full": lambda: self._html(plain(self._odd[2], self.name, f"{self.base}/subscribers/full")),
            "/subscribers/teaser": lambda: self._html(plain(self._odd[3], self.name, f"{self.base}/subscribers/teaser")),
            "/files/budget.pdf": lambda: Document(hostile.PDF, "application/pdf", at),
            "/files/harbour.jpg": lambda: Document(hostile.pixels(self._seed), "image/jpeg", at),
            "/files/mislabelled": lambda: Document(hostile.pixels(self._seed), HTML, at),
        }

    async def respond(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/huge":
                return await hostile.huge(request)
            case "/bomb":
                return await hostile.bomb(request)
            case "/slow":
                return await hostile.drip(request, self._pause)
            case "/gzip":
                return hostile.garbled_gzip(self._seed)
            case "/to-private":
                return web.Response(status=302, headers={"Location": PRIVATE_LINKS[0]})
            case "/to-metadata":
                return web.Response(status=302, headers={"Location": PRIVATE_LINKS[1]})
        if (document := self._documents().get(request.path)) is not None:
            return answer(request, document())
        return self._shelf.respond(request, {})
