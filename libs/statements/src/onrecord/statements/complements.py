"""What may stand between a cue and the words conveyed, or take their place: addressees, infinitives, predicates."""

from onrecord.statements.cues import Verb
from onrecord.statements.tokens import Token
from onrecord.statements.words import DETERMINERS, OBJECT_PRONOUNS, PREPOSITIONS, SUBJECT_PRONOUNS

_OBJECT_WITHIN_UNITS = 14  # "urged the leaders of the two largest parties in the house to": a longer object hides its verb
_NOT_IN_PHRASE = PREPOSITIONS | {"that"}
_LINKS = {"s": frozenset({"as"}), "f": frozenset({"of", "for"})}


def addressee_of(units: list[Token], at: int, limit: int) -> tuple[int, tuple[int, int] | None]:
    """(unit after it, its range) of "reporters", "The Washington Post", "him" right after the cue."""
    if at >= limit or not units[at].is_word:
        return at, None
    first = units[at].lower
    if first in OBJECT_PRONOUNS:
        return at + 1, (at, at + 1)
    if first == "that" or first in SUBJECT_PRONOUNS or first in PREPOSITIONS:
        return at, None
    end = max(at + 1, _plain_phrase(units, at, limit))
    while (
        end < limit - 1 and units[end].lower in {"and", "of"} and (units[end + 1].capital or units[end + 1].lower.endswith("s"))
    ):
        end = max(end + 2, _capitals(units, end + 2, limit))
    return end, (at, end)


def _continues(unit: Token) -> bool:
    """ "reporters and editors", "the University of Rome"."""
    return unit.capital or unit.lower.endswith("s")


def _plain_phrase(units: list[Token], at: int, limit: int) -> int:
    """A determiner with up to three plain words, then capitals."""
    k = at
    if units[at].lower in DETERMINERS:
        k += 1
        while k < limit and k - at < 4 and units[k].is_word and not units[k].capital and units[k].lower not in _NOT_IN_PHRASE:
            k += 1
    return _capitals(units, k, limit)


def _capitals(units: list[Token], k: int, limit: int) -> int:
    while k < limit and units[k].quote < 0 and (units[k].capital or units[k].text == "&"):
        k += 1
    return k


def object_infinitive(units: list[Token], at: int, limit: int) -> bool:
    """ "urged X to do Y": an object and an infinitive."""
    for k in range(at, min(limit - 1, at + _OBJECT_WITHIN_UNITS)):
        if units[k].lower == "to" and k > at:
            return True
        if units[k].quote >= 0 or units[k].text in ",:" or units[k].lower == "that":
            return False
    return False


def predicate(units: list[Token], verb: Verb, at: int, limit: int) -> bool:
    """ "described X as Y", "accused X of Y", "called X Y": object and predicate together are the words conveyed."""
    for letter, words in _LINKS.items():
        if letter in verb.patterns and any(
            unit.lower in words for unit in units[at + 1 : min(limit, at + 2 + _OBJECT_WITHIN_UNITS)]
        ):
            return True
    return "c" in verb.patterns and limit - at >= 2 and _object_complement(units, at, limit)


def _object_complement(units: list[Token], at: int, limit: int) -> bool:
    """ "called the plan a disaster", "called it “crazy”": a second noun phrase or a quotation behind the object."""
    if units[at].lower in PREPOSITIONS:
        return False
    if units[at].quote >= 0:
        return True
    for k in range(at + 1, min(limit, at + _OBJECT_WITHIN_UNITS)):
        if units[k].quote >= 0 or (units[k].lower in {"a", "an", "the"} and units[k - 1].lower not in PREPOSITIONS):
            return True
        if units[k].text in ",:" or units[k].lower in {"to", "that", "and"}:
            return False
    return units[at].lower in OBJECT_PRONOUNS and limit - at <= 4
