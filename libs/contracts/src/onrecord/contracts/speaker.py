"""Who is said to have said it, and how the mention led to the name."""

from pydantic import Field

from onrecord.contracts.event import Data, OpenEnum
from onrecord.contracts.selector import Selector


class Candidate(Data):
    scheme: str = Field(description="identifier scheme, as wikidata")
    id: str
    score: float = Field(ge=0, le=1, description="0 to 1")


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

    mention: Selector | None = Field(default=None, description='the words used here: "the minister", "she"')
    name: str | None = Field(default=None, description="full name as resolved in this article")
    type: SpeakerType
    key: str | None = Field(default=None, description="stable across articles and spellings: `per:`, `org:` or `kb:`")
    resolution: Resolution = Field(description="how the mention led to the name")
    role: str | None = Field(default=None, description='as stated: "finance minister"')
    chain: tuple[Selector, ...] | None = Field(
        default=None, description="way from the mention to the name, mention first: the proof"
    )
    candidates: tuple[Candidate, ...] | None = Field(default=None, description="best first; several or none, never forced")
