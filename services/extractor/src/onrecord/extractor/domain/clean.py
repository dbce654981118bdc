"""An article's text: a paragraph a line."""

from onrecord.text import clean_text as safe_text


def clean_text(raw: str, max_chars: int) -> str:
    """At most `max_chars` of `raw` in NFC without control characters; a paragraph a line, no empty lines."""
    text = safe_text(raw[: 2 * max_chars].replace("\x0b", "\n").replace("\x0c", "\n"), max_chars=2 * max_chars).text
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:max_chars].rstrip()


def clean_line(raw: object, max_chars: int) -> str:
    """As clean_text, on one line; what is not text gives an empty string."""
    return " ".join(clean_text(raw, max_chars).split()) if isinstance(raw, str) else ""
