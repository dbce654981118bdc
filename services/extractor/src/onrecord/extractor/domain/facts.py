"""What a page says of itself, before anything is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Byline:
    """A name with what the page calls it; `kind` is a schema.org type or empty."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Structured:
    """The article's JSON-LD. `types` are those of every node of the page, `article_type` that of the article's own."""

    types: frozenset[str] = frozenset()
    article_type: str = ""
    headline: str = ""
    authors: tuple[Byline, ...] = ()
    published: str = ""
    modified: str = ""
    publisher: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    free: bool | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """Meta elements by lower-case name or property, all values in page order, and the few elements that name the article.

    `times` stand below the headline, `authors` are marked as such.
    """

    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    headings: tuple[str, ...] = ()
    canonical: str = ""
    language: str = ""
    times: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()

    def first(self, *names: str) -> str:
        """The first value of the first of `names` that the page has."""
        return next((self.meta[name][0] for name in names if name in self.meta), "")

    def all(self, *names: str) -> tuple[str, ...]:
        return tuple(value for name in names for value in self.meta.get(name, ()))
