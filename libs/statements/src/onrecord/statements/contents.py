"""Where the words conveyed by a frame begin and end, as unit ranges of its sentence."""

from dataclasses import dataclass

from onrecord.statements.clauses import has_finite_verb, is_break, verb_like
from onrecord.statements.complements import addressee_of, object_infinitive, predicate
from onrecord.statements.frames import Frame
from onrecord.statements.tokens import Token
from onrecord.statements.words import (
    ADJUNCT_STARTS,
    ADVERBS,
    BE_FORMS,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    TIMES_OF_DAY,
)

_AFTER_QUOTE = ADJUNCT_STARTS - {"to", "for", "from", "about", "by", "with"}
_AFTER_PHRASE = frozenset("and but while which who after as although though when where saying citing because".split())
_MAX_ADJUNCT_UNITS = 25  # "said on Tuesday in an interview with the paper's editorial board that"
_CLAUSE_VERBS = frozenset({"say", "tell", "think", "believe", "hope"})
NEW_FRAME = frozenset(
    "who whose which citing according and but while though although where a an".split()
)  # after "he said,": no second half
_MIN_CLAUSE_UNITS = 3  # shorter unquoted rests are leftovers of the frame ("said Tuesday")


@dataclass(frozen=True, slots=True)
class Found:
    """Unit ranges `[a, b)` of the parts, the pattern that gave them, and the addressee's range."""

    parts: tuple[tuple[int, int], ...]
    rule: str
    addressee: tuple[int, int] | None = None


def right_limit(units: list[Token], frames: list[Frame], index: int) -> int:
    """First unit that a frame's own content cannot hold: where the next coordinate frame begins."""
    own = frames[index]
    for later in frames[index + 1 :]:
        start = later.left if not later.shared else later.group
        if start <= own.right:
            continue
        before = units[start - 1]
        if later.shared and later.form == "gerund" and before.text == ",":
            return start - 1
        if later.shared and before.lower in CONJUNCTIONS and later.form != "base":
            return start - 1 if units[start - 2].text != "," else start - 2
        if (
            not later.shared
            and before.lower in {"and", "but", "while", "as", "though", "although"}
            and units[start - 2].text == ","
        ):
            return start - 2
        if not later.shared and (before.text == "," or before.quote >= 0) and trails(units, later):
            return start - 1 if before.text == "," else start
    return len(units)


def trails(units: list[Token], frame: Frame) -> bool:
    """The frame closes its clause: nothing conveyed stands right of it."""
    at = addressee_of(units, frame.right, len(units))[0] if "w" in frame.verb.patterns else frame.right
    return _skip_adjuncts(units, at, len(units)) >= len(units) or (at < len(units) and units[at].text in ",.")


def right_content(units: list[Token], frame: Frame, limit: int) -> Found | None:
    patterns = frame.verb.patterns
    at, addressee = frame.right, None
    if at >= limit or frame.inverted:
        return None
    if "w" in patterns and not frame.verb.particle:
        at, addressee = addressee_of(units, at, limit)
    to_next = at < limit and (units[at].lower == "to" if addressee else units[at].quote < 0)
    if "o" in patterns and to_next and object_infinitive(units, frame.after, limit):
        return _checked(units, frame.after, limit, "object-infinitive", None)
    if at + 1 < limit and units[at].lower in BE_FORMS and units[at + 1].lower == "that":
        at += 1
    that = _that(units, at, limit)
    if that is not None and patterns & {"t", "q"}:
        return _checked(units, that + 1, limit, "that", addressee, least=2)
    quoted = _quoted(units, at, limit)
    if quoted is not None and patterns & {"q", "b", "t"}:
        return Found((quoted,), "cue-quote", addressee)
    return _unmarked(units, frame, at, limit, addressee)


def _unmarked(units: list[Token], frame: Frame, at: int, limit: int, addressee: tuple[int, int] | None) -> Found | None:
    patterns, first = frame.verb.patterns, units[at] if at < limit else None
    if first is None or not (first.is_word or first.quote >= 0 or first.text in "$#@("):
        return None
    if "i" in patterns and first.lower == "to":
        return _checked(units, at, limit, "infinitive", addressee)
    if predicate(units, frame.verb, at, limit):
        return _checked(units, at, limit, "predicate", None, least=2)
    if "b" in patterns and (addressee or "w" not in patterns or frame.verb.lemma != "tell"):
        start = _skip_adjuncts(units, at, limit)
        if start < limit and _looks_like_clause(units, start, limit) and _is_clause(units, frame, start, limit):
            return _checked(units, start, limit, "clause", addressee)
    if "n" in patterns and first.lower not in PREPOSITIONS | {"that", "to", "and", "but"}:
        return _checked(units, at, limit, "object", addressee, least=1)
    if "n" in patterns and frame.verb.particle:
        return _checked(units, at, limit, "object", addressee, least=1)
    return None


def _checked(
    units: list[Token], start: int, limit: int, rule: str, addressee: tuple[int, int] | None, least: int = _MIN_CLAUSE_UNITS
) -> Found | None:
    while start < limit and (units[start].text in ",:" or units[start].lower == "that"):
        start += 1
    end = _cut(units, start, limit, rule)
    while end > start and units[end - 1].quote < 0 and not units[end - 1].is_word and units[end - 1].text not in ")]%":
        end -= 1
    if end - start < least and not any(unit.quote >= 0 for unit in units[start:end]):
        return None
    return Found(((start, end),), rule, addressee) if end > start else None


def _cut(units: list[Token], start: int, limit: int, rule: str) -> int:
    """A semicolon ends any content; a comma and a new clause end one that is a phrase."""
    phrase = rule in {"object", "predicate", "infinitive", "object-infinitive"}
    for k in range(start + 1, limit - 1):
        if units[k].text == ";" or (phrase and units[k].text == "," and units[k + 1].lower in _AFTER_PHRASE):
            return k
    return limit


def _that(units: list[Token], at: int, limit: int) -> int | None:
    """ "that" after nothing but adjuncts."""
    for k in range(at, min(limit - 1, at + _MAX_ADJUNCT_UNITS)):
        unit = units[k]
        if unit.lower == "that":
            return k if k == at or units[at].lower in ADJUNCT_STARTS | ADVERBS or units[at].text == "," else None
        if unit.quote >= 0 or (is_break(unit) and unit.text not in "()") or verb_like(units, k):
            return None
    return None


def _quoted(units: list[Token], at: int, limit: int) -> tuple[int, int] | None:
    """A quotation after the cue, straight or past a comma, a colon or an adjunct; with its unquoted rest when there is one."""
    k = at
    while k < limit and units[k].quote < 0:
        if k - at > _MAX_ADJUNCT_UNITS:
            return None
        if k > at and units[k].text == ":" and k + 1 < limit:
            k += 1
            break
        k += 1
    if k >= limit or units[k].quote < 0:
        return None
    between = units[at:k]
    if (
        between
        and not (between[-1].text in ",:" and len(between) == 1)
        and not (between[0].lower in ADJUNCT_STARTS | ADVERBS | {"of"} or between[0].text in ",:")
    ):
        return None
    if between and between[-1].text not in ",:" and between[0].text != ",":
        return None
    return k, _quote_tail(units, k, limit)


def _quote_tail(units: list[Token], k: int, limit: int) -> int:
    """End of a content that opens with the quotation at `k`."""
    last = k + 1
    while last < limit and units[last].quote >= 0:
        last += 1
    if last >= limit or units[last].text in ",;—–-" or units[last].lower in _AFTER_QUOTE:
        return last
    if units[last].lower == "and" and last + 1 < limit and verb_like(units, last + 1):
        return last
    return limit


def _skip_adjuncts(units: list[Token], at: int, limit: int) -> int:
    """Past "Tuesday", "in an interview with the paper", "on the programme": to where a clause may begin, or `limit`."""
    k = at
    while k < limit and (units[k].lower in DAYS or units[k].lower in TIMES_OF_DAY or units[k].lower in ADVERBS - {"both", "all"}):
        k += 1
    if k >= limit or units[k].lower not in ADJUNCT_STARTS:
        return k
    for at_unit in range(k + 1, min(limit, k + _MAX_ADJUNCT_UNITS)):
        word = units[at_unit].lower
        if word in SUBJECT_PRONOUNS and word not in DETERMINERS and units[at_unit - 1].lower not in PREPOSITIONS:
            return at_unit
    return limit


def _looks_like_clause(units: list[Token], start: int, limit: int) -> bool:
    enough = limit - start >= _MIN_CLAUSE_UNITS and units[start].text not in ",:;"
    return enough or any(unit.quote >= 0 for unit in units[start:limit])


def _is_clause(units: list[Token], frame: Frame, start: int, limit: int) -> bool:
    """After "said" nearly everything is a clause; after "announced" or "noted" only what has a verb."""
    if frame.verb.lemma in _CLAUSE_VERBS or has_finite_verb(units, start, _cut(units, start, limit, "object")):
        return True
    return "n" not in frame.verb.patterns and any(unit.quote >= 0 for unit in units[start:limit])


def enclosed(units: list[Token], frame: Frame) -> bool:
    """ "The test, the agency said, was its biggest": a comma on either side and a rest that is no frame of its own."""
    at = frame.right
    while at < len(units) and (units[at].lower in DAYS | ADVERBS or units[at].lower == "then"):
        at += 1
    if at >= len(units) - _MIN_CLAUSE_UNITS or units[at].text != "," or units[frame.left - 1].text != ",":
        return False
    rest = units[at + 1]
    if rest.quote >= 0 or not rest.is_word:
        return False
    return rest.lower not in (ADJUNCT_STARTS - {"that"}) | NEW_FRAME and not rest.lower.endswith("ing")


def left_content(units: list[Token], frame: Frame, floor: int) -> tuple[int, int] | None:
    """The clause or quotation that ends right before the frame: “…,” he said; It rains, he said."""
    end = frame.left
    if end <= floor:
        return None
    while floor < end and not (units[floor].is_word or units[floor].quote >= 0 or units[floor].text in "([$#@"):
        floor += 1
    if end <= floor:
        return None
    last = units[end - 1]
    if last.lower == "as" and end - floor > _MIN_CLAUSE_UNITS and units[end - 2].text == ",":
        end -= 2
    elif last.text in {",", "—", "–", "--"}:
        end -= 1
    elif last.quote < 0:
        return None
    if end <= floor:
        return None
    ends_quoted = units[end - 1].quote >= 0
    if not ends_quoted and end - floor < _MIN_CLAUSE_UNITS and not enclosed(units, frame):
        return None
    return floor, end
