"""One linear pass over a feed's bytes before any parser sees them.

XML parsers are linear and feed parsers are not: attributes, nesting and unclosed constructs cost them squares. What one
item overdoes costs that item; what the document overdoes costs the document.
"""

import re
from dataclasses import dataclass, field

from onrecord.feed.domain.errors import DtdForbidden, FeedTooComplex, FeedTooDeep
from onrecord.feed.domain.parsed import Flag

ITEMS_MAX = 2_000  # the longest real feeds hold about a thousand
ITEMS_SEEN_MAX = 200_000  # ten times the largest archives; a bound on what the scan remembers
TAG_MAX_BYTES = 65_536  # a data: URI of a thumbnail fits, a smuggled file does not
ATTRIBUTES_MAX = 1_000  # feed parsers take squares of these; real roots declare about 30 namespaces
DEPTH_MAX = 200  # inline XHTML reaches about 30
ELEMENTS_MAX = 200_000  # of what is kept: 2,000 items of 100 elements
ITEM_ELEMENTS_MAX = 10_000  # a long live blog as inline XHTML
EMPTY_ELEMENTS_MAX = 100_000  # thumbnails of the largest feeds come to 20,000
TAGS_MAX = 1_000_000  # read at most; the scan itself takes about a second for these
ITEM_MARKUP_MAX = 10_000  # tags in escaped content; the longest live blogs stay under a half
LOOSE_TAGS_MAX = 32  # tags whose quotes never close; each costs the scan up to TAG_MAX_BYTES

_NAME = rb"(?P<name>[A-Za-z_:\x80-\xff][^\s/>\"'=<]{0,255})"
_TAG = re.compile(rb"<(?P<end>/?)" + _NAME + rb"(?P<rest>(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+)>")
_TAG_START = re.compile(rb"<(?P<end>/?)" + _NAME)
_MARKUP = re.compile(rb"<[/!?A-Za-z_:\x80-\xff]")
_TAG_STOP = re.compile(rb"[<>]")
_DOCTYPE = re.compile(rb"<!DOCTYPE(?:[^\"'\[<>]++|\"[^\"]*+\"|'[^']*+')*+(?P<stop>[\[<>])", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_QUOTED = re.compile(rb"\"[^\"]*+\"|'[^']*+'")
_ITEM_NAME = re.compile(rb"(?:[^:]+:)?(?:item|entry)", re.IGNORECASE)
_ESCAPED_TAG = b"&lt;"


@dataclass(slots=True)
class _OpenItem:
    name: bytes
    start: int
    elements: int = 0
    deepest: int = 0
    markup: int = 0


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """Where one item stands in the body; `refused` when its markup is more than any real item's."""

    start: int
    end: int
    elements: int
    refused: Flag | None


@dataclass(slots=True)
class Scan:
    """What `prescan` found. Everything from `end` on is unreadable; `tail` closes what was open there."""

    body: bytes
    spans: list[ItemSpan] = field(default_factory=list)
    end: int = 0
    tail: bytes = b""


def prescan(body: bytes) -> Scan:
    """`body`: UTF-8. Raises `DtdForbidden`, `FeedTooComplex` or `FeedTooDeep`."""
    scanner = _Scanner(body, Scan(body, end=len(body)))
    scanner.run()
    return scanner.scan


@dataclass(slots=True)
class _Scanner:
    body: bytes
    scan: Scan
    cut_off: bool = False
    depth: int = 0
    outer_depth: int = 0
    outer_elements: int = 0
    empty_elements: int = 0
    tags: int = 0
    loose_tags: int = 0
    item: _OpenItem | None = None

    def run(self) -> None:
        found = _MARKUP.search(self.body)
        while found and not self.cut_off:
            found = _MARKUP.search(self.body, self.step(found.start()))
        if self.item:
            self.close_item(self.item, self.scan.end)

    def step(self, start: int) -> int:
        """Read the construct at `start`; return where to look for the next."""
        body = self.body
        if body.startswith(b"<!", start):
            if body.startswith(b"<!--", start):
                return self.skip_to(b"-->", start)
            if body.startswith(b"<![CDATA[", start):
                return self.skip_cdata(start)
            return self.skip_declaration(start)
        if body.startswith(b"<?", start):
            return self.skip_to(b"?>", start)
        tag = _TAG.match(body, start, start + TAG_MAX_BYTES)
        if tag is None:
            return self.read_loose_tag(start)
        self.read_tag(start, tag.end(), tag, tag["rest"])
        return tag.end()

    def skip_to(self, mark: bytes, start: int) -> int:
        found = self.body.find(mark, start)
        if found == -1:
            self.cut(start)
        return found + len(mark) if found != -1 else start + 1

    def skip_cdata(self, start: int) -> int:
        found = self.body.find(b"]]>", start)
        if found == -1:
            self.cut(len(self.body), tail=b"]]>")
            found = len(self.body)
        if self.item:
            self.item.markup += self.body.count(b"<", start + 9, found)
        return found

    def skip_declaration(self, start: int) -> int:
        if _DECLARATION.match(self.body, start):
            raise DtdForbidden("declares entities or elements")
        doctype = _DOCTYPE.match(self.body, start, start + TAG_MAX_BYTES)
        if doctype and doctype["stop"] == b"[":
            raise DtdForbidden("has an internal document type")
        return start + 2

    def cut(self, end: int, tail: bytes = b"") -> None:
        self.cut_off = True
        self.scan.end, self.scan.tail = end, tail

    def read_loose_tag(self, start: int) -> int:
        """A tag whose quotes do not close, or a `<` that begins none."""
        opening = _TAG_START.match(self.body, start)
        if opening is None:
            return start + 1
        stop = _TAG_STOP.search(self.body, opening.end(), start + TAG_MAX_BYTES)
        if stop is None:
            if start + TAG_MAX_BYTES < len(self.body):
                raise FeedTooComplex(f"a tag longer than {TAG_MAX_BYTES} bytes")
            self.cut(start)
            return start + 1
        if stop[0] == b"<":
            self.count_tag()
            return stop.start()
        self.loose_tags += 1
        if self.loose_tags > LOOSE_TAGS_MAX:
            raise FeedTooComplex("too many tags with unclosed quotes")
        self.read_tag(start, stop.end(), opening, self.body[opening.end() : stop.start()])
        return stop.end()

    def count_tag(self) -> None:
        self.tags += 1
        if self.tags > TAGS_MAX:
            raise FeedTooComplex(f"more than {TAGS_MAX} tags")

    def read_tag(self, start: int, end: int, opening: re.Match[bytes], rest: bytes) -> None:
        self.count_tag()
        name = opening["name"]
        if opening["end"]:
            self.depth = max(0, self.depth - 1)
            if self.item and name == self.item.name:
                self.close_item(self.item, end)
            return
        if len(rest) > 2 * ATTRIBUTES_MAX and len(_QUOTED.sub(b"", rest).split()) > ATTRIBUTES_MAX:
            raise FeedTooComplex(f"a tag with more than {ATTRIBUTES_MAX} attributes")
        if self.item and name == self.item.name:
            self.close_item(self.item, start)  # never closed: the next one begins
        if self.item is None and _ITEM_NAME.fullmatch(name):
            self.item = _OpenItem(name, start)
            self.outer_depth = self.depth
        empty = rest.endswith(b"/")
        self.count_element(empty=empty)
        if empty and self.item and self.item.start == start:
            self.close_item(self.item, end)

    def count_element(self, *, empty: bool) -> None:
        self.empty_elements += empty
        self.depth += not empty
        if self.empty_elements > EMPTY_ELEMENTS_MAX:
            raise FeedTooComplex(f"more than {EMPTY_ELEMENTS_MAX} empty elements")
        if self.item:
            self.item.elements += 1
            self.item.deepest = max(self.item.deepest, self.depth)
            return
        self.outer_elements += 1
        if self.outer_elements > ELEMENTS_MAX:
            raise FeedTooComplex(f"more than {ELEMENTS_MAX} elements outside the items")
        if self.depth > DEPTH_MAX:
            raise FeedTooDeep(f"more than {DEPTH_MAX} levels outside the items")

    def close_item(self, item: _OpenItem, end: int) -> None:
        if len(self.scan.spans) == ITEMS_SEEN_MAX:
            raise FeedTooComplex(f"more than {ITEMS_SEEN_MAX} items")
        item.markup += self.body.count(_ESCAPED_TAG, item.start, end)
        self.scan.spans.append(ItemSpan(item.start, end, item.elements, _refusal(item, self.outer_depth)))
        self.item, self.depth = None, self.outer_depth


def _refusal(item: _OpenItem, outer_depth: int) -> Flag | None:
    if item.deepest - outer_depth > DEPTH_MAX:
        return Flag.xml_too_deep
    if item.elements > ITEM_ELEMENTS_MAX:
        return Flag.feed_too_complex
    return Flag.content_too_complex if item.markup >= ITEM_MARKUP_MAX else None
