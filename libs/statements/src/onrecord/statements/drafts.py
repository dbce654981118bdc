"""A statement before its speaker is known, in character ranges of one field."""

from dataclasses import dataclass, field

from onrecord.statements.extracted import Cue, Field, Flag, Kind, Part, PartKind, Span
from onrecord.statements.quotes import Quote
from onrecord.statements.sentences import Sentence


@dataclass(slots=True, eq=False)
class Draft:
    """`source` and the others are (start, end) of `where`; `paragraph` is the number of its paragraph."""

    content: list[tuple[int, int]]
    quoted: list[bool]
    rule: str
    paragraph: int
    cue: Cue | None = None
    source: tuple[int, int] | None = None
    addressee: tuple[int, int] | None = None
    via: tuple[int, int] | None = None
    continues: "Draft | None" = None
    flags: set[Flag] = field(default_factory=set)
    where: Field = "text"
    mixed: bool = False

    @property
    def kind(self) -> Kind:
        if self.mixed or len(set(self.quoted)) > 1:
            return "mixed"
        return "direct" if all(self.quoted) else "indirect"

    def parts(self) -> tuple[Part, ...]:
        """Content spans in reading order, each as direct or indirect."""
        kinds: list[PartKind] = ["direct" if quoted else "indirect" for quoted in self.quoted]
        return tuple(Part(Span(s, e, self.where), kind) for (s, e), kind in sorted(zip(self.content, kinds, strict=True)))


def content_of(sentence: Sentence, ranges: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[bool], bool]:
    """(character ranges, whether each is wholly quoted, whether any mixes quoted and unquoted words)."""
    content: list[tuple[int, int]] = []
    quoted: list[bool] = []
    mixed = False
    for first, last in ranges:
        units = sentence.units[first:last]
        content.append((units[0].start, units[-1].end))
        inside = [unit.quote >= 0 for unit in units if unit.is_word or unit.quote >= 0]
        quoted.append(bool(inside) and all(inside))
        mixed = mixed or (any(inside) and not all(inside))
    return content, quoted, mixed


def chars(sentence: Sentence, units: tuple[int, int] | None) -> tuple[int, int] | None:
    if units is None:
        return None
    return sentence.units[units[0]].start, sentence.units[units[1] - 1].end


def words_in(text: str, quote: Quote) -> int:
    return len(text[quote.start : quote.end].split())
