""" "According to the report, …" and "…, according to the report": the attribution without a verb."""

from dataclasses import dataclass

from onrecord.statements.clauses import is_break
from onrecord.statements.inverted import right_phrase
from onrecord.statements.tokens import Token
from onrecord.statements.words import ADJUNCT_STARTS, DETERMINERS

_MAX_SOURCE_UNITS = 40  # "according to a study of 2,000 adults by researchers at the University of …"
_NO_SECOND_HALF = ADJUNCT_STARTS | {"who", "which", "a", "an", "citing", "whose"}
_MIN_CLAUSE_UNITS = 3  # what is conveyed is a clause


@dataclass(frozen=True, slots=True)
class Attribution:
    """Unit indices of one "according to": cue `[at, after)`, source, and the parts conveyed."""

    at: int
    after: int
    source: tuple[int, int]
    parts: tuple[tuple[int, int], ...]


def attributions(units: list[Token]) -> list[Attribution]:
    found = []
    for at in range(len(units) - 2):
        if units[at].lower == "according" and units[at + 1].lower == "to":
            one = _opening(units, at) if _opens(units, at) else _closing(units, at)
            if one is not None:
                found.append(one)
    return found


def _opens(units: list[Token], at: int) -> bool:
    return at == 0 or (
        at <= 2 and not any(unit.text == "," for unit in units[:at]) and units[at - 1].lower in {"and", "but", "yet", "also"}
    )


def _opening(units: list[Token], at: int) -> Attribution | None:
    comma = _comma(units, at + 2)
    if comma is not None and _apposition(units, comma + 1):
        comma = _comma(units, comma + 1) or comma
    if comma is None or len(units) - comma - 1 < _MIN_CLAUSE_UNITS:
        return None
    return Attribution(at, at + 2, (at + 2, comma), ((comma + 1, len(units)),))


def _apposition(units: list[Token], at: int) -> bool:
    """ "according to Doe, a lawyer, the court": a further comma soon after a phrase that names a role."""
    if at >= len(units) or units[at].lower not in DETERMINERS | {"who", "which", "whose"}:
        return False
    comma = _comma(units, at)
    return comma is not None and comma - at <= 14


def _comma(units: list[Token], start: int) -> int | None:
    for k in range(start, min(len(units), start + _MAX_SOURCE_UNITS)):
        if units[k].text == ",":
            return k
        if is_break(units[k]) and units[k].text not in "()" and units[k].quote < 0:
            return None
    return None


def _closing(units: list[Token], at: int) -> Attribution | None:
    before = at - 1 if units[at - 1].text in {",", "—", "–"} else at
    if before < _MIN_CLAUSE_UNITS and not any(unit.quote >= 0 for unit in units[:before]):
        return None
    end = _source_end(units, at + 2)
    if end <= at + 2:
        return None
    rest = end + 1 if end < len(units) and units[end].text == "," else end
    parts = [(0, before)]
    enclosed = units[at - 1].text == "," and end < len(units) and units[end].text == ","
    if enclosed and len(units) - rest >= _MIN_CLAUSE_UNITS and units[rest].lower not in _NO_SECOND_HALF:
        parts.append((rest, len(units)))
    return Attribution(at, at + 2, (at + 2, end), tuple(parts))


def _source_end(units: list[Token], start: int) -> int:
    """A document's phrase runs on ("a study of 2,000 adults in Ohio"): to the comma, break or end."""
    end = right_phrase(units, start)
    if end <= start:
        return start
    k = end
    while k < len(units) and k - start < _MAX_SOURCE_UNITS and units[k].text != "," and not is_break(units[k]):
        if units[k].lower in {"that", "and", "but", "because", "while", "when", "who", "which"}:
            break
        k += 1
    return k
