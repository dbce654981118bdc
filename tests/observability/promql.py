"""Which series and labels an expression names. Its syntax is promtool's to judge."""

import re
from dataclasses import dataclass

STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
GROUPING = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\(([^()]*)\)")
DURATION = re.compile(r"\[[^\]]*\]|\boffset\s+-?\w+")
SELECTOR = re.compile(r"(?<![\w:.])([a-zA-Z_:][\w:]*)\s*(\{[^{}]*\})?")
FUNCTION = re.compile(r"(?<![\w:.])([a-zA-Z_:][\w:]*)\s*\(")
KEYWORDS = frozenset(
    {"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "Inf", "NaN"}
)
LABEL = re.compile(r"([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)")


@dataclass(frozen=True, slots=True)
class Selector:
    metric: str
    labels: frozenset[str]


def plain(expression: str) -> str:
    """Without the contents of strings, in which anything may stand."""
    return STRING.sub('""', expression)


def selectors(expression: str) -> list[Selector]:
    text = FUNCTION.sub(_call, DURATION.sub(" ", GROUPING.sub(" ", plain(expression))))
    return [
        Selector(match[1], frozenset(LABEL.findall(match[2] or "")))
        for match in SELECTOR.finditer(text)
        if match[1] not in KEYWORDS
    ]


def _call(match: re.Match[str]) -> str:
    """`and (` is no call."""
    return match[0] if match[1] in KEYWORDS else "("


def grouped_by(expression: str) -> frozenset[str]:
    """Every label that stands in a `by`, `on` or the like."""
    return frozenset(
        label.strip() for match in GROUPING.finditer(plain(expression)) for label in match[2].split(",") if label.strip()
    )


def in_grafana(expression: str) -> str:
    """As Grafana would ask: its own variables filled in."""
    return expression.replace("$__rate_interval", "5m").replace("$__range", "6h").replace("$service", "feed")
