"""Noun phrases behind their verb: “…,” said Jane Doe, the mayor of Rome, on Monday."""

from onrecord.statements.clauses import is_break, verb_like
from onrecord.statements.nouns import MAX_SOURCE_UNITS, appositive_start, joins_names
from onrecord.statements.tokens import Token
from onrecord.statements.words import (
    ADVERBS,
    AUXILIARIES,
    DAYS,
    NOUN_PREPOSITIONS,
    PERSON_ROLES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)


def right_phrase(units: list[Token], start: int) -> int:
    """End of the noun phrase that begins at `start`, with one apposition; `start` when there is none."""
    if start >= len(units) or not units[start].is_word or (units[start].lower in PREPOSITIONS | SUBORDINATORS | AUXILIARIES):
        return start
    k = _plain_right(units, start)
    if k < len(units) - 1 and units[k].text == "," and _takes_right(units, k + 1):
        k = _plain_right(units, k + 1, relative=True)
    return k


def _takes_right(units: list[Token], at: int) -> bool:
    """An apposition, not the next clause: no cue verb before its own comma or the end."""
    if not (appositive_start(units[at]) or units[at].lower in PERSON_ROLES):
        return False
    for k in range(at, min(len(units), at + MAX_SOURCE_UNITS)):
        if units[k].text == "," or is_break(units[k]):
            return True
        if verb_like(units, k) and units[at].lower not in {"who", "which", "whose"}:
            return False
    return True


def _plain_right(units: list[Token], start: int, relative: bool = False) -> int:
    if units[start].lower in PRONOUNS:
        return start + 1
    k = start + 1
    while k < len(units) and k - start < MAX_SOURCE_UNITS:
        unit = units[k]
        if not unit.is_word and unit.text not in {"&", "/", "$"}:
            break
        if unit.lower in PREPOSITIONS and unit.lower not in NOUN_PREPOSITIONS and not relative:
            break
        if unit.lower in SUBORDINATORS and not relative and not joins_names(units, k, min(len(units), k + 3)):
            break
        if not relative and (unit.lower in DAYS or _opens_adjunct(units, k) or verb_like(units, k)):
            break
        k += 1
    return k


def _opens_adjunct(units: list[Token], k: int) -> bool:
    """ "said Doe in an interview", "said Doe at a rally" end the phrase; "said the minister at the embassy" does not matter."""
    word = units[k].lower
    if word in {"in", "on", "at", "from", "with", "for", "near"}:
        before = units[k - 1]
        return before.capital or word in {"in", "on", "at", "during"}
    return word in ADVERBS
