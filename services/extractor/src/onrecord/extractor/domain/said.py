"""Small rules of the statement event: the words without their marks, and a key that meets across articles."""

import re
import unicodedata

MARKS = "\"“”„‟«»‹›‘’‚'`「」『』"
LOOSE_END = re.compile(r"[\s,;:–—-]+$")
HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep president prime minister gov governor".split()
)
KEY_PREFIX = {"person": "per", "organization": "org", "group": "grp", "document": "doc"}


def spoken(part: str) -> str:
    """One part's words without the quotation marks around it and the comma before its frame."""
    words = part.strip()
    while words and (words[0] in MARKS or words[-1] in MARKS):
        words = words[1 if words[0] in MARKS else 0 : -1 if words[-1] in MARKS else None].strip()
    return LOOSE_END.sub("", words) or part.strip()


def speaker_key(kind: str, name: str | None) -> str | None:
    """`per:jerome-powell`: letters folded, honorifics dropped, words sorted, so that spellings and orders meet
    (OpenSanctions' fingerprint convention)."""
    prefix = KEY_PREFIX.get(kind)
    if prefix is None or not name:
        return None
    folded = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    words = [word for word in re.findall(r"\w+", re.sub(r"['’]s?\b", "", folded)) if word not in HONORIFICS]
    return f"{prefix}:{'-'.join(sorted(words))}" if words else None
