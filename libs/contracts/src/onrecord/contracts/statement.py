"""Who said what, with the exact characters that prove it."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from onrecord.contracts.article import Extraction, Publisher, Revision, Rights, Status, When
from onrecord.contracts.event import Data, Event, ItemRef, Lane, OpenEnum
from onrecord.contracts.selector import Selector
from onrecord.contracts.speaker import Speaker

LATEST_TOPIC = "onrecord.statement.latest.v1"


class Kind(OpenEnum):
    direct = "direct"
    indirect = "indirect"
    mixed = "mixed"
    other = "other"


class ContentPart(Selector):
    part: Kind = Field(description="direct or indirect")


class CueClass(OpenEnum):
    say = "say"
    claim = "claim"
    deny = "deny"
    ask = "ask"
    demand = "demand"
    promise = "promise"
    warn = "warn"
    accuse = "accuse"
    praise = "praise"
    other = "other"


class Polarity(OpenEnum):
    affirmed = "affirmed"
    negated = "negated"
    other = "other"


class Cue(Data):
    """The reporting verb or phrase; `negated` as in "did not say"."""

    selector: Selector
    lemma: str = Field(description="dictionary form of the verb")
    cue_class: CueClass = Field(alias="class", serialization_alias="class", description="what kind of saying")
    polarity: Polarity = Field(description='negated as in "did not say"')

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)


class NamedSpan(Data):
    name: str | None = None
    selector: Selector


class Place(Data):
    name: str
    selector: Selector | None = None
    ids: tuple[str, ...] | None = Field(default=None, description="identifiers in `scheme:id` form")


class Occasion(Data):
    name: str = Field(description="press conference, post, court, …")
    medium: str | None = Field(default=None, description="where it was made: broadcast, social, print, …")


class Topic(Data):
    scheme: str = Field(description="identifier scheme, as wikidata")
    id: str
    label: str | None = None


class StatementArticle(Data):
    """`version` only in events the store publishes."""

    article_id: UUID
    url: str
    canonical_url: str | None = None
    title: str
    publisher: Publisher
    published_at: When | None = None
    text_sha256: str = Field(description="of the text that the selectors point into")
    version: int | None = Field(default=None, description="1, 2, … as stored; only in events from the store")
    rights: Rights | None = None


class StatementProvenance(Data):
    item_id: UUID
    item_revision: int = Field(ge=1)
    feed_id: UUID
    item_guid: str | None = Field(default=None, description="as the feed gives it")
    discovered_at: AwareDatetime
    fetched_at: AwareDatetime


class Confidence(Data):
    span: float = Field(ge=0, le=1, description="that exactly this was said")
    speaker: float = Field(ge=0, le=1, description="that this speaker said it")
    kind: float = Field(ge=0, le=1, description="that the kind is right")


class Flag(OpenEnum):
    nested = "nested"
    in_headline = "in_headline"
    floating = "floating"
    truncated = "truncated"
    translated = "translated"
    wire_copy = "wire_copy"
    other = "other"


class Statement(Event):
    """Who said what, with the exact characters of the article that prove it."""

    ce_type: ClassVar[str] = "org.onrecord.statement.extracted.v1"
    topic: ClassVar[str] = "onrecord.statement.v1"
    schema_name: ClassVar[str] = "statement"

    statement_id: UUID = Field(description="UUIDv5 of article, text_key and ordinal: stable while the text is equal")
    revision: Revision = Field(description="keep the highest per statement_id")
    replaces: tuple[UUID, ...] | None = Field(default=None, description="ids that this one corrects")
    continues: UUID | None = Field(default=None, description="the framed statement that a floating quotation goes on from")
    status: Status = Field(default=Status.usable, description="withheld and canceled statements are not for publication")
    kind: Kind = Field(description="direct, indirect or mixed speech")
    text: str = Field(min_length=1, description="what was said, parts joined by one space")
    text_key: str = Field(description="sha256 hex of the case-folded words: equal texts share it")
    language: str = Field(description="BCP 47, of the statement")
    content: tuple[ContentPart, ...] = Field(min_length=1, description="one selector per part of the text")
    cue: Cue | None = Field(default=None, description="reporting verb or phrase")
    addressee: NamedSpan | None = Field(default=None, description="told whom")
    via: NamedSpan | None = Field(default=None, description="reported by whom")
    speaker: Speaker
    said_at: When | None = Field(default=None, description="when it was said")
    said_at_place: Place | None = Field(default=None, description="where it was said, if told")
    occasion: Occasion | None = Field(default=None, description="at what occasion, if told")
    about: tuple[Topic, ...] | None = Field(default=None, description="topics or entities spoken of")
    article: StatementArticle
    provenance: StatementProvenance
    confidence: Confidence = Field(description="calibrated: of those given 0.9, nine in ten are right")
    extraction: Extraction
    flags: tuple[Flag, ...] | None = None
    lane: Lane

    @property
    def subject(self) -> str:
        return str(self.statement_id)

    @property
    def key(self) -> str:
        return str(self.article.article_id)

    @property
    def event_revision(self) -> tuple[str, ...]:
        return self.revision.fields

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.extraction.at

    @property
    def item_ref(self) -> ItemRef:
        return ItemRef(self.provenance.item_id, self.provenance.item_revision)

    @property
    def event_lane(self) -> Lane:
        return self.lane


class StatementCorrected(Statement):
    """The full new statement, with the ids that it `replaces`; published by the store when it closes a revision."""

    ce_type: ClassVar[str] = "org.onrecord.statement.corrected.v1"


class RetractionReason(OpenEnum):
    vanished = "vanished"
    replaced = "replaced"
    taken_down = "taken_down"
    other = "other"


class StatementRetracted(Event):
    """Without text. `revision` is that of the manifest that dropped the statement; taken_down wins over any revision."""

    ce_type: ClassVar[str] = "org.onrecord.statement.retracted.v1"
    topic: ClassVar[str] = "onrecord.statement.v1"
    schema_name: ClassVar[str] = "statement-retracted"

    statement_id: UUID
    article_id: UUID
    revision: Revision = Field(description="of the manifest that dropped the statement")
    status: Status = Status.canceled
    reason: RetractionReason = Field(description="taken_down wins over any revision")
    replaced_by: UUID | None = Field(default=None, description="the statement that took its place")
    retracted_at: AwareDatetime = Field(description="when it was retracted")
    item_id: UUID | None = None
    item_revision: int | None = Field(default=None, ge=1)

    @property
    def subject(self) -> str:
        return str(self.statement_id)

    @property
    def key(self) -> str:
        return str(self.article_id)

    @property
    def event_revision(self) -> tuple[str, ...]:
        return (*self.revision.fields, self.reason)  # a takedown of what had vanished is news to who dedupes on ce_id

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.retracted_at

    @property
    def item_ref(self) -> ItemRef | None:
        return ItemRef(self.item_id, self.item_revision) if self.item_id and self.item_revision else None
