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
    body_sha256: str | None = Field(default=None, description="hex, of the body's bytes")


class Enclosure(Data):
    url: str
    type: str | None = Field(default=None, description="media type")
    length: int | None = Field(default=None, description="bytes, as the feed states")


class Hop(Data):
    """The way so far, when a redirect to another host was emitted again under that host's key."""

    url_requested: str = Field(description="URL that the item began with")
    redirects: int = Field(ge=1, description="redirects followed so far")


class Item(Event):
    """What a feed showed, new or changed; its `item_id` and `item_revision` stand on every later record of its life."""

    ce_type: ClassVar[str] = "org.onrecord.item.found.v1"
    topic: ClassVar[str] = "onrecord.item.v1"
    schema_name: ClassVar[str] = "item"

    item_id: UUID = Field(description="UUIDv5 of feed and guid, else link, else title and date")
    item_revision: int = Field(ge=1, description="1, 2, … as the feed shows the item changed or a new fetch is asked")
    feed_id: UUID = Field(description="UUIDv5 of the feed's URL")
    feed_url: str = Field(description="as registered")
    feed_title: str | None = None
    guid: str | None = Field(default=None, description="as the feed gives it")
    link: str = Field(description="address to fetch")
    link_host: str = Field(description="host:port of the link; the record's key")
    title: str | None = None
    summary: str | None = None
    content_html: str | None = Field(default=None, description="body that a full-content feed carries")
    authors: tuple[str, ...] | None = None
    published_at: AwareDatetime | None = Field(default=None, description="as the feed states it")
    published_raw: str | None = Field(default=None, description="the feed's own words for the date")
    updated_at: AwareDatetime | None = Field(default=None, description="as the feed states it")
    discovered_at: AwareDatetime = Field(description="when the poll saw it")
    categories: tuple[str, ...] | None = None
    language: str | None = Field(default=None, description="BCP 47, as the feed states it")
    enclosures: tuple[Enclosure, ...] | None = None
    reason: ItemReason = Field(description="why the item was sent")
    validators: Validators | None = Field(default=None, description="from the last fetch, for a conditional request")
    hop: Hop | None = Field(default=None, description="present where a redirect led to another host")
    truncated: bool | None = Field(default=None, description="true where a long field was cut")
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
