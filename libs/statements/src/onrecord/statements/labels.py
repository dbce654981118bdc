"""Words attributed by a label and a colon: turns of a transcript or interview, and headlines of the form "Name: claim"."""

from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Cue, Span
from onrecord.statements.sentences import Sentence
from onrecord.statements.tokens import Token
from onrecord.statements.words import TITLES

_MAX_LABEL_UNITS = 6  # "REP. ALEXANDRIA OCASIO-CORTEZ:" with room to spare
_MIN_TURNS = 2  # a label that comes once is a heading
_MIN_HEADLINE_UNITS = 3  # "Poll: Clinton leads"


def label(parsed: list[Sentence]) -> tuple[tuple[int, int], str] | None:
    """(units of the label in the first sentence, its text folded) of a paragraph that may be a turn."""
    if not parsed:
        return None
    units = parsed[0].units
    first = 1 if units[0].text in '"“' and units[0].quote < 0 else 0
    for k in range(first, min(len(units), first + _MAX_LABEL_UNITS)):
        if units[k].text == ":" and k > first:
            return (first, k), " ".join(unit.lower for unit in units[first:k])
        if (
            not units[k].is_word
            or units[k].quote >= 0
            or not (units[k].capital or units[k].lower in {"of", "de", "van", "von", "the"})
        ):
            return None
    return None


def turns(paragraph_labels: list[str]) -> frozenset[str]:
    """Labels that are speakers of a transcript: those that come back."""
    counts: dict[str, int] = {}
    for text in paragraph_labels:
        counts[text] = counts.get(text, 0) + 1
    return frozenset(text for text, count in counts.items() if count >= _MIN_TURNS)


def turn(parsed: list[Sentence], units: tuple[int, int], number: int, end: int) -> Draft | None:
    """The whole paragraph, which ends at `end`, behind its label."""
    first = parsed[0].units
    rest = [*first[units[1] + 1 :], *(unit for sentence in parsed[1:] for unit in sentence.units)]
    if not rest:
        return None
    return _draft(first, units, (rest[0].start, end), "label", number, quoted=True)


def headline(sentence: Sentence, number: int) -> Draft | None:
    """ "Limbaugh: debate 'reeks of fear'"."""
    units = sentence.units
    colon = next((k for k, unit in enumerate(units[:_MAX_LABEL_UNITS]) if unit.text == ":"), None)
    if not colon or len(units) - colon - 1 < _MIN_HEADLINE_UNITS:
        return None
    words = units[:colon]
    if not all(unit.is_word and (unit.capital or unit.lower in {"of", "the"}) for unit in words) or not _may_speak(words):
        return None
    quoted = all(unit.quote >= 0 for unit in units[colon + 1 :])
    return _draft(units, (0, colon), (units[colon + 1].start, units[-1].end), "headline", number, quoted=quoted)


def _may_speak(words: list[Token]) -> bool:
    """Two words or a known kind of source; a lone word before a colon is mostly a rubric ("Opinion:", "Watch:")."""
    return 2 <= len(words) <= 4 or words[0].lower in TITLES | {"poll", "report", "study", "survey", "police"}


def _draft(
    units: list[Token], source: tuple[int, int], content: tuple[int, int], rule: str, number: int, *, quoted: bool
) -> Draft:
    colon = units[source[1]]
    cue = Cue(Span(colon.start, colon.end), ":", "say", "affirmed")
    return Draft([content], [quoted], rule, number, cue=cue, source=(units[source[0]].start, units[source[1] - 1].end))
