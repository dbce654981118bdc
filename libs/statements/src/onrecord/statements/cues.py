"""Every form of every reporting verb, made from the table once at import."""

from dataclasses import dataclass
from typing import Literal, cast

from onrecord.statements.extracted import CueClass
from onrecord.statements.lexicon import TABLE

Form = Literal["base", "third", "past", "participle", "gerund"]

_DOUBLING = frozenset("admit commit quip brag blog plug chat rebut beg slam dub refer begin put hit read".split()) - {"read"}


@dataclass(frozen=True, slots=True)
class Verb:
    """One line of the table: what may follow this verb with this particle."""

    lemma: str
    particle: str
    cue_class: CueClass
    patterns: frozenset[str]

    @property
    def thought(self) -> bool:
        return "h" in self.patterns

    @property
    def name(self) -> str:
        return f"{self.lemma} {self.particle}" if self.particle else self.lemma


@dataclass(frozen=True, slots=True)
class VerbForm:
    lemma: str
    form: Form


def _read(table: str) -> tuple[dict[str, tuple[Verb, ...]], dict[str, VerbForm]]:
    verbs: dict[str, tuple[Verb, ...]] = {}
    forms: dict[str, VerbForm] = {}
    for line in table.split(";"):
        head, _, rest = line.partition(":")
        lemma, _, particle = head.strip().partition(" ")
        cue_class, patterns, *irregular = rest.split()
        verb = Verb(lemma, particle, cast(CueClass, cue_class), frozenset(patterns))
        # Longer heads first: "point out" is tried before "point".
        known = verbs.get(lemma, ())
        verbs[lemma] = (verb, *known) if particle else (*known, verb)
        past, participle = irregular if irregular else (_regular_past(lemma), _regular_past(lemma))
        for text, form in (
            (lemma, "base"), (_third(lemma), "third"), (_gerund(lemma), "gerund"), (participle, "participle"), (past, "past"),
        ):  # fmt: skip
            forms[text] = VerbForm(lemma, cast(Form, form))
    return verbs, forms


def _third(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _regular_past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ied"
    return _doubled(lemma) + "ed"


def _gerund(lemma: str) -> str:
    return lemma[:-1] + "ing" if lemma.endswith("e") and not lemma.endswith("ee") else _doubled(lemma) + "ing"


def _doubled(lemma: str) -> str:
    return lemma + lemma[-1] if lemma in _DOUBLING else lemma


VERBS, FORMS = _read(TABLE)
