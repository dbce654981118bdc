"""Names near the headline, where neither JSON-LD nor meta gives an author."""

import re
from collections.abc import Iterator

from lxml import etree, html
from trafilatura.metadata import extract_author

from onrecord.extractor.domain.clean import clean_line

MAX_BYLINE_CHARS = 120  # longer elements are the author's portrait or the article
MAX_ELEMENTS = 20_000
MAX_FOUND = 4
_LABEL = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|author-?name|autore?n?|auteurs?|autori|writer|contributors?|reporter)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"/(?:authors?|by|writers?|staff|reporters?|journalists?|contributors?|autore?n?|autori|auteurs?|signataires|autorzy)/[^/?#]",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\s*(?:(?:posted|written|published|reported)\s+)?(?:by|von|par|por|di|af|av|door)\s*:?\s+(\S.{2,80})$",
    re.IGNORECASE | re.DOTALL,
)
_OUTSIDE = frozenset({"nav", "footer", "aside", "form", "figure", "figcaption", "script", "style", "head", "h1", "h2", "h3"})
_COMMENT = re.compile(r"comment|related|recommend|teaser|sidebar|newsletter", re.IGNORECASE)


def bylines(tree: html.HtmlElement, *, heavy: bool) -> Iterator[str]:
    """Guesses, best first, each made only when the one before it gave nothing; `heavy` allows the costly one."""
    yield from _labelled(tree)
    if heavy:
        yield from (extract_author(tree) or "").split("; ")


def _labelled(tree: html.HtmlElement) -> list[str]:
    """The first elements after the headline that are labelled, linked or worded as a byline."""
    found: list[str] = []
    first: html.HtmlElement | None = None
    for element in _after_headline(tree):
        if name := _name_in(element):
            if first is not None and not _beside(first, element):
                break
            first = element if first is None else first
            found.append(name)
            if len(found) >= MAX_FOUND:
                break
    return found


def _after_headline(tree: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The elements of the body in order, from the last of its first headings on; menus and teasers are left out."""
    heading = next(iter(tree.iter("h1")), None)
    passed, outside = heading is None, 0
    body = tree.find("body")
    for count, (event, element) in enumerate(etree.iterwalk(tree if body is None else body, events=("start", "end"))):
        if count > MAX_ELEMENTS:
            return
        left_out = element.tag in _OUTSIDE or bool(_COMMENT.search(element.get("class") or ""))
        if event == "end":
            outside -= left_out
            passed = passed or element is heading
        else:
            outside += left_out
            if passed and not outside:
                yield element


def _name_in(element: html.HtmlElement) -> str:
    labels = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("data-testid"))))
    text = clean_line("".join(element.itertext()), 4 * MAX_BYLINE_CHARS) if len(element) < 12 else ""
    if text and len(text) <= MAX_BYLINE_CHARS:
        if _LABEL.search(labels) or (element.tag == "a" and _ADDRESS.search(element.get("href") or "")):
            return text
        if (worded := _LEAD.match(text)) and element.tag in ("p", "div", "span", "address", "small", "em", "i", "strong", "b"):
            return worded.group(1)
    tail = clean_line(element.tail, MAX_BYLINE_CHARS)
    return worded.group(1) if tail and (worded := _LEAD.match(tail)) else ""


def _beside(first: html.HtmlElement, other: html.HtmlElement) -> bool:
    """Siblings, or cousins in the same row."""
    mine, theirs = first.getparent(), other.getparent()
    if mine is None or theirs is None:
        return False
    return mine is theirs or mine.getparent() is theirs.getparent() or first in list(other.iterancestors())
