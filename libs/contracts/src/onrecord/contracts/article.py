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

    fetched_at: AwareDatetime = Field(description="when the page was fetched; compared first")
    engine_release: int = Field(ge=0, description="release number of the extractor; compared second")

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

    value: str = Field(description="EDTF-like date or time")
    precision: Precision = Field(description="how exact `value` is")
    basis: str = Field(description="where it was read: stated, publication, feed, page")


class Publisher(Data):
    name: str
    domain: str = Field(description="registrable domain")


class Rights(Data):
    """What the publisher allows, from robots, meta or headers."""

    usage_terms: str | None = Field(default=None, description="terms as the publisher gives them")
    ai_training: str | None = Field(default=None, description="what the publisher says about training on the text")
    source: str | None = Field(default=None, description="where it was read: robots, meta, header")


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

    name: str = Field(description="name of the engine")
    version: str = Field(description="version of the engine")
    model: str | None = Field(default=None, description="name of the model, where one was used")
    model_sha256: str | None = None
    rule: str | None = Field(default=None, description="rule that found the statement")
    calibration: str | None = Field(default=None, description="set that the confidences were calibrated on")
    at: AwareDatetime = Field(description="when the extraction ran")


class ArticleProvenance(Data):
    item_id: UUID = Field(description="item that led to this article")
    item_revision: int = Field(ge=1)
    feed_id: UUID
    discovered_at: AwareDatetime
    fetched_at: AwareDatetime
    from_feed: bool = Field(default=False, description="true where the text came with the feed, not from the page")


class Article(Event):
    """An article's text with the complete manifest of its statements in this revision."""

    ce_type: ClassVar[str] = "org.onrecord.article.extracted.v1"
    topic: ClassVar[str] = "onrecord.article.v1"
    schema_name: ClassVar[str] = "article"

    article_id: UUID = Field(description="UUIDv5 of the article's URL")
    revision: Revision
    status: Status = Field(default=Status.usable, description="withheld and canceled articles are not for publication")
    url: str = Field(description="final URL, normalised")
    canonical_url: str | None = Field(default=None, description="what the page names as its canonical address")
    title: str = Field(description="NFC; selectors with field `title` point into it")
    publisher: Publisher
    authors: tuple[str, ...] | None = None
    published_at: When | None = Field(default=None, description="as the publisher states it")
    modified_at: When | None = Field(default=None, description="as the publisher states it")
    language: str = Field(description="BCP 47")
    text: str = Field(description="NFC; selectors with field `text` point into it")
    text_sha256: str = Field(description="hex, of the UTF-8 bytes of `text`")
    section: str | None = None
    tags: tuple[str, ...] | None = None
    kind: ArticleKind | None = None
    partial: Partial | None = Field(default=None, description="why the text is not whole")
    wire_copy_of: UUID | None = Field(default=None, description="article_id of the earlier article that this one repeats")
    minhash: str | None = Field(default=None, description="signature for near-duplicate search")
    rights: Rights | None = None
    validators: Validators | None = Field(default=None, description="what a conditional request for the page needs")
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
