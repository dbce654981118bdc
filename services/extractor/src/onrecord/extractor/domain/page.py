"""What goes into an extraction and what comes out: frozen and picklable, since a worker process does the work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from onrecord.contracts import ArticleKind, Partial, Publisher, Rights, When


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What the feed said of the page; `published_at` is aware."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    language: str | None = None
    publisher: str | None = None


class Limit(StrEnum):
    """A bound at which text of the page was left out."""

    html_too_large = "html_too_large"
    html_too_deep = "html_too_deep"
    html_too_complex = "html_too_complex"
    text_too_long = "text_too_long"


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """An article as read from its page. `text` is clean NFC, one paragraph a line; absent facts are None or empty.

    `truncated` is true where a bound was met, `limits` tells which.
    """

    title: str
    text: str
    language: str
    publisher: Publisher
    authors: tuple[str, ...] = ()
    published_at: When | None = None
    modified_at: When | None = None
    canonical_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    kind: ArticleKind = ArticleKind.report
    partial: Partial | None = None
    rights: Rights | None = None
    limits: tuple[Limit, ...] = ()

    @property
    def truncated(self) -> bool:
        return bool(self.limits)
