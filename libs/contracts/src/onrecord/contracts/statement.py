"""Who said what, with the exact characters that prove it."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from onrecord.contracts.article import Extraction, Publisher, Revision, Rights, Status, When
from onrecord.contracts.event import Data, Event, ItemRef, Lane, OpenEnum
from onrecord.contracts.selector import Selector


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
    lemma: str
    cue_class: CueClass = Field(alias="class", serialization_alias="class")
    polarity: Polarity

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)


class NamedSpan(Data):
    name: str | None = None
    selector: Selector


class Place(Data):
    name: str
    selector: Selector | None = None
    ids: tuple[str, ...] | None = None


class Occasion(Data):
    name: str
    medium: str | None = None


class Topic(Data):
    scheme: str
    id: str
    label: str | None = None


class Candidate(Data):
    scheme: str
    id: str
    score: float = Field(ge=0, le=1)


class SpeakerType(OpenEnum):
    person = "person"
    organization = "organization"
    group = "group"
    document = "document"
    unnamed = "unnamed"
    unknown = "unknown"
    other = "other"


class Resolution(OpenEnum):
    full_name = "full_name"
    partial_name = "partial_name"
    pronoun = "pronoun"
    role = "role"
    floating = "floating"
    label = "label"
    none = "none"
    other = "other"


class Speaker(Data):
    """`chain` is the proof: the way from the mention to the name, mention first."""

    mention: Selector | None = None
    name: str | None = None
    type: SpeakerType
    key: str | None = None
    resolution: Resolution
    role: str | None = None
    chain: tuple[Selector, ...] | None = None
    candidates: tuple[Candidate, ...] | None = None


class StatementArticle(Data):
    """`version` only in events the store publishes."""

    article_id: UUID
    url: str
    canonical_url: str | None = None
    title: str
    publisher: Publisher
    published_at: When | None = None
    text_sha256: str
    version: int | None = None
    rights: Rights | None = None


class StatementProvenance(Data):
    item_id: UUID
    item_revision: int = Field(ge=1)
    feed_id: UUID
    item_guid: str | None = None
    discovered_at: AwareDatetime
    fetched_at: AwareDatetime


class Confidence(Data):
    span: float = Field(ge=0, le=1)
    speaker: float = Field(ge=0, le=1)
    kind: float = Field(ge=0, le=1)


class Flag(OpenEnum):
    nested = "nested"
    in_headline = "in_headline"
    floating = "floating"
    truncated = "truncated"
    translated = "translated"
    wire_copy = "wire_copy"
    other = "other"


class Statement(Event):
    ce_type: ClassVar[str] = "org.onrecord.statement.extracted.v1"
    topic: ClassVar[str] = "onrecord.statement.v1"
    schema_name: ClassVar[str] = "statement"

    statement_id: UUID
    revision: Revision
    replaces: tuple[UUID, ...] | None = None
    continues: UUID | None = None
    status: Status = Status.usable
    kind: Kind
    text: str = Field(min_length=1, description="what was said, parts joined by one space")
    text_key: str
    language: str
    content: tuple[ContentPart, ...] = Field(min_length=1)
    cue: Cue | None = None
    addressee: NamedSpan | None = None
    via: NamedSpan | None = None
    speaker: Speaker
    said_at: When | None = None
    said_at_place: Place | None = None
    occasion: Occasion | None = None
    about: tuple[Topic, ...] | None = None
    article: StatementArticle
    provenance: StatementProvenance
    confidence: Confidence
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
    revision: Revision
    status: Status = Status.canceled
    reason: RetractionReason
    replaced_by: UUID | None = None
    retracted_at: AwareDatetime
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
        return self.revision.fields

    @property
    def occurred_at(self) -> AwareDatetime:
        return self.retracted_at

    @property
    def item_ref(self) -> ItemRef | None:
        return ItemRef(self.item_id, self.item_revision) if self.item_id and self.item_revision else None
