"""The language of an article: its text first, then what page and feed say."""

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

DETECTION_CHARS = 1_000  # more text does not change the answer, and time grows with it
SURE = 0.9  # of the normalised probability: above it the text wins over what the page declares
DECLARED_WINS_BELOW = 0.5  # the text may be short or mixed; then a declaration is the better witness
UNKNOWN = "und"
_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_][a-zA-Z0-9]{1,8})*$")
_OLD_CODES = {"iw": "he", "in": "id", "ji": "yi", "mo": "ro", "tl": "fil", "jp": "ja", "cz": "cs", "dk": "da", "gr": "el"}
_SAME = ({"nb", "no", "nn"}, {"sr", "hr", "bs", "sh"}, {"id", "ms"})  # the detector confuses them; the page knows


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def primary(tag: str | None) -> str | None:
    """The BCP 47 primary subtag of a declared language; None for what is none."""
    found = _TAG.match(tag.strip()) if tag else None
    if found is None:
        return None
    code = found.group(1).lower()
    return _OLD_CODES.get(code, code)


def language_of(text: str, *, html_lang: str | None, feed_language: str | None) -> str:
    """A BCP 47 language; `und` where neither the text nor a declaration tells."""
    declared = primary(html_lang) or primary(feed_language)
    code, probability = _identifier().classify(text[:DETECTION_CHARS])
    detected = _OLD_CODES.get(code, code)
    if declared is None:
        return detected if probability >= DECLARED_WINS_BELOW else UNKNOWN
    if declared == detected or any({declared, detected} <= group for group in _SAME):
        return declared
    if probability >= SURE:
        return str(detected)
    if primary(feed_language) == detected and probability >= DECLARED_WINS_BELOW:
        return str(detected)
    return declared
