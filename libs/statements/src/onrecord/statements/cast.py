"""Who is named in an article, where, and in which role: built once per article, asked by every statement."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from onrecord.statements.names import Name, Names, Run, runs
from onrecord.statements.roles import ORGANISATION_ROLES, role_of
from onrecord.statements.sentences import Sentence
from onrecord.statements.tokens import Token, tokenize
from onrecord.statements.words import DETERMINERS, OPENERS, PERSON_ROLES, TITLES

_ACRONYM = re.compile(r"\s{0,2}\(([A-Z][A-Z&.]{1,9})\)")
_MAX_TOPIC_UNITS = 12  # what stands further in is not what its sentence is about
_OPENING = OPENERS | DETERMINERS | TITLES | PERSON_ROLES | {"and", "but"}


@dataclass(frozen=True, slots=True)
class Mention:
    """`subject`: opens its sentence, the place of what the sentence is about."""

    name: Name
    start: int
    end: int
    paragraph: int
    subject: bool
    quoted: bool
    possessive: bool


class Cast:
    """Mentions in reading order; names with type, gender and role."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names = Names()
        self.mentions: list[Mention] = []
        self._starts: list[int] = []

    def read(self, sentences: list[Sentence], paragraph: int) -> None:
        for sentence in sentences:
            tokens = tokenize(self.text, sentence.start, sentence.end)
            quoted = [unit for unit in sentence.units if unit.quote >= 0]
            opens = {sentence.start} | {unit.start + 1 for unit in quoted}
            opens |= {b.start for a, b in pairwise(tokens) if a.text in ".!?"}
            for run in runs(tokens, opens):
                self._mention(run, tokens, quoted, paragraph)

    def _mention(self, run: Run, tokens: list[Token], quoted: list[Token], paragraph: int) -> None:
        name = self.names.add(run)
        if name is None:
            return
        at = bisect_right(quoted, run.start, key=lambda unit: unit.start) - 1
        inside = at >= 0 and run.start < quoted[at].end
        possessive = self.text[run.end : run.end + 2] in ("'s", "’s")
        subject = _opens(tokens, run.first) and not possessive
        self.mentions.append(Mention(name, run.start, run.end, paragraph, subject, inside, possessive))
        self._starts.append(run.start)
        acronym = _ACRONYM.match(self.text, run.end)
        if acronym and len(run.words) > 1 and acronym.group(1)[0] == run.words[0][0]:
            self.names.abbreviate(name, acronym.group(1))
        if name.role is None and not inside:
            name.role = role_of(run, tokens, self.text)
            if name.role and name.type in ("person", "unknown") and name.role.split()[-1].casefold() in ORGANISATION_ROLES:
                name.type = "organization"

    def within(self, start: int, end: int) -> list[Mention]:
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def before(self, at: int, most: int) -> list[Mention]:
        """The last `most` mentions left of `at`, nearest first."""
        last = bisect_left(self._starts, at)
        return self.mentions[max(0, last - most) : last][::-1]


def _opens(tokens: list[Token], first: int) -> bool:
    """Only openers, an article and titles stand before it in its sentence."""
    return first <= _MAX_TOPIC_UNITS and all(token.lower in _OPENING or token.capital for token in tokens[:first])
