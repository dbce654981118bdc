"""robots.txt by RFC 9309, with what every crawler has come to accept beside it.

The longest matching rule wins, allow before disallow at equal length; groups that name us, else the groups for `*`. Accepted
besides: a blank instead of the colon, common misspellings of directives, `index.html` meaning its folder, crawl-delay.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple, Self

from onrecord.web.url import WebAddress

MAX_LINE_BYTES = 16_664  # eight URLs of 2,083 bytes, the longest that browsers took; the rest of a line is dropped
MAX_CRAWL_DELAY_S = 120.0  # a site that asks for more is asked at this pace; else one line could stop us for a year

_AGENT = ("user-agent", "useragent", "user agent")
_ALLOW = ("allow",)
_DISALLOW = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
_DELAY = ("crawl-delay", "crawldelay")
_PRODUCT = re.compile(r"[A-Za-z_-]*")  # RFC 9309, 2.2.1: a version or comment behind it does not count
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}|[\x80-\xff]")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


class _Line(NamedTuple):
    directive: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`parts` are the literal pieces between the pattern's asterisks; `length` is its weight."""

    parts: tuple[str, ...]
    anchored: bool
    length: int
    allow: bool

    @classmethod
    def of(cls, pattern: str, *, allow: bool) -> Self:
        anchored = pattern.endswith("$")
        return cls(tuple((pattern[:-1] if anchored else pattern).split("*")), anchored, len(pattern), allow)

    def matches(self, target: str) -> bool:
        """Linear: the leftmost place for each piece is always the best one."""
        first, *rest = self.parts
        if not target.startswith(first):
            return False
        if not rest:
            return not self.anchored or len(target) == len(first)
        position = len(first)
        last = rest.pop() if self.anchored else None
        for part in rest:
            found = target.find(part, position)
            if found < 0:
                return False
            position = found + len(part)
        return last is None or (len(target) - len(last) >= position and target.endswith(last))


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt says to one product."""

    rules: tuple[Rule, ...] = ()
    crawl_delay_s: float | None = None

    @classmethod
    def parse(cls, robots_txt: bytes, product: str) -> Self:
        """Never fails: what is not understood is skipped, as the RFC asks."""
        groups = _Groups(product.lower())
        for raw in re.split(rb"\r\n|\r|\n", robots_txt.removeprefix(b"\xef\xbb\xbf")):
            line = _line(raw[:MAX_LINE_BYTES])
            if line is not None:
                groups.take(line)
        own = groups.named if groups.seen_own else groups.everyone
        return cls(tuple(own.rules), own.crawl_delay_s)

    def allowed(self, url: str | WebAddress) -> bool:
        """Whether `url` of this site may be fetched. robots.txt itself always may."""
        target = (WebAddress.parse(url) if isinstance(url, str) else url).target
        return target == "/robots.txt" or self.allows_target(target)

    def allows_target(self, target: str) -> bool:
        """`target`: path and query as sent."""
        allow = max((rule.length for rule in self.rules if rule.allow and rule.matches(target)), default=0)
        disallow = max((rule.length for rule in self.rules if not rule.allow and rule.matches(target)), default=0)
        return allow >= disallow

    @property
    def size_bytes(self) -> int:
        """About what these rules hold in memory, for the cache's bound."""
        return sum(RULE_OVERHEAD_BYTES + rule.length for rule in self.rules)


RULE_OVERHEAD_BYTES = 170  # object, tuple and strings; tracemalloc: 188 bytes for a rule of 20 characters
ALLOW_ALL = RobotsRules()
DISALLOW_ALL = RobotsRules((Rule.of("/", allow=False),))


class _Group:
    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.crawl_delay_s: float | None = None


class _Groups:
    """Keeps the two groups that can matter to us while lines go by."""

    def __init__(self, product: str) -> None:
        self.named = _Group()
        self.everyone = _Group()
        self.seen_own = False
        self._product = product
        self._current: list[_Group] = []
        self._naming = False

    def take(self, line: _Line) -> None:
        directive, value = line
        if directive in _AGENT:
            self._name(value)
        elif directive in _ALLOW or directive in _DISALLOW:
            self._naming = False
            self._add(value, allow=directive in _ALLOW)
        elif directive in _DELAY and _DECIMAL.fullmatch(value):
            for group in self._current:
                group.crawl_delay_s = min(float(value), MAX_CRAWL_DELAY_S)

    def _name(self, value: str) -> None:
        if not self._naming:
            self._current = []
            self._naming = True
        if value == "*" or value[:2] in ("* ", "*\t"):
            self._current.append(self.everyone)
        elif self._product and _product(value) == self._product:
            self._current.append(self.named)
            self.seen_own = True

    def _add(self, value: str, *, allow: bool) -> None:
        if not value:
            return  # an empty disallow allows, which is what no rule does too
        rules = [Rule.of(value, allow=allow)]
        folder, slash, page = value.rpartition("/")
        if allow and slash and page.startswith(("index.htm", "index.html")):
            rules.append(Rule.of(f"{folder}/$", allow=True))
        for group in self._current:
            group.rules.extend(rules)


def _product(value: str) -> str:
    match = _PRODUCT.match(value)
    return match[0].lower() if match else ""


def _line(raw: bytes) -> _Line | None:
    text = _ESCAPE.sub(_escaped, raw.partition(b"#")[0]).decode("ascii").strip()
    directive, colon, value = text.partition(":")
    if not colon:
        words = text.split()
        if len(words) != 2:
            return None
        directive, value = words
    return _Line(directive.strip().lower(), value.strip())


def _escaped(match: re.Match[bytes]) -> bytes:
    """Rules are compared with URLs as sent: bytes beyond ASCII escaped, escapes in upper case."""
    found = match[0]
    return found.upper() if len(found) == 3 else b"%%%02X" % found[0]
