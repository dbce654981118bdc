"""Paragraphs and tokens of a text, by code point offsets, in one pass each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_TEXT_CHARS = (
    1_000_000  # a newspaper article is under 100,000; what lies behind is not read (RELIABILITY: linear work, bounded)
)
MAX_PARAGRAPH_CHARS = (
    20_000  # one paragraph's work is bounded; the rest of a longer one is not read and its statements are flagged
)

# Combining marks belong to their letter: decomposed text must cut words where composed text does.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u20d0-\u20ff\u200c\u200d"
_UNSEEN = (
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # direction and joining controls stand between words without being any
)
_WORD = rf"[\w{_MARKS}]"
TOKEN = re.compile(rf"{_WORD}+(?:['’.\-‑]{_WORD}+)*|--+|\.\.+|[^\s{_UNSEEN}]")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof gov sen rep reps sens gen col lt capt sgt maj adm rev hon st jr sr inc corp co ltd no vs jan feb mar apr "
    "aug sept sep oct nov dec gov'ts dept est u.s u.k u.n d.c a.m p.m ph.d e.g i.e d r fla calif mass pa va ga mich wis ill ariz "
    "conn minn tenn tex wash colo ky nev n.y n.j n.h n.c s.c w.va messrs mme atty supt".split()
)

_CARRIERS, _CLITICS = frozenset("he she it i we you they who that there".split()), frozenset("s re ve d ll m".split())


@dataclass(frozen=True, slots=True)
class Paragraph:
    start: int
    end: int
    truncated: bool = False


@dataclass(slots=True)
class Token:
    start: int
    end: int
    text: str
    lower: str
    is_word: bool
    capital: bool
    quote: int = -1


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Non-empty lines, trimmed; a longer one than the cap is cut and marked."""
    at, limit = 0, min(len(text), MAX_TEXT_CHARS)
    while at < limit:
        stop = text.find("\n", at, limit)
        stop = limit if stop < 0 else stop
        start, end = trimmed(text, at, min(stop, at + MAX_PARAGRAPH_CHARS))
        if start < end:
            yield Paragraph(start, end, truncated=stop - at > MAX_PARAGRAPH_CHARS or (stop == limit < len(text)))
        at = stop + 1


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """Words (with their inner apostrophes, hyphens and dots) and single marks; an abbreviation keeps its full stop."""
    found: list[Token] = []
    for match in TOKEN.finditer(text, start, end):
        word = match.group()
        if (
            word == "."
            and found
            and found[-1].end == match.start()
            and _is_abbreviation(found[-1], text[match.end() : match.end() + 2])
        ):
            last = found[-1]
            last.end, last.text, last.lower = match.end(), last.text + ".", last.lower + "."
            continue
        clitic = _clitic(word)
        if clitic:
            cut = match.end() - clitic
            found.append(_word(match.start(), cut, word[:-clitic]))
            found.append(_word(cut, match.end(), word[-clitic:]))
            continue
        first = word[0]
        is_word = first.isalnum() or first == "_"
        found.append(Token(match.start(), match.end(), word, word.casefold().replace("’", "'"), is_word, first.isupper()))
    return found


def _word(start: int, end: int, text: str) -> Token:
    return Token(start, end, text, text.casefold().replace("’", "'"), is_word=True, capital=text[0].isupper())


def _clitic(word: str) -> int:
    """Length of the verb that a pronoun carries: "he’s", "they've"."""
    at = max(word.find("'"), word.find("’"))
    return len(word) - at if at > 0 and word[:at].casefold() in _CARRIERS and word[at + 1 :].casefold() in _CLITICS else 0


def _is_abbreviation(token: Token, following: str) -> bool:
    if not token.is_word:
        return False
    if following[:1] in {")", ","} or (len(following) == 2 and following[0] == " " and following[1].islower()):
        return True
    if len(token.text) == 1:
        return token.capital and token.lower != "i"
    return token.lower in _ABBREVIATIONS and (token.capital or "." in token.lower or token.lower in {"vs", "no"})
