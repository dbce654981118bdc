"""How an item's life ended: the ledger's entries."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from onrecord.contracts.event import Event, ItemRef, Lane, OpenEnum
from onrecord.contracts.ids import micros
from onrecord.contracts.item import Validators


class OutcomeKind(OpenEnum):
    stored = "stored"
    unchanged = "unchanged"
    duplicate = "duplicate"
    superseded = "superseded"
    no_text = "no_text"
    not_article = "not_article"
    not_html = "not_html"
    robots_disallowed = "robots_disallowed"
    rights_reserved = "rights_reserved"
    gone = "gone"
    blocked_address = "blocked_address"
    body_too_large = "body_too_large"
    fetch_failed = "fetch_failed"
    parse_killed = "parse_killed"
    taken_down = "taken_down"
    dead_letter = "dead_letter"
    unaccounted = "unaccounted"
    other = "other"

    @property
    def strength(self) -> int:
        """Of two ends of one item revision the stronger is effective; a redriven dead letter becomes stored."""
        if self in (OutcomeKind.stored, OutcomeKind.unchanged, OutcomeKind.duplicate):
            return 3
        return {OutcomeKind.unaccounted: 0, OutcomeKind.dead_letter: 1}.get(self, 2)


class Outcome(Event):
    """One end of one item revision, as a service saw it."""

    ce_type: ClassVar[str] = "org.onrecord.outcome.recorded.v1"
    topic: ClassVar[str] = "onrecord.outcome.v1"
    schema_name: ClassVar[str] = "outcome"

    item_id: UUID
    item_revision: int = Field(ge=1)
    article_id: UUID | None = None
    outcome: OutcomeKind = Field(description="how the item revision ended; of several the strongest counts")
    service: str = Field(description="who recorded it")
    reason: str | None = Field(default=None, description="low-cardinality word")
    statements: int | None = Field(default=None, ge=0, description="count of the statements stored")
    validators: Validators | None = Field(default=None, description="what a conditional request for the page needs")
    discovered_at: AwareDatetime | None = Field(default=None, description="absent when the item could not be read")
    ended_at: AwareDatetime = Field(description="when it ended")
    lane: Lane

    @property
    def subject(self) -> str:
        return str(self.item_id)

    @property
    def key(self) -> str:
        return str(self.item_id)

    @property
    def event_revision(self) -> tuple[str, ...]:
        return (str(self.item_revision), self.service, self.outcome)

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.ended_at

    @property
    def item_ref(self) -> ItemRef:
        return ItemRef(self.item_id, self.item_revision)

    @property
    def event_lane(self) -> Lane:
        return self.lane


class Deferred(Event):
    """No end: the item waits in a retry tier until `until`, and its deadline moves with it."""

    ce_type: ClassVar[str] = "org.onrecord.outcome.deferred.v1"
    topic: ClassVar[str] = "onrecord.outcome.v1"
    schema_name: ClassVar[str] = "deferred"

    item_id: UUID
    item_revision: int = Field(ge=1)
    service: str = Field(description="who will try again")
    reason: str = Field(description="low-cardinality word")
    attempt: int = Field(ge=1, description="tries so far")
    deferred_at: AwareDatetime = Field(description="when the try failed")
    until: AwareDatetime = Field(description="when the next try is due")
    lane: Lane

    @property
    def subject(self) -> str:
        return str(self.item_id)

    @property
    def key(self) -> str:
        return str(self.item_id)

    @property
    def event_revision(self) -> tuple[str, ...]:
        return (str(self.item_revision), self.service, micros(self.until))

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.deferred_at

    @property
    def item_ref(self) -> ItemRef:
        return ItemRef(self.item_id, self.item_revision)

    @property
    def event_lane(self) -> Lane:
        return self.lane
