"""What the API answers. Absent when unknown, never null; times are RFC 3339 UTC."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from onrecord.contracts import Publisher, Revision, Statement


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class StatementEntry(Answer):
    """`statement` is the event as it stands on `onrecord.statement.latest.v1`."""

    at: datetime = Field(description="when its article was published; when it was fetched where that is unknown")
    first_stored_at: datetime
    stored_at: datetime
    retracted: str | None = Field(default=None, description="why it is gone: vanished, replaced or taken_down")
    replaced_by: UUID | None = None
    statement: Statement


class StatementPage(Answer):
    statements: list[StatementEntry]
    next: str | None = Field(default=None, description="cursor of the following page; absent on the last")


class ArticleEntry(Answer):
    article_id: UUID
    version: int
    url: str
    canonical_url: str | None = None
    title: str
    publisher: Publisher
    language: str
    at: datetime
    revision: Revision
    text_sha256: str
    statement_count: int
    item_id: UUID
    item_revision: int
    first_stored_at: datetime
    stored_at: datetime


class ArticlePage(Answer):
    articles: list[ArticleEntry]
    next: str | None = None


class ArticleWithStatements(ArticleEntry):
    text: str
    statements: list[StatementEntry]


class LedgerSummary(Answer):
    """`items_in` = the sum of `outcomes` + `in_flight`; `deferred` are those in flight that wait in a retry tier."""

    items_in: int
    in_flight: int
    deferred: int
    outcomes: dict[str, int]


class Hop(Answer):
    """One record of the item's life, as the store saw it."""

    type: str
    source: str | None = None
    topic: str
    subject: str
    url: str | None = None
    trace_id: str | None = None
    event_id: str
    occurred_at: datetime
    recorded_at: datetime | None = None
    seen_at: datetime
    detail: dict[str, object]


class ArticleArrival(Answer):
    """`arrived` of `expected` statements are there; the revision closes when all are."""

    article_id: UUID
    revision: Revision
    expected: int
    arrived: int
    complete: bool
    outcome: str | None = None
    arrived_at: datetime
    closed_at: datetime | None = None


class SupersededOutcome(Answer):
    outcome: str
    service: str
    reason: str | None = None
    ended_at: datetime
    effective_outcome: str


class Deferral(Answer):
    until: datetime
    reason: str | None = None
    attempt: int | None = None


class ItemLife(Answer):
    """One revision of an item, from discovery to its end; without `outcome` it is in flight."""

    item_id: UUID
    item_revision: int
    feed_id: UUID | None = None
    feed_url: str | None = None
    feed_title: str | None = None
    guid: str | None = None
    link: str | None = None
    title: str | None = None
    reason: str | None = None
    lane: str | None = None
    published_at: datetime | None = None
    discovered_at: datetime | None = None
    outcome: str | None = None
    service: str | None = None
    outcome_reason: str | None = None
    ended_at: datetime | None = None
    article_id: UUID | None = None
    statements: int | None = None
    deferred: Deferral | None = None
    trace_ids: list[str]
    hops: list[Hop]
    articles: list[ArticleArrival]
    superseded_outcomes: list[SupersededOutcome]


class ItemPath(Answer):
    item_id: UUID
    revisions: list[ItemLife]


class ItemPaths(Answer):
    items: list[ItemPath]


class Problem(Answer):
    """Every error's body."""

    error: str
    detail: str
