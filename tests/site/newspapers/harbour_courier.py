"""Harbour Courier: Atom, pages with JSON-LD, and an editor who corrects one story after it is out."""

from dataclasses import replace
from datetime import datetime

from aiohttp import web

from newspapers.content import Report, text_edit
from newspapers.feeds import atom
from newspapers.shelf import Shelf, robots
from newspapers.story import Document, Expected, Feed, backlog
from newspapers.templates import structured

# At the demo's pace one minute: the first text is fetched and stored before it changes.
EDIT_STEP = 12


def corrected(report: Report) -> Report:
    """One statement in other words, one gone, one more."""
    edit = text_edit()
    kept = [text for text in report.paragraphs if text != edit["vanishes"]]
    paragraphs = [text.replace(edit["old"], edit["new"]) for text in kept]
    paragraphs.insert(paragraphs.index(edit["after"]) + 1, edit["added"])
    return replace(report, paragraphs=tuple(paragraphs))


class HarbourCourier:
    name = "Harbour Courier"

    def __init__(self, base: str, reports: list[Report], opened_at: datetime) -> None:
        """`reports` must hold the one that edit.json names."""
        self.base = base
        self._opened_at = opened_at
        self._shelf = Shelf(self.name, base, structured)
        self._shelf.put(*backlog(reports, "/2026/stories", opened_at))
        self._edited_path = f"/2026/stories/{text_edit()['key']}"
        self._edited = False

    @property
    def edited_link(self) -> str:
        return self.base + self._edited_path

    @property
    def published(self) -> int:
        return len(self._shelf.stories)

    def feeds(self) -> list[Feed]:
        return [Feed(f"{self.base}/atom.xml", self.name, "atom")]

    def advance(self, step: int, at: datetime) -> None:
        if step >= EDIT_STEP and not self._edited:
            story = self._shelf.stories[self._edited_path]
            self._shelf.put(story.revised(corrected(story.report), at))
            self._edited = True

    def expected(self) -> list[Expected]:
        return [
            Expected(item.link, "stored", revisions=2 if self._edited and item.link == self.edited_link else 1)
            for item in self._shelf.entries()
        ]

    def _feed(self) -> Document:
        body = atom(self.name, self.base, self._shelf.entries())
        return Document(body, "application/atom+xml; charset=utf-8", self._shelf.changed_at())

    async def respond(self, request: web.Request) -> web.StreamResponse:
        allowed = robots("User-agent: *\nAllow: /\n", self._opened_at)
        return self._shelf.respond(request, {"/atom.xml": self._feed, "/robots.txt": lambda: allowed})
