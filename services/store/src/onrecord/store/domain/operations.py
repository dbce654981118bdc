"""What the API answers about the work itself. Absent when unknown, never null; times are RFC 3339 UTC."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from onrecord.store.domain.answers import Answer


class DeadLetterEntry(Answer):
    """An item revision whose effective outcome is `dead_letter`."""

    item_id: UUID
    item_revision: int
    feed_url: str | None = None
    feed_title: str | None = None
    link: str | None = None
    title: str | None = None
    service: str | None = None
    reason: str | None = None
    ended_at: datetime | None = None


class DeadLetters(Answer):
    dead_letters: list[DeadLetterEntry]


class FeedEntry(Answer):
    """A feed as its items show it; `items` = the sum of `outcomes` + `in_flight`. Its polls are not known here."""

    feed_url: str
    feed_title: str | None = None
    items: int
    in_flight: int
    deferred: int = Field(description="those in flight that wait in a retry tier")
    outcomes: dict[str, int]
    last_discovered_at: datetime | None = None
    last_ended_at: datetime | None = None


class Feeds(Answer):
    """Those with the newest items first; `total` counts all."""

    feeds: list[FeedEntry]
    total: int


class TopicLag(Answer):
    """Records of `topic` that `group` has yet to pass; absent where the broker can not tell."""

    group: str
    topic: str
    records: int | None = None


class ConsumerLag(Answer):
    """`asked_at` is when the broker was asked; an answer is kept for a few seconds."""

    asked_at: datetime
    lags: list[TopicLag]


class ConsoleSettings(Answer):
    trace_url: str | None = Field(default=None, description="address of a trace, with {trace_id} in its place")
