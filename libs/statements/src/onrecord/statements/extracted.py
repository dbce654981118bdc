"""What the engine hands back. Offsets are code points of the text or title exactly as given, end exclusive."""

from dataclasses import dataclass
from typing import Literal

Field = Literal["text", "title"]
Kind = Literal["direct", "indirect", "mixed"]
PartKind = Literal["direct", "indirect"]
CueClass = Literal["say", "claim", "deny", "ask", "demand", "promise", "warn", "accuse", "praise", "other"]
Polarity = Literal["affirmed", "negated"]
SpeakerType = Literal["person", "organization", "group", "document", "unnamed", "unknown"]
Resolution = Literal["full_name", "partial_name", "pronoun", "role", "floating", "label", "none"]
Flag = Literal["nested", "in_headline", "floating", "truncated"]


@dataclass(frozen=True, slots=True)
class Span:
    """`field[start:end]` of what was given to `Engine.extract`."""

    start: int
    end: int
    field: Field = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of the words conveyed; `direct` when it stands inside quotation marks alone."""

    span: Span
    kind: PartKind


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that signal speech: "said", "pointed out", "according to"."""

    span: Span
    lemma: str
    cue_class: CueClass
    polarity: Polarity


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody other than the speaker: told whom (addressee), reported by whom (via)."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said it. `name` is the fullest name in this article and None for the unnamed, never a guess.

    `chain` leads from the mention used here to the mention that carries the name: the proof.
    """

    type: SpeakerType
    resolution: Resolution
    name: str | None = None
    role: str | None = None
    chain: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Confidence:
    """Each 0..1: that these are the words, that this is who said them, that direct/indirect/mixed is right."""

    span: float
    speaker: float
    kind: float


@dataclass(frozen=True, slots=True)
class Extracted:
    """One content, by one speaker, by one cue act.

    `continues` is the index, in the same list, of the framed statement that a floating quotation goes on from.
    `rule` names the pattern that found it.
    """

    content: tuple[Part, ...]
    kind: Kind
    speaker: Speaker
    confidence: Confidence
    rule: str
    cue: Cue | None = None
    source: Span | None = None
    addressee: Named | None = None
    via: Named | None = None
    continues: int | None = None
    flags: frozenset[Flag] = frozenset()

    @property
    def field(self) -> Field:
        return self.content[0].span.field
