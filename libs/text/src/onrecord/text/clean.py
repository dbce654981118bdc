"""Text from outside, made safe to store, sort and show."""

import re
import unicodedata
from typing import NamedTuple

# Unicode's stream-safe limit (UAX 15, 13): longer runs of marks are no writing system.
MARK_RUN_MAX_CHARS = 30

_SURROGATES = "\ud800-\udfff"
_NONCHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # all but tab, line feed, carriage return and next line
_INVISIBLE = "\xad\u2060\ufeff"  # soft hyphens and joiners hide in words, byte order marks between them
# Apart from those of the higher planes: a class within the first plane is one table look-up a character.
_REMOVED = re.compile(f"[{_CONTROLS}{_SURROGATES}{_NONCHARACTERS}{_BIDI_CONTROLS}{_INVISIBLE}]")
_HIGH_NONCHARACTERS = re.compile(
    "[" + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)) + "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARK_FLOOD = re.compile(f"({_MARKS}{{{MARK_RUN_MAX_CHARS}}}){_MARKS}+")
_SPACES = re.compile(r"\s+")


class Cleaned(NamedTuple):
    text: str
    cut: bool


def clean_text(text: str, *, max_chars: int) -> Cleaned:
    """NFC text of at most `max_chars` characters.

    Without controls, surrogates, noncharacters, bidi controls and floods of combining marks; lines end in line feeds.
    Cut before normalising, so that the work is bounded, and after, since a few characters grow.
    """
    kept = _REMOVED.sub("", _LINE_ENDS.sub("\n", text))
    if kept.isascii():
        return Cleaned(kept[:max_chars], len(kept) > max_chars)
    if _has_high_planes(kept):
        kept = _HIGH_NONCHARACTERS.sub("", kept)
    kept = _MARK_FLOOD.sub(r"\1", kept)
    cut = len(kept) > max_chars
    normal = _MARK_FLOOD.sub(r"\1", unicodedata.normalize("NFC", kept[:max_chars]))
    return Cleaned(normal[:max_chars], cut or len(normal) > max_chars)


def _has_high_planes(text: str) -> bool:
    return len(text.encode("utf-16-le")) > 2 * len(text)


def clean_line(text: str, *, max_chars: int) -> Cleaned:
    """`clean_text` on one line, blanks joined. Reads no more than it needs of a giant field."""
    window = text[: max_chars * 64]
    joined = _SPACES.sub(" ", clean_text(window, max_chars=len(window)).text).strip()
    cleaned = clean_text(joined, max_chars=max_chars)
    return Cleaned(cleaned.text.strip(), cleaned.cut or len(window) < len(text))
