"""What one poll read: a feed and its items, cleaned, capped and dated. Plain data that crosses process borders."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from onrecord.contracts.item import Enclosure


class Flag(StrEnum):
    """What was left out of a feed that could be read; each is counted."""

    too_many_items = "too_many_items"
    xml_too_deep = "xml_too_deep"
    xml_not_wellformed = "xml_not_wellformed"
    feed_too_complex = "feed_too_complex"
    content_too_complex = "content_too_complex"
    field_too_long = "field_too_long"
    item_without_link = "item_without_link"
    item_link_refused = "item_link_refused"


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One entry. `link` is absolute; `guid` is bounded; `truncated` when any field was cut.

    `title` and `summary` are plain text, `content_html` is markup as sent and never to be shown as such.
    `published_at` is absent where the feed's date cannot be right; `published_raw` keeps what it said.
    """

    link: str
    guid: str | None = None
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_raw: str | None = None
    updated_at: datetime | None = None
    categories: tuple[str, ...] = ()
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """`skip_hours` are UTC hours 0 to 23, `skip_days` weekdays with Monday 0 (RSS 2.0). `flags` counts what was left out."""

    version: str
    title: str | None = None
    language: str | None = None
    site_link: str | None = None
    self_link: str | None = None
    hubs: tuple[str, ...] = ()
    ttl_s: int | None = None
    update_period_s: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    items: tuple[ParsedItem, ...] = ()
    flags: dict[Flag, int] = field(default_factory=dict)

    @property
    def partial(self) -> bool:
        return bool(self.flags)
