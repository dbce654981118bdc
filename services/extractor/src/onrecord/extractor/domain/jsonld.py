"""JSON-LD as news sites write it: bounded, and tolerant of what is broken."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from onrecord.extractor.domain.clean import clean_line, clean_text
from onrecord.extractor.domain.facts import Byline, Structured

MAX_NODES = 5_000  # of all blocks together; real pages have hundreds
MAX_NAME_CHARS = 300
MAX_FACT_CHARS = 1_000
MAX_BODY_CHARS = 1_000_000
MAX_AUTHORS = 30
MAX_TAGS = 50

ARTICLE_TYPES = (
    "LiveBlogPosting",
    "OpinionNewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AskPublicNewsArticle",
    "NewsArticle",
    "BlogPosting",
    "Article",
    "Report",
    "ScholarlyArticle",
    "TechArticle",
    "AdvertiserContentArticle",
    "SocialMediaPosting",
    "DiscussionForumPosting",
)
_TRAILING_COMMA = re.compile(r",(\s{0,200}[}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!\[CDATA\[|//\s*<!\[CDATA\[|<!--)|(?:\]\]>|//\s*\]\]>|-->)\s*;?\s*$")
_SCALAR = re.compile(r'"(headline|datePublished|dateModified|articleSection)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,1000})"')
_AUTHOR = re.compile(
    r'"author"\s{0,9}:\s{0,9}[\[{\s]{0,20}(?:"@type"\s{0,9}:\s{0,9}"Person"\s{0,9},\s{0,9})?"name"\s{0,9}:\s{0,9}"([^"\\]{2,100})"'
)
Node = dict[str, Any]


def read_json_ld(blocks: Iterable[str], url: str) -> Structured:
    """The facts of the page's article; empty where there is none."""
    nodes: list[Node] = []
    mended: Node = {}
    for block in blocks:
        data = _load(block)
        if data is None:
            mended = mended or _salvage(block)
        else:
            nodes.extend(_nodes(data, MAX_NODES - len(nodes)))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    types = frozenset(kind for node in nodes for kind in _types(node))
    article = _article(nodes, url) or mended
    return _structured(article, types, by_id) if article else Structured(types=types)


def _load(block: str) -> Any:
    text = _WRAPPING.sub("", block.strip())
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _salvage(block: str) -> Node:
    node: Node = {}
    for found in _SCALAR.finditer(block):
        node.setdefault(found.group(1), found.group(2).replace('\\"', '"').replace("\\/", "/"))
    if author := _AUTHOR.search(block):
        node["author"] = {"@type": "Person", "name": author.group(1)}
    return {"@type": "NewsArticle", **node} if node else {}


def _nodes(data: Any, room: int) -> Iterator[Node]:
    """Every object with a type, outermost first, without recursion."""
    level: list[Any] = [data]
    while level and room > 0:
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if "@type" in value and room > 0:
                    room -= 1
                    yield value
                below.extend(inner for inner in value.values() if isinstance(inner, dict | list))
            elif isinstance(value, list):
                below.extend(inner for inner in value[:MAX_NODES] if isinstance(inner, dict | list))
        level = below[: 4 * MAX_NODES]


def _types(node: Node) -> tuple[str, ...]:
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return tuple(kind.rsplit("/", 1)[-1] for kind in values if isinstance(kind, str))


def _article(nodes: list[Node], url: str) -> Node | None:
    """The article node that names this page's address, else the first with a headline, else the first."""
    articles = [node for node in nodes if any(kind in ARTICLE_TYPES for kind in _types(node))]
    page = _address(url)
    own = [
        node
        for node in articles
        if page and page in (_address(_url(node.get(key))) for key in ("url", "mainEntityOfPage", "@id"))
    ]
    titled = [node for node in own or articles if _text(node, "headline") or _text(node, "name")]
    return next(iter(titled or own or articles), None)


def _url(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else ""


def _address(url: str) -> str:
    return url.split("#")[0].split("?")[0].split("://")[-1].removeprefix("www.").rstrip("/").lower()


def _structured(article: Node, types: frozenset[str], by_id: dict[str, Node]) -> Structured:
    own = _types(article)
    return Structured(
        types=types | frozenset(own),
        article_type=next((kind for kind in ARTICLE_TYPES if kind in own), ""),
        headline=_text(article, "headline") or _text(article, "name"),
        authors=tuple(_bylines(article.get("author") or article.get("creator"), by_id))[:MAX_AUTHORS],
        published=_text(article, "datePublished") or _text(article, "dateCreated"),
        modified=_text(article, "dateModified"),
        publisher=next((byline.name for byline in _bylines(article.get("publisher"), by_id)), ""),
        section=next(iter(_words(article.get("articleSection"), split=False)), ""),
        tags=tuple(dict.fromkeys(_words(article.get("keywords"), split=True)))[:MAX_TAGS],
        free=_truth(article.get("isAccessibleForFree")),
        body=clean_text(unescape(article["articleBody"]), MAX_BODY_CHARS) if isinstance(article.get("articleBody"), str) else "",
    )


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value")
    return clean_line(unescape(value), MAX_FACT_CHARS) if isinstance(value, str) else ""


def _bylines(value: Any, by_id: dict[str, Node]) -> Iterator[Byline]:
    for entry in (value if isinstance(value, list) else [value])[:MAX_AUTHORS]:
        if isinstance(entry, str):
            yield Byline(clean_line(unescape(entry), MAX_NAME_CHARS))
        elif isinstance(entry, dict):
            node = entry if "name" in entry else by_id.get(str(entry.get("@id")), entry)
            kind = next(iter(_types(node)), "")
            names = node.get("name")
            for name in (names if isinstance(names, list) else [names])[:MAX_AUTHORS]:
                if isinstance(name, str):
                    yield Byline(clean_line(unescape(name), MAX_NAME_CHARS), kind)


def _words(value: Any, *, split: bool) -> Iterator[str]:
    for entry in (value if isinstance(value, list) else [value])[: 2 * MAX_TAGS]:
        if isinstance(entry, dict):
            entry = entry.get("name")
        if isinstance(entry, str):
            for word in entry.split(",") if split else [entry]:
                if cleaned := clean_line(unescape(word), MAX_NAME_CHARS):
                    yield cleaned


def _truth(value: Any) -> bool | None:
    """Sites write true, "True", "true" and "False"."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None
