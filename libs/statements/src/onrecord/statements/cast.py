"""Who is named in an article, where, and in which role: built once per article, asked by every statement."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from onrecord.statements.names import Name, Names, Run, bare, runs
from onrecord.statements.sentences import Sentence
from onrecord.statements.tokens import Token, tokenize
from onrecord.statements.words import DETERMINERS, GROUP_ROLES, OPENERS, PERSON_ROLES, PREPOSITIONS, TITLES

_MAX_ROLE_CHARS = 160  # an apposition longer than this is a clause about something else
_ACRONYM = re.compile(r"\s*\(([A-Z][A-Z&.]{1,9})\)")


@dataclass(frozen=True, slots=True)
class Mention:
    """`subject`: opens its sentence, the place of what the sentence is about."""

    name: Name
    start: int
    end: int
    paragraph: int
    sentence: int
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
        self._sentences = 0

    def read(self, sentences: list[Sentence], paragraph: int) -> None:
        for sentence in sentences:
            self._sentences += 1
            tokens = tokenize(self.text, sentence.start, sentence.end)
            opens = {sentence.start} | {quote.start + 1 for quote in sentence.quotes}
            opens |= {b.start for a, b in zip(tokens, tokens[1:], strict=False) if a.text in ".!?"}
            quoted = [(q.start, q.end) for q in sentence.quotes if q.start >= sentence.start and q.end <= sentence.end]
            for run in runs(tokens, opens):
                self._mention(run, tokens, quoted, paragraph, sentence)

    def _mention(self, run: Run, tokens: list[Token], quoted: list[tuple[int, int]], paragraph: int, sentence: Sentence) -> None:
        name = self.names.add(run)
        if name is None:
            return
        inside = any(start <= run.start < end for start, end in quoted)
        possessive = self.text[run.end : run.end + 2] in ("'s", "’s")
        subject = self._opens(tokens, run) and not possessive
        self.mentions.append(Mention(name, run.start, run.end, paragraph, self._sentences, subject, inside, possessive))
        self._starts.append(run.start)
        acronym = _ACRONYM.match(self.text, run.end)
        if acronym and len(run.words) > 1:
            name.acronym = acronym.group(1)
            name.type = "organization"
        if name.role is None and not inside:
            name.role = self._role(run, tokens, sentence)

    def _opens(self, tokens: list[Token], run: Run) -> bool:
        """Only openers, an article and titles stand before it in its sentence."""
        for token in tokens:
            if token.start >= run.start:
                return True
            skip = token.lower in OPENERS | DETERMINERS | TITLES | PERSON_ROLES | {"and", "but", "mr", "dr"} or token.capital
            if not skip:
                return False
        return False

    def _role(self, run: Run, tokens: list[Token], sentence: Sentence) -> str | None:
        index = next((k for k, token in enumerate(tokens) if token.start >= run.end), len(tokens))
        if index < len(tokens) and tokens[index].text == "," and index + 1 < len(tokens):
            after = self._apposition(tokens, index + 1)
            if after:
                return after
        first = next((k for k, token in enumerate(tokens) if token.end > run.start), 0)
        return self._before(tokens, first, run, sentence)

    def _apposition(self, tokens: list[Token], start: int) -> str | None:
        end = start
        while (
            end < len(tokens)
            and (tokens[end].is_word or tokens[end].text in "&-/$%")
            and tokens[end].lower not in {"who", "which"}
        ):
            end += 1
        words = {token.lower for token in tokens[start:end]}
        if end == start or not (words & (PERSON_ROLES | TITLES | GROUP_ROLES) or tokens[start].lower in {"a", "an", "the"}):
            return None
        role = self.text[tokens[start].start : tokens[end - 1].end]
        return _trim_article(role) if len(role) <= _MAX_ROLE_CHARS and tokens[start].lower not in PREPOSITIONS else None

    def _before(self, tokens: list[Token], first: int, run: Run, sentence: Sentence) -> str | None:
        """ "Pakistan's ambassador to the UN, Munir Akram" and "finance minister Jane Doe"."""
        end = first - len(run.titles)
        if run.titles:
            return self.text[self._phrase_start(tokens, end, first) : tokens[first - 1].end] if first else None
        if end > 1 and tokens[end - 1].text == ",":
            end -= 1
        start_char = self._phrase_start(tokens, end, end)
        if end == 0 or start_char >= tokens[end - 1].end:
            return None
        words = {token.lower for token in tokens[max(0, end - 12) : end] if token.start >= start_char}
        return _trim_article(self.text[start_char : tokens[end - 1].end]) if words & PERSON_ROLES else None

    def _phrase_start(self, tokens: list[Token], end: int, fallback: int) -> int:
        k = end
        while k > 0 and tokens[k - 1].is_word and end - k < 12 and tokens[k - 1].lower not in OPENERS:
            word = tokens[k - 1].lower
            if word in {"and", "but", "said", "says", "told", "by", "when", "as", "that", "with", "from"}:
                break
            k -= 1
            if word in {"the", "a", "an"} and (k == 0 or tokens[k - 1].lower not in PREPOSITIONS):
                return tokens[k + 1].start if k + 1 < len(tokens) else tokens[k].start
        return tokens[min(k, fallback)].start if tokens and k < len(tokens) else 0

    def within(self, start: int, end: int) -> list[Mention]:
        first = bisect_left(self._starts, start)
        found = []
        for mention in self.mentions[first:]:
            if mention.start >= end:
                break
            found.append(mention)
        return found

    def before(self, at: int, most: int) -> list[Mention]:
        """The last `most` mentions left of `at`, nearest first."""
        last = bisect_left(self._starts, at)
        return self.mentions[max(0, last - most) : last][::-1]


def _trim_article(role: str) -> str:
    head, _, rest = role.partition(" ")
    return rest if head.casefold() in {"a", "an", "the"} and rest else role


def plain(words: str) -> str:
    return " ".join(bare(word) for word in words.split())
