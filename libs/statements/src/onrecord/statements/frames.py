"""Finds the reporting verbs of one sentence with the noun phrase that each belongs to."""

from dataclasses import dataclass

from onrecord.statements.clauses import has_finite_verb, is_break, verb_like
from onrecord.statements.cues import FORMS, VERBS, Form, Verb
from onrecord.statements.inverted import right_phrase
from onrecord.statements.lexicon import NOUN_LEMMAS, OTHER_SENSES
from onrecord.statements.nouns import left_phrase
from onrecord.statements.tokens import Token
from onrecord.statements.words import (
    ADJUNCT_STARTS,
    ADVERBS,
    AUXILIARIES,
    BE_FORMS,
    DETERMINERS,
    DOCUMENT_NOUNS,
    IRREGULAR_PAST,
    NEGATIONS,
    OBJECT_PRONOUNS,
    ORG_WORDS,
    PERSON_ROLES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)

_NOT_A_SOURCE = frozenset("there this that these those what how why when where which".split())
_SINGULAR_PRONOUNS = frozenset("he she it".split())


@dataclass(slots=True)
class Frame:
    """Unit indices: the verb group opens at `group`, the cue is `[at, after)`, the source `subject`."""

    verb: Verb
    form: Form
    group: int
    at: int
    after: int
    subject: tuple[int, int] | None
    negated: bool = False
    inverted: bool = False
    shared: bool = False

    @property
    def left(self) -> int:
        """First unit of the frame: where a clause left of it has to end."""
        if self.subject is None or self.inverted or self.shared:
            return self.group
        return min(self.subject[0], self.group)

    @property
    def right(self) -> int:
        return self.subject[1] if self.inverted and self.subject else self.after


def find_frames(units: list[Token], *, thoughts: bool) -> list[Frame]:
    found: list[Frame] = []
    floor = 0
    for at, unit in enumerate(units):
        known = FORMS.get(unit.lower)
        if known is None or unit.quote >= 0 or at < floor:
            continue
        chosen = _verb(units, at, known.lemma)
        if chosen is None:
            continue
        verb, after = chosen
        if verb.thought and not thoughts:
            continue
        frame = _frame(units, at, after, verb, known.form, found)
        if frame is not None:
            found.append(frame)
            floor = after
    return found


def _verb(units: list[Token], at: int, lemma: str) -> tuple[Verb, int] | None:
    following = [unit.lower for unit in units[at + 1 : at + 3]]
    for verb in VERBS[lemma]:
        if verb.particle:
            if following and following[0] == verb.particle:
                return verb, at + 2
        elif not (following and following[0] in OTHER_SENSES.get(lemma, frozenset())):
            return verb, at + 1
    return None


def _frame(units: list[Token], at: int, after: int, verb: Verb, form: Form, found: list[Frame]) -> Frame | None:
    group, passive, modal, negated = _verb_group(units, at)
    if passive or (form == "participle" and group == at):
        return None
    if form == "gerund":
        return _gerund(units, at, after, verb, found, group, negated)
    if form in ("base", "third") and _noun_use(units, at, group, form):
        return None
    if form == "base" and modal in {"to"}:
        return None
    frame = Frame(verb, form, group, at, after, None, negated)
    return _subject(units, frame, found, modal)


def _verb_group(units: list[Token], at: int) -> tuple[int, bool, str, bool]:
    """(first unit, passive, auxiliary or "", negated) of the verb group that ends with the verb at `at`."""
    k, passive, modal, negated = at, False, "", False
    while k > 0 and at - k < 6:
        word = units[k - 1].lower
        if word in AUXILIARIES or word == "to":
            form = FORMS[units[at].lower].form
            passive = passive or (not modal and word in BE_FORMS and form != "gerund")
            modal = modal or word
        elif not (word in ADVERBS or word in NEGATIONS or (word.endswith("ly") and len(word) > 4 and not units[k - 1].capital)):
            break
        negated = negated or word in NEGATIONS
        k -= 1
    return k, passive, modal, negated


def _noun_use(units: list[Token], at: int, group: int, form: Form) -> bool:
    """ "the claims", "his reports", "in calls": a noun that looks like a verb."""
    if group < at:
        return False
    if at == 0:
        return True
    before = units[at - 1]
    if before.lower in PRONOUNS and before.lower not in DETERMINERS:
        return form == "base" and before.lower in _SINGULAR_PRONOUNS
    if before.lower in DETERMINERS | PREPOSITIONS or before.lower.endswith(("'s", "s'")):
        return True
    if units[at].capital and before.capital:
        return True
    if form == "third":
        return _plural_noun(units, at, before)
    if form == "base":
        return not before.lower.endswith("s") and before.lower not in {"people", "police", "others", ","}
    return False


def _plural_noun(units: list[Token], at: int, before: Token) -> bool:
    """ "dubious medical claims", "most states": only a likely source makes a verb of what is as often a plural noun."""
    if FORMS[units[at].lower].lemma not in NOUN_LEMMAS or before.capital or not before.is_word:
        return False
    return before.lower not in PERSON_ROLES | DOCUMENT_NOUNS | ORG_WORDS | {"also", "who", "which", "that"}


def _gerund(units: list[Token], at: int, after: int, verb: Verb, found: list[Frame], group: int, negated: bool) -> Frame | None:
    """ ", adding that": shares the subject of the frame before it, else of the sentence; "is saying" has its own."""
    frame = Frame(verb, "gerund", group, at, after, None, negated)
    if group < at and any(units[k].lower in BE_FORMS for k in range(group, at)):
        return _subject(units, frame, found, "be")
    before = units[at - 1] if at else None
    joined = (
        before is None or before.text in ",-–—" or before.lower in {"and", "while", "in", "by", "statement", "tweet", "letter"}
    )
    if not joined and not ("q" in verb.patterns and "t" in verb.patterns):
        return None
    if before is not None and before.lower in {"of", "for", "about", "without"} | DETERMINERS:
        return None
    owner = found[-1].subject if found else first_subject(units, at)
    if owner is None:
        return None
    frame.subject, frame.shared = owner, True
    return frame


def first_subject(units: list[Token], stop: int) -> tuple[int, int] | None:
    """The noun phrase before the sentence's first finite verb."""
    for k in range(1, stop):
        if is_break(units[k]):
            return None
        if verb_like(units, k) or _plain_past(units, k):
            while k > 1 and units[k - 1].lower in ADVERBS:
                k -= 1
            return left_phrase(units, k, 0)
    return None


def _plain_past(units: list[Token], k: int) -> bool:
    """A past form after a noun, or an -s form right after a pronoun or a name: "He referred", "Trump takes"."""
    before, word = units[k - 1], units[k].lower
    if not units[k].is_word or not before.is_word or word in PREPOSITIONS:
        return False
    if word in IRREGULAR_PAST or (word.endswith("ed") and len(word) > 4):
        return before.lower not in DETERMINERS | ADVERBS | PREPOSITIONS | SUBORDINATORS
    return (before.lower in PRONOUNS or before.capital) and not units[k].capital and word.endswith("s") and len(word) > 3


def _subject(units: list[Token], frame: Frame, found: list[Frame], modal: str) -> Frame | None:
    group = frame.group
    before = units[group - 1] if group else None
    if frame.form in ("past", "third") and not modal and _after_quote_or_clause(units, group):
        end = right_phrase(units, frame.after)
        if (
            end > frame.after
            and _is_inversion(units, frame, end)
            and (_quote_before(units, group) or has_finite_verb(units, 0, group))
        ):
            frame.subject, frame.inverted = (frame.after, end), True
            return frame
    if before is not None and before.lower in {"and", "but"} and not found:
        frame.subject = first_subject(units, group)
        frame.shared = frame.subject is not None
        return frame if frame.shared else None
    if before is not None and before.lower in {"and", "or", "but", ","} and found:
        own = left_phrase(units, group, found[-1].after) if before.text == "," else None
        if own is None or before.text != ",":
            frame.subject, frame.shared = found[-1].subject, True
            return frame
    floor = found[-1].after if found else 0
    frame.subject = left_phrase(units, group, floor)
    if frame.subject is None:
        return None
    start, end = frame.subject
    if units[end - 1].lower in _NOT_A_SOURCE and frame.verb.lemma not in {"say", "read", "show", "find", "report"}:
        return None
    alone = units[start].lower if end - start == 1 else ""
    return None if alone in OBJECT_PRONOUNS - {"it", "you"} or alone in {"that", "which", "there", "what"} else frame


def _after_quote_or_clause(units: list[Token], group: int) -> bool:
    if group == 0:
        return False
    before = units[group - 1]
    return before.quote >= 0 or before.text in {",", "—", "–", "-"}


def _quote_before(units: list[Token], group: int) -> bool:
    """A quotation right before the verb group, or before its comma."""
    at = group - 2 if group > 1 and units[group - 1].text == "," else group - 1
    return at >= 0 and units[at].quote >= 0


def _is_inversion(units: list[Token], frame: Frame, end: int) -> bool:
    """“…,” said Doe: a verb of quoting, and after the noun phrase no clause of its own."""
    if "q" not in frame.verb.patterns or units[frame.after].lower in OBJECT_PRONOUNS | {"that"}:
        return False
    if any(verb_like(units, k) or _plain_past(units, k) for k in range(frame.after + 1, min(end + 1, len(units)))):
        return _after_who(units, frame.after, end)
    quoted = _quote_before(units, frame.group)
    if not quoted and frame.verb.lemma not in {"say", "write", "add", "note", "argue"}:
        return False
    closes = end >= len(units) or not units[end].is_word or units[end].lower in ADJUNCT_STARTS | {"who", "and", "as"}
    return closes and (quoted or units[frame.after].capital or end - frame.after < 8)


def _after_who(units: list[Token], start: int, end: int) -> bool:
    """A verb is no clause of the content when it belongs to the relative clause of the source."""
    return any(units[k].lower in {"who", "whose"} for k in range(start + 1, min(end + 1, len(units))))
