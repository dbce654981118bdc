"""An article's text with the manifest of its statements."""

from functools import total_ordering
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from onrecord.contracts.event import Data, Event, ItemRef, Lane, OpenEnum
from onrecord.contracts.ids import micros
from onrecord.contracts.item import Validators


@total_ordering
class Revision(Data):
    """Guards compare the pair, so an older engine never overwrites a newer extraction of the same page."""

    fetched_at: AwareDatetime
    engine_release: int = Field(ge=0)

    def __lt__(self, other: "Revision") -> bool:
        return (self.fetched_at, self.engine_release) < (other.fetched_at, other.engine_release)

    @property
    def fields(self) -> tuple[str, str]:
        return micros(self.fetched_at), str(self.engine_release)


class Status(OpenEnum):
    """NewsML-G2 publishing status."""

    usable = "usable"
    withheld = "withheld"
    canceled = "canceled"
    other = "other"


class Precision(OpenEnum):
    minute = "minute"
    hour = "hour"
    day = "day"
    month = "month"
    year = "year"
    other = "other"


class When(Data):
    """`value` is an EDTF-like date or time, as exact as `precision` says; `basis` tells where it was read."""

    value: str
    precision: Precision
    basis: str


class Publisher(Data):
    name: str
    domain: str


class Rights(Data):
    """What the publisher allows, from robots, meta or headers."""

    usage_terms: str | None = None
    ai_training: str | None = None
    source: str | None = None


class ArticleKind(OpenEnum):
    report = "report"
    live_blog = "live_blog"
    opinion = "opinion"
    interview = "interview"
    video = "video"
    other = "other"


class Partial(OpenEnum):
    paywall = "paywall"
    truncated = "truncated"
    other = "other"


class Extraction(Data):
    """Who made this claim about the text."""

    name: str
    version: str
    model: str | None = None
    model_sha256: str | None = None
    rule: str | None = None
    calibration: str | None = None
    at: AwareDatetime


class ArticleProvenance(Data):
    item_id: UUID
    item_revision: int = Field(ge=1)
    feed_id: UUID
    discovered_at: AwareDatetime
    fetched_at: AwareDatetime
    from_feed: bool = False


class Article(Event):
    ce_type: ClassVar[str] = "org.onrecord.article.extracted.v1"
    topic: ClassVar[str] = "onrecord.article.v1"
    schema_name: ClassVar[str] = "article"

    article_id: UUID
    revision: Revision
    status: Status = Status.usable
    url: str
    canonical_url: str | None = None
    title: str
    publisher: Publisher
    authors: tuple[str, ...] | None = None
    published_at: When | None = None
    modified_at: When | None = None
    language: str
    text: str
    text_sha256: str
    section: str | None = None
    tags: tuple[str, ...] | None = None
    kind: ArticleKind | None = None
    partial: Partial | None = None
    wire_copy_of: UUID | None = None
    minhash: str | None = None
    rights: Rights | None = None
    validators: Validators | None = None
    provenance: ArticleProvenance
    extraction: Extraction
    statement_ids: tuple[UUID, ...] = Field(description="the complete manifest of this revision")
    unsupported_language: bool | None = Field(default=None, description="true where the engine does not know the language")
    lane: Lane

    @property
    def subject(self) -> str:
        return str(self.article_id)

    @property
    def key(self) -> str:
        return str(self.article_id)

    @property
    def event_revision(self) -> tuple[str, ...]:
        return (*self.revision.fields, str(self.provenance.item_id), str(self.provenance.item_revision))

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.extraction.at

    @property
    def item_ref(self) -> ItemRef:
        return ItemRef(self.provenance.item_id, self.provenance.item_revision)

    @property
    def event_lane(self) -> Lane:
        return self.lane
