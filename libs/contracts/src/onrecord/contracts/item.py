"""What a feed showed: the first event of an item's life."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from onrecord.contracts.event import Data, Event, ItemRef, Lane, OpenEnum


class ItemReason(OpenEnum):
    new = "new"
    changed = "changed"
    refetch = "refetch"
    reconcile = "reconcile"
    redrive = "redrive"
    backfill = "backfill"
    redirect = "redirect"
    other = "other"


class Validators(Data):
    """What a conditional request needs, opaque as received."""

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


class Enclosure(Data):
    url: str
    type: str | None = None
    length: int | None = None


class Hop(Data):
    """The way so far, when a redirect to another host was emitted again under that host's key."""

    url_requested: str
    redirects: int = Field(ge=1)


class Item(Event):
    ce_type: ClassVar[str] = "org.onrecord.item.found.v1"
    topic: ClassVar[str] = "onrecord.item.v1"
    schema_name: ClassVar[str] = "item"

    item_id: UUID
    item_revision: int = Field(ge=1)
    feed_id: UUID
    feed_url: str
    feed_title: str | None = None
    guid: str | None = None
    link: str
    link_host: str = Field(description="host:port of the link; the record's key")
    title: str | None = None
    summary: str | None = None
    content_html: str | None = None
    authors: tuple[str, ...] | None = None
    published_at: AwareDatetime | None = None
    published_raw: str | None = None
    updated_at: AwareDatetime | None = None
    discovered_at: AwareDatetime
    categories: tuple[str, ...] | None = None
    language: str | None = None
    enclosures: tuple[Enclosure, ...] | None = None
    reason: ItemReason
    validators: Validators | None = None
    hop: Hop | None = None
    truncated: bool | None = None
    lane: Lane

    @property
    def subject(self) -> str:
        return str(self.item_id)

    @property
    def key(self) -> str:
        return self.link_host

    @property
    def event_revision(self) -> tuple[str, ...]:
        hop = (str(self.hop.redirects), self.link) if self.hop else ()
        return (str(self.item_revision), *hop)

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.published_at or self.discovered_at

    @property
    def item_ref(self) -> ItemRef:
        return ItemRef(self.item_id, self.item_revision)

    @property
    def event_lane(self) -> Lane:
        return self.lane
