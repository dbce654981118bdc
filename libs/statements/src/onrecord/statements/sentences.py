"""One paragraph as sentences of units; a whole quotation is one unit, so that no sentence ends inside one."""

from dataclasses import dataclass

from onrecord.statements.cues import FORMS
from onrecord.statements.quotes import Quote, scan
from onrecord.statements.tokens import Paragraph, Token, tokenize
from onrecord.statements.words import AUXILIARIES, OPENERS, PREPOSITIONS, SUBJECT_PRONOUNS, SUBORDINATORS

_MIN_HEADLINE_WORDS, _HEADLINE_CAPITALS_SHARE = 4, 0.7  # "De Blasio Says Explosion Was an ‘Intentional Act’"
_MAX_SENTENCE_UNITS = 400  # no writer's sentence; keeps work per sentence bounded on hostile text
_ENDS = frozenset(".!?…。")
_FRAME_LOOKAHEAD_UNITS = (
    9  # "the opposition's deputy finance spokesman, Jane Doe, asked": a frame after “…?” shows itself within this
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`units` without the marks that end it; `quotes` are those of its paragraph."""

    units: list[Token]
    quotes: list[Quote]
    start: int
    end: int


def sentences(text: str, paragraph: Paragraph) -> list[Sentence]:
    quotes = scan(text, paragraph.start, paragraph.end)
    units = _units(text, paragraph, quotes)
    found: list[Sentence] = []
    first = 0
    for index in range(len(units)):
        if _ends(text, units, index, quotes) or index - first >= _MAX_SENTENCE_UNITS:
            found.append(_sentence(units[first : index + 1], quotes))
            first = index + 1
    if first < len(units):
        found.append(_sentence(units[first:], quotes))
    return found


def _units(text: str, paragraph: Paragraph, quotes: list[Quote]) -> list[Token]:
    units: list[Token] = []
    at = paragraph.start
    for number, quote in enumerate(quotes):
        units += tokenize(text, at, quote.start)
        units.append(Token(quote.start, quote.end, "“”", "“”", is_word=False, capital=False, quote=number))
        at = quote.end
    return units + tokenize(text, at, paragraph.end)


def _plain_case(units: list[Token]) -> None:
    """In a headline every word has a capital, so a capital tells nothing of words that are no names."""
    words = [unit for unit in units if unit.is_word]
    if len(words) < _MIN_HEADLINE_WORDS or sum(unit.capital for unit in words) < _HEADLINE_CAPITALS_SHARE * len(words):
        return
    for unit in words:
        if unit.lower in FORMS or unit.lower in AUXILIARIES or unit.lower in PREPOSITIONS or unit.lower in SUBORDINATORS:
            unit.capital = False


def _sentence(units: list[Token], quotes: list[Quote]) -> Sentence:
    _plain_case(units)
    last = len(units)
    while last > 1 and units[last - 1].quote < 0 and (units[last - 1].text[0] in _ENDS):
        last -= 1
    return Sentence(units[:last], quotes, units[0].start, units[last - 1].end)


def _ends(text: str, units: list[Token], index: int, quotes: list[Quote]) -> bool:
    unit = units[index]
    following = units[index + 1] if index + 1 < len(units) else None
    if following is None:
        return True
    if unit.quote >= 0:
        return _quote_ends(text, units, index, quotes[unit.quote], following)
    if unit.text[0] in _ENDS and len(unit.text) <= 3:
        return following.text[0] not in _ENDS and _may_start(following)
    # "in the U.S. The court said": the stop of an abbreviation also ends a sentence before a plain opener.
    if not (unit.is_word and unit.lower.endswith(".")):
        return False
    return following.quote >= 0 or (following.capital and _plain_opener(following))


def _may_start(unit: Token) -> bool:
    return unit.capital or unit.quote >= 0 or unit.text[0].isdigit() or not unit.is_word


def _plain_opener(unit: Token) -> bool:
    return unit.lower in SUBJECT_PRONOUNS or unit.lower in OPENERS or unit.lower in {"the", "in", "but", "and", "an"}


def _quote_ends(text: str, units: list[Token], index: int, quote: Quote, following: Token) -> bool:
    """A quotation ends its sentence when its last word does and no frame follows."""
    start, end = quote.inner
    last = text[end - 1] if end > start else ""
    if last not in ".!?…" or not _may_start(following) or following.text[0] in ",;:—–-":
        return False
    return following.quote >= 0 or not _frame_follows(units, index + 1)


def _frame_follows(units: list[Token], at: int) -> bool:
    """NP and a quoting verb, then the end or a comma: what follows “Really?” belongs to it."""
    for k in range(at, min(at + _FRAME_LOOKAHEAD_UNITS, len(units))):
        unit = units[k]
        if unit.quote >= 0 or unit.text[0] in _ENDS or unit.lower in AUXILIARIES:
            return False
        form = FORMS.get(unit.lower)
        if form is not None and form.form in ("past", "third") and k > at:
            after = units[k + 1] if k + 1 < len(units) else None
            return after is None or not after.is_word or after.lower in {"in", "on", "at", "during", "to", "as", "of", "when"}
    return False
