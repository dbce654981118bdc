"""Text on a terminal: what came from elsewhere can neither move the cursor nor turn a line around."""

import json
import re
import sys

# C0 and C1 controls, line separators, marks that reorder text, and surrogates, which no terminal can show.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")


def plain(text: str) -> str:
    """`text` on one line, its control characters as backslash escapes."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def json_line(value: object) -> str:
    """One line of JSON in which no control character stands raw."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def say(line: str = "") -> None:
    print(line, flush=True)


def complain(line: str) -> None:
    print(plain(line), file=sys.stderr, flush=True)
