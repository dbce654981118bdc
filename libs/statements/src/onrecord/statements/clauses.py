"""What makes a stretch of words a clause, seen without a parser."""

from onrecord.statements.cues import FORMS
from onrecord.statements.tokens import Token
from onrecord.statements.words import (
    AUXILIARIES,
    DETERMINERS,
    IRREGULAR_PAST,
    PREPOSITIONS,
    PRESENT_VERBS,
    SUBJECT_PRONOUNS,
)

_CLAUSE_VERB_WITHIN_UNITS = 25  # a subject longer than this has an auxiliary somewhere before it ends
_BREAKS = frozenset(";:()[]—–")


def is_break(unit: Token) -> bool:
    return unit.quote >= 0 or unit.text in _BREAKS or unit.text.startswith(("--", "..")) or unit.text in "!?."


def verb_like(units: list[Token], index: int) -> bool:
    """A word that shows a finite clause: an auxiliary, or a past form after a noun and not before one."""
    unit = units[index]
    if unit.lower in AUXILIARIES:
        return True
    form = FORMS.get(unit.lower)
    return form is not None and form.form in ("past", "third") and index > 0 and not _attributive(units, index)


def has_finite_verb(units: list[Token], start: int, end: int) -> bool:
    """Whether the first units of a stretch hold what makes it a clause: an auxiliary, a past form, a verb after a pronoun."""
    for k in range(start, min(end, start + _CLAUSE_VERB_WITHIN_UNITS)):
        word = units[k].lower
        if word in AUXILIARIES or word in IRREGULAR_PAST or (k == start and word in SUBJECT_PRONOUNS and word not in DETERMINERS):
            return True
        if k > start and word.endswith("ed") and len(word) > 4 and units[k - 1].lower not in DETERMINERS:
            return True
        if units[k].is_word and "'" in word and word.endswith(("n't", "'re", "'ll", "'ve", "'d")):
            return True
        if k > start and word in PRESENT_VERBS:
            return True
    return False


def _attributive(units: list[Token], index: int) -> bool:
    before = units[index - 1].lower
    return before in DETERMINERS or before in PREPOSITIONS or before.endswith(("'s", "s'"))
