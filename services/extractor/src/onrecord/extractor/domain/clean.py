"""Text that every later stage, database and screen can take."""

import re
import unicodedata

# NUL, C0 and C1 without tab and line feed, surrogates, noncharacters, bidi controls, BOM; soft hyphens hide in words.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff"
    + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_NEWLINES = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")


def clean_text(raw: str, max_chars: int) -> str:
    """At most `max_chars` of `raw` in NFC without control characters; a paragraph a line, no empty lines."""
    text = _FORBIDDEN.sub("", _NEWLINES.sub("\n", raw[: 2 * max_chars]))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    joined = "\n".join(line for line in lines if line)
    # NFC may lengthen a text, so the cap comes after it too
    return unicodedata.normalize("NFC", joined[:max_chars])[:max_chars].rstrip()


def clean_line(raw: object, max_chars: int) -> str:
    """As clean_text, on one line; what is not text gives an empty string."""
    return " ".join(clean_text(raw, max_chars).split()) if isinstance(raw, str) else ""
