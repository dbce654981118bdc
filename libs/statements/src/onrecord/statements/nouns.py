"""Noun phrases without a parser: how far a source reaches to the left of its verb."""

import re

from onrecord.statements.clauses import is_break, verb_like
from onrecord.statements.tokens import Token
from onrecord.statements.words import (
    ADJUNCT_STARTS,
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    MONTHS,
    OPENERS,
    PERSON_ROLES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)

MAX_SOURCE_UNITS = 45  # the longest apposition worth following; keeps work per verb constant
_MAX_ROLE_UNITS = 14  # "Pakistan's permanent ambassador to the United Nations in New York"
_AGE = re.compile(r"\d{1,3}$")
_APPOSITION_STARTS = DETERMINERS | {
    "who",
    "whose",
    "which",
    "former",
    "himself",
    "herself",
    "formerly",
    "now",
    "author",
    "founder",
}


def left_phrase(units: list[Token], stop: int, floor: int) -> tuple[int, int] | None:
    """Units `[a, b)` of the noun phrase that ends right before `stop` (the verb group), not left of `floor`."""
    end = stop
    if end <= floor:
        return None
    if units[end - 1].text == ",":
        return _before_comma(units, end - 1, floor)
    if units[end - 1].text in ")]":
        opened = _opening_bracket(units, end - 1, floor)
        if opened is None or opened == floor:
            return None
        inner = left_phrase(units, opened, floor)
        return None if inner is None else (inner[0], end)
    start = _trim_left(units, _segment_start(units, end, floor), end)
    if start is None:
        return None
    if start > floor + 1 and units[start - 1].text == ",":
        start = _with_role_before(units, start, floor)
    return start, end


def _opening_bracket(units: list[Token], close: int, floor: int) -> int | None:
    for k in range(close - 1, max(floor, close - 12) - 1, -1):
        if units[k].text in "([":
            return k
    return None


def _segment_start(units: list[Token], end: int, floor: int) -> int:
    """Left border of the stretch without comma, break or subordinator before `end`."""
    k = end - 1
    while k > floor and end - k < MAX_SOURCE_UNITS:
        before = units[k - 1]
        if before.text == "," or is_break(before):
            break
        if before.lower in SUBORDINATORS and not joins_names(units, k - 1, end) and not _relative(units, k - 1, floor):
            break
        k -= 1
    return k


def _relative(units: list[Token], index: int, floor: int) -> bool:
    """ "the man who shot him said": the relative clause is part of the source."""
    return units[index].lower in {"who"} and index - 1 >= floor and units[index - 1].is_word and not units[index - 1].capital


def joins_names(units: list[Token], index: int, end: int) -> bool:
    """ "Smith and Jones", "officials and experts": no verb on the way."""
    if units[index].lower not in {"and", "or"} or index == 0:
        return False
    before, after = units[index - 1], units[index + 1]
    if not before.is_word or after.lower in PRONOUNS:
        return False
    if before.capital != after.capital and not before.lower.endswith("s"):
        return False
    lowest = max(0, index - 12)
    for k in range(index - 1, lowest, -1):
        if units[k].text == "," or is_break(units[k]):
            break
        if verb_like(units, k):
            return False
    return not any(verb_like(units, k) for k in range(index + 1, end))


def _trim_left(units: list[Token], start: int, end: int) -> int | None:
    """Drops what opens the sentence, an introductory adjunct and an earlier clause from the left of a phrase."""
    while start < end and (units[start].lower in CONJUNCTIONS | OPENERS or units[start].lower in ADVERBS - {"all", "both"}):
        start += 1
    if start >= end:
        return None
    last = units[end - 1]
    if last.lower in PRONOUNS and (
        last.lower not in {"many", "some", "both", "all", "most", "few", "one", "others"} or start == end - 1
    ):
        return end - 1
    start = _after_verb(units, start, end)
    if start < end and units[start].lower in PREPOSITIONS | DAYS:
        start = _after_adjunct(units, start, end)
    return start if start < end and _heads_phrase(units, start, end) else None


def _after_verb(units: list[Token], start: int, end: int) -> int:
    """A finite verb inside means that an earlier clause reaches in: keep only the phrase after it."""
    for k in range(end - 2, start, -1):
        if units[k].lower == "who":
            return start
        if verb_like(units, k):
            return _noun_start(units, end, k + 1)
    return start


def _noun_start(units: list[Token], end: int, floor: int) -> int:
    """Start of the shortest noun phrase that ends at `end`: a run of capitals, or back to a determiner."""
    k = end - 1
    if units[k].capital:
        while k > floor and (units[k - 1].capital or units[k - 1].lower in {"of", "the", "de", "von", "van"}):
            k -= 1
        return k
    while k > floor and units[k].lower not in DETERMINERS and not units[k - 1].lower.endswith("'s"):
        k -= 1
    return k


def _after_adjunct(units: list[Token], start: int, end: int) -> int:
    """ "In a statement Trump said", "On Tuesday the agency said": the phrase behind the adjunct."""
    if units[start].lower in DAYS:
        return start + 1
    if start + 1 < end and units[start + 1].lower in DAYS | MONTHS:
        k = start + 2
        while k < end and (units[k].text[0].isdigit() or units[k].lower in {"morning", "night", "evening", "afternoon"}):
            k += 1
        return k
    k = _noun_start(units, end, start + 1)
    return k if k > start + 1 else end


def _heads_phrase(units: list[Token], start: int, end: int) -> bool:
    first, last = units[start], units[end - 1]
    if not last.is_word or last.lower in PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | POSSESSIVES | {"the", "a", "an"}:
        return False
    return first.capital or first.is_word or first.text in "$#@"


def _before_comma(units: list[Token], comma: int, floor: int) -> tuple[int, int] | None:
    """ "Jane Doe, the minister, said": from the name to the last word of the apposition."""
    k = comma
    lowest = max(floor, comma - MAX_SOURCE_UNITS)
    while True:
        opened = _previous_comma(units, k, lowest)
        if opened is None:
            return None
        parenthetical = units[opened + 1].lower in ADJUNCT_STARTS | OPENERS | ADVERBS | {"according", "along", "however"}
        appositive = _appositive(units, opened + 1, k)
        if not appositive and not parenthetical:
            return None
        head = _opening_bracket(units, opened - 1, floor) if units[opened - 1].text in ")]" else opened
        if not head:
            return None
        start = _trim_left(units, _segment_start(units, head, floor), head)
        if start is None:
            return None
        if (
            appositive_start(units[start])
            and start > lowest + 1
            and units[start - 1].text == ","
            and _named_before(units, start - 1)
        ):
            k = start - 1
            continue
        return (start, opened) if parenthetical else (start, comma)


def _named_before(units: list[Token], comma: int) -> bool:
    """ "Scott Pruitt, the attorney general, one of …, said": a name, not "In Ohio", stands before the first comma."""
    before = units[comma - 1]
    if not before.capital:
        return False
    k = comma - 1
    while k > 0 and units[k - 1].capital:
        k -= 1
    return k == 0 or units[k - 1].lower not in PREPOSITIONS


def _previous_comma(units: list[Token], k: int, lowest: int) -> int | None:
    for at in range(k - 1, lowest, -1):
        if units[at].text == ",":
            return at
        if is_break(units[at]) and units[at].text not in "()":
            return None
    return None


def appositive_start(unit: Token) -> bool:
    return unit.lower in _APPOSITION_STARTS or bool(_AGE.match(unit.text))


def _appositive(units: list[Token], start: int, end: int) -> bool:
    if appositive_start(units[start]) or units[start].capital:
        return True
    return any(
        units[k].lower in PERSON_ROLES or units[k].lower in {"of", "at", "with"} for k in range(start, min(end, start + 8))
    )


def _with_role_before(units: list[Token], start: int, floor: int) -> int:
    """ "Pakistan's ambassador to the UN, Munir Akram, said" and "a spokesman, John Doe," take the role in."""
    if not units[start].capital or units[start].lower in DETERMINERS:
        return start
    left = _trim_left(units, _segment_start(units, start - 1, floor), start - 1)
    if left is None:
        return start
    return left if _is_role(units, left, start - 1) else start


def _is_role(units: list[Token], start: int, end: int) -> bool:
    """The head of the phrase, the word before its first preposition, is a role."""
    if end - start > _MAX_ROLE_UNITS or units[start].lower in PREPOSITIONS:
        return False
    head = next((k for k in range(start, end) if units[k].lower in PREPOSITIONS), end) - 1
    return head >= start and units[head].lower in PERSON_ROLES and not any(verb_like(units, k) for k in range(start, end))
