"""The words of an HTML fragment."""

import html
import re

_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_HIDDEN = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_HIDDEN_END = re.compile(r"</(?:script|style)\b", re.IGNORECASE)


def plain_text(markup: str) -> str:
    """The words of an HTML fragment: tags, scripts and styles out, references resolved. One pass, whatever is unclosed."""
    if "<" in markup:
        markup = _TAG.sub(" ", _without_hidden(markup))
    return html.unescape(markup) if "&" in markup else markup


def _without_hidden(markup: str) -> str:
    kept: list[str] = []
    position = 0
    while start := _HIDDEN.search(markup, position):
        end = _HIDDEN_END.search(markup, start.end())
        if end is None:
            break
        kept.append(markup[position : start.start()])
        position = end.start()
    return "".join(kept) + markup[position:]
