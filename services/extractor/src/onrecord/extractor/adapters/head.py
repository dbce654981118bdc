"""What a page says of itself, read from its tree."""

import re
from urllib.parse import urljoin

from lxml import html

from onrecord.extractor.domain.clean import clean_line
from onrecord.extractor.domain.facts import Head

MAX_VALUE_CHARS = 2_000
MAX_HEADINGS = 20
MAX_TIMES = 3
MAX_TIME_CHARS = 60
MAX_ELEMENTS_BELOW_HEADING = 100
_UPDATED = re.compile(r"modif|updat|aktuali", re.IGNORECASE)
MAX_BYLINES = 12
MAX_HEADING_NODES = 200  # below one heading; a page may wrap its whole body in an <h1>
MAX_NAME_CHARS = 120


def read_head(tree: html.HtmlElement, url: str) -> Head:
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        value = clean_line(element.get("content"), MAX_VALUE_CHARS)
        if name and value:
            meta.setdefault(name.strip().lower(), []).append(value)
    title = next(tree.iter("title"), None)
    return Head(
        meta={name: tuple(values) for name, values in meta.items()},
        title=text_of(title) if title is not None else "",
        headings=tuple(dict.fromkeys(_headings(tree))),
        canonical=_canonical(tree, url),
        language=clean_line(
            tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"), 40
        ),
        times=tuple(_times(tree)),
        authors=tuple(dict.fromkeys(_bylines(tree))),
    )


def text_of(element: html.HtmlElement) -> str:
    runs = []
    for count, run in enumerate(element.itertext()):
        if count > MAX_HEADING_NODES:
            break
        runs.append(run)
    return clean_line(" ".join(runs), MAX_VALUE_CHARS)


def _headings(tree: html.HtmlElement) -> list[str]:
    found: list[str] = []
    for element in tree.iter("h1"):
        if len(found) >= MAX_HEADINGS:
            break
        if text := text_of(element):
            found.append(text)
    return found


def _times(tree: html.HtmlElement) -> list[str]:
    """The dates shown below the headline; further down they belong to teasers and comments."""
    found: list[str] = []
    since_heading = 0 if tree.find(".//h1") is None else None
    for element in tree.iter("h1", "time", "p", "div", "span", "a", "li"):
        if element.tag == "h1":
            since_heading = 0
        elif since_heading is not None:
            since_heading += 1
            if since_heading > MAX_ELEMENTS_BELOW_HEADING or len(found) >= MAX_TIMES:
                break
            if element.tag == "time" and not _UPDATED.search(f"{element.get('class')} {element.get('itemprop')}"):
                found.append(clean_line(element.get("datetime"), MAX_TIME_CHARS))
    return [value for value in found if value]


def _canonical(tree: html.HtmlElement, url: str) -> str:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            try:
                return str(urljoin(url, (element.get("href") or "").strip()))
            except ValueError:
                return ""
    return ""


def _grandparent(element: html.HtmlElement) -> html.HtmlElement | None:
    parent = element.getparent()
    return parent.getparent() if parent is not None else None


def _bylines(tree: html.HtmlElement) -> list[str]:
    """Names that the markup itself calls the author: rel=author, and microdata."""
    found: list[str] = []
    xpath = "//*[@rel='author' or @itemprop='author'][not(ancestor::aside or ancestor::footer or ancestor::nav)]"
    marked = tree.xpath(xpath)[:MAX_BYLINES]
    row = {marked[0].getparent(), _grandparent(marked[0])} - {None} if marked else set()
    for element in marked:
        if not row & {element.getparent(), _grandparent(element)}:
            break  # the next teaser's author
        inner = element.xpath(".//*[@itemprop='name']")[:1]
        name = text_of(inner[0] if inner else element)
        if name and len(name) <= MAX_NAME_CHARS:
            found.append(name)
    return found
