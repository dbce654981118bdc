"""The second extractor: every block that reads like prose, in one pass over the tree."""

import re
from dataclasses import dataclass, field

from lxml import etree, html

MIN_PROSE_CHARS = 40  # shorter blocks are labels, captions and buttons, unless they end like a sentence
MIN_SENTENCE_CHARS = 15
MAX_LINK_SHARE = 0.5  # of a block's characters: above it the block is navigation
MIN_MAIN_SHARE = 0.4  # of the whole page's prose: an <article> or <main> with less is a teaser

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "td",
        "th",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "main",
        "dd",
        "dt",
        "tr",
        "table",
        "ul",
        "ol",
        "br",
        "hr",
        "figure",
        "figcaption",
        "header",
        "footer",
        "nav",
        "aside",
        "form",
        "body",
        "address",
        "center",
    ]
)
_CONTAINERS = frozenset({"div", "section", "ul", "ol", "li"})
_SKIPPED = frozenset(
    [
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "header",
        "figure",
        "figcaption",
        "head",
        "noscript",
        "object",
        "video",
        "audio",
        "dialog",
        "h1",
    ]
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|kommentare?|commentaires|comentarios|related|newsletter)(?:$|[\s_-])", re.IGNORECASE
)
_SENTENCE_END = (".", "!", "?", "…", "”", '"', "»", "“", "。", "！", "？", "」", "।", "؟", "။", ":")


@dataclass(slots=True)
class _Block:
    runs: list[str] = field(default_factory=list)
    chars: int = 0
    link_chars: int = 0

    def add(self, run: str | None, in_link: bool) -> None:
        if run:
            self.runs.append(run)
            self.chars += len(run)
            self.link_chars += len(run) if in_link else 0

    def prose(self) -> str | None:
        text = " ".join("".join(self.runs).split())
        if len(text) < MIN_SENTENCE_CHARS or self.link_chars > MAX_LINK_SHARE * self.chars:
            return None
        return text if len(text) >= MIN_PROSE_CHARS or text.endswith(_SENTENCE_END) else None


def collect_paragraphs(tree: html.HtmlElement) -> str:
    """The prose of the page's main part, one paragraph a line; linear in the number of elements."""
    root = tree.find("body")
    whole = _prose(tree if root is None else root)
    main = max((_prose(part) for part in _main_parts(tree)), key=_chars, default=[])
    return "\n".join(main if _chars(main) >= MIN_MAIN_SHARE * _chars(whole) and main else whole)


def _chars(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _main_parts(tree: html.HtmlElement) -> list[html.HtmlElement]:
    """The outermost candidates only, so that nesting costs nothing."""
    xpath = "//*[self::article or self::main or @role='main'][not(ancestor::article or ancestor::main)]"
    found = tree.xpath(xpath)
    return found if isinstance(found, list) else []


def _is_left_out(element: html.HtmlElement) -> bool:
    if element.tag in _SKIPPED:
        return True
    label = element.get("class") or element.get("id")
    return bool(label) and element.tag in _CONTAINERS and bool(_COMMENTS.search(label))


def _prose(root: html.HtmlElement) -> list[str]:
    paragraphs: list[str] = []
    block, skipped, links = _Block(), 0, 0

    def close() -> None:
        nonlocal block
        if block.runs:
            if text := block.prose():
                paragraphs.append(text)
            block = _Block()

    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag
        left_out = element is not root and _is_left_out(element)
        if event == "start":
            skipped += left_out
            links += name == "a"
            if name in _BLOCKS:
                close()
            if not skipped:
                block.add(element.text, links > 0)
        else:
            if name in _BLOCKS:
                close()
            skipped -= left_out
            links -= name == "a"
            if not skipped and element is not root:
                block.add(element.tail, links > 0)
    close()
    return paragraphs
