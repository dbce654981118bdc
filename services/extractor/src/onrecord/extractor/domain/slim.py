"""A linear scan of the markup before any parser sees it.

Scripts, styles, drawings and comments go; JSON-LD is handed out; what would make a parser quadratic or blind is neutralised.
Tags are read as the HTML standard's tokenizer reads them: a quote opens a value only after an equals sign.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from onrecord.extractor.domain.errors import NoText
from onrecord.extractor.domain.page import Limit

MAX_HTML_CHARS = 2 * 1024 * 1024  # after stripping; extractors need seconds above it
MAX_TEXT_RUN_CHARS = 256 * 1024  # between two tags: no paragraph of news is longer
MAX_TAG_CHARS = 64 * 1024  # a longer one keeps its name and loses its attributes
MAX_ATTRIBUTES = 1_000  # parsers compare each attribute with all before it
MAX_ATTRIBUTES_TO_MEND = 10_000  # one tag with more is an attack, not a careless template
MAX_DEPTH = 200  # the parser drops text without a word below 256
FLAGGED_DEPTH = 1_024  # structure that is lost above MAX_DEPTH matters to nobody up to here
MAX_ELEMENTS = 60_000  # the largest news pages seen have a tenth of it
MAX_JSON_LD_CHARS = 512 * 1024
MAX_JSON_LD_BLOCKS = 50
MAX_OF = {"meta": 500, "link": 500, "time": 500}  # a page needs few; 100,000 cost seconds in every reader

_TAG = re.compile(
    r"""<(?:(?P<comment>!--)|(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*+)"""
    r"""(?P<attrs>(?:[^>=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))|=)*+)(?:>|\Z)|[!?/][^>]*+(?:>|\Z))"""
)
_ATTRIBUTE = re.compile(r"""[^\s=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s"']++)?+)?+""")
# what a tree cannot hold: control characters, surrogates and two noncharacters, also as numeric references
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:0{0,9}(?:[0-8]|1[124-9]|2\d|3[01]|127)(?!\d)|x0{0,9}(?:[0-8bcef]|1[0-9a-f]|7f|d[89a-f][0-9a-f]{2}|fff[ef])(?![0-9a-f]));?",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&#?\w{1,10};")
_WORD = re.compile(r"[^\W_]")
_COMMENT_END = re.compile(r"--!?>")
_DROPPED_WHOLE = frozenset({"script", "style", "svg", "textarea", "template", "iframe", "noembed", "noframes", "canvas"})
_CLOSE = {name: re.compile(f"</{name}[^>]*+(?:>|\\Z)", re.IGNORECASE) for name in _DROPPED_WHOLE}
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
# their end tags may be left out, so counting them would drift
_UNCOUNTED = frozenset(
    [
        "html",
        "head",
        "body",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "rb",
        "rt",
        "rp",
        "rtc",
    ]
)
_KEPT_AT_ANY_DEPTH = frozenset({"p", "br"})  # neither nests
_LEVELS = {"table": 4, "ul": 2, "ol": 2, "dl": 2}  # with their uncounted children


@dataclass(frozen=True, slots=True)
class Slimmed:
    """`visible_chars` counts the text between the tags that are left."""

    html: str
    json_ld: tuple[str, ...]
    visible_chars: int
    elements: int
    limits: tuple[Limit, ...]


def slim(html: str) -> Slimmed:
    """Linear in the length of `html`. Raises NoText for markup that is beyond mending."""
    return _Slimmer(_FORBIDDEN_REFERENCE.sub("", _FORBIDDEN.sub("", html))).run()


@dataclass(slots=True)
class _Slimmer:
    html: str
    pieces: list[str] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    limits: set[Limit] = field(default_factory=set)
    never_closed: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    kept_chars: int = 0
    visible_chars: int = 0
    elements: int = 0
    depth: int = 0
    deepest: int = 0

    def run(self) -> Slimmed:
        position, end = 0, len(self.html)
        while position < end and self._room():
            tag = _TAG.search(self.html, position)
            if tag is None:
                self._text(position, end)
                break
            self._text(position, tag.start())
            position = self._tag(tag)
        if self.deepest > FLAGGED_DEPTH:
            self.limits.add(Limit.html_too_deep)
        limits = tuple(sorted(self.limits))
        return Slimmed("".join(self.pieces), tuple(self.json_ld), self.visible_chars, self.elements, limits)

    def _room(self) -> bool:
        if self.kept_chars > MAX_HTML_CHARS:
            self.limits.add(Limit.html_too_large)
        elif self.elements > MAX_ELEMENTS:
            self.limits.add(Limit.html_too_complex)
        else:
            return True
        return False

    def _text(self, start: int, end: int) -> None:
        if end - start > MAX_TEXT_RUN_CHARS:
            if not _WORD.search(_ENTITY.sub("", self.html[start:end])):
                return  # a flood of signs says nothing
            self.limits.add(Limit.text_too_long)
            end = start + MAX_TEXT_RUN_CHARS
        run = self.html[start:end]
        self._keep(run)
        self.visible_chars += len(run.strip())

    def _keep(self, piece: str) -> None:
        self.pieces.append(piece)
        self.kept_chars += len(piece)

    def _tag(self, tag: re.Match[str]) -> int:
        """Keeps, mends or drops one tag; returns where to go on."""
        if tag["comment"]:
            return self._comment_end(tag.end())
        if tag["name"] is None:
            return tag.end()
        name = tag["name"].lower()
        if name in _DROPPED_WHOLE:
            return self._skip_element(name, tag)
        if tag["close"]:
            self._close(name, tag)
        elif name not in MAX_OF or self._within(name):
            self._open(name, tag)
        return tag.end()

    def _comment_end(self, start: int) -> int:
        if self.html.startswith((">", "->"), start):
            return self.html.index(">", start) + 1
        found = _COMMENT_END.search(self.html, start)
        return found.end() if found else len(self.html)

    def _skip_element(self, name: str, tag: re.Match[str]) -> int:
        self.pieces.append(" ")
        if tag["close"] or name in self.never_closed:
            return tag.end()
        closing = _CLOSE[name].search(self.html, tag.end())
        if closing is None:
            self.never_closed.add(name)
            return len(self.html) if name in ("script", "style") else tag.end()
        if name == "script" and "ld+json" in tag["attrs"].lower():
            self._json_ld(tag.end(), closing.start())
        return closing.end()

    def _json_ld(self, start: int, end: int) -> None:
        if end - start <= MAX_JSON_LD_CHARS and len(self.json_ld) < MAX_JSON_LD_BLOCKS:
            self.json_ld.append(self.html[start:end])

    def _within(self, name: str) -> bool:
        self.seen[name] += 1
        return self.seen[name] <= MAX_OF[name]

    def _open(self, name: str, tag: re.Match[str]) -> None:
        if name not in _VOID and name not in _UNCOUNTED:
            self.depth += _LEVELS.get(name, 1)
            self.deepest = max(self.deepest, self.depth)
        if self.depth > MAX_DEPTH and name not in _KEPT_AT_ANY_DEPTH:
            self._keep(" ")
            return
        self.elements += 1
        self._keep(_mended(name, tag))

    def _close(self, name: str, tag: re.Match[str]) -> None:
        if name in _UNCOUNTED:
            self._keep(f"</{name}>")
            return
        if name in _VOID:
            self._keep(tag.group() if name == "br" else " ")
            return
        self._keep(f"</{name}>" if self.depth <= MAX_DEPTH else " ")
        self.depth = max(0, self.depth - _LEVELS.get(name, 1))


def _mended(name: str, tag: re.Match[str]) -> str:
    whole = tag.group()
    if len(whole) <= 2 * MAX_ATTRIBUTES:  # too short for so many
        return whole
    count = sum(1 for _ in _ATTRIBUTE.finditer(tag["attrs"]))
    if count > MAX_ATTRIBUTES_TO_MEND:
        raise NoText(Limit.html_too_complex)
    return f"<{name}>" if len(whole) > MAX_TAG_CHARS or count > MAX_ATTRIBUTES else whole
