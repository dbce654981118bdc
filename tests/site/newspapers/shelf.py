"""An outlet's published stories, rendered by its template, and what every outlet can be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Protocol

from aiohttp import web

from newspapers.feeds import Entry, entry
from newspapers.story import Document, Expected, Feed, Story, answer

Template = Callable[[Story, str, str], str]

HTML = "text/html; charset=utf-8"
FEED_ITEMS = 20  # what most papers show; a reader that polls less often than twenty stories take loses some


class Outlet(Protocol):
    name: str
    base: str

    def feeds(self) -> list[Feed]: ...
    def expected(self) -> list[Expected]: ...
    def advance(self, step: int, at: datetime) -> None: ...
    async def respond(self, request: web.Request) -> web.StreamResponse: ...


@dataclass
class Shelf:
    outlet: str
    base: str
    template: Template
    stories: dict[str, Story] = field(default_factory=dict)

    def put(self, *stories: Story) -> None:
        self.stories.update({story.path: story for story in stories})

    def page(self, path: str) -> Document | None:
        if (story := self.stories.get(path)) is None:
            return None
        body = story.report.html or self.template(story, self.outlet, self.base + path).encode()
        return Document(body, HTML, story.updated_at)

    def entries(self, limit: int = FEED_ITEMS) -> list[Entry]:
        newest_first = sorted(self.stories.values(), key=lambda story: story.published_at, reverse=True)
        return [entry(story, self.base) for story in newest_first[:limit]]

    def changed_at(self) -> datetime:
        return max(story.updated_at for story in self.stories.values())

    def front_page(self) -> Document:
        links = "".join(
            f'<li><a href="{item.link}">{escape(item.story.report.title)}</a></li>\n' for item in self.entries(limit=50)
        )
        head = f"<!DOCTYPE html><html><head><title>{self.outlet}</title></head><body><h1>{self.outlet}</h1>"
        body = f"{head}<ul>\n{links}</ul></body></html>"
        return Document(body.encode(), HTML, self.changed_at())

    def respond(self, request: web.Request, others: dict[str, Callable[[], Document]]) -> web.Response:
        """`others` are the outlet's documents that are no story: its feed and its robots.txt, by path."""
        if request.path in others:
            return answer(request, others[request.path]())
        if request.path == "/":
            return answer(request, self.front_page())
        if (document := self.page(request.path)) is not None:
            return answer(request, document)
        return web.Response(status=404, text="not found")


def robots(text: str, at: datetime) -> Document:
    return Document(text.encode(), "text/plain; charset=utf-8", at)
