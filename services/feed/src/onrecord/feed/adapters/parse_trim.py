"""Which items of a scanned feed are parsed: at most as many as any reader needs, the newest ones, and none that is refused."""

import re
from collections import Counter
from datetime import datetime
from typing import NamedTuple

from onrecord.feed.adapters.parse_dates import parse_date
from onrecord.feed.adapters.prescan import ELEMENTS_MAX, ITEMS_MAX, ItemSpan, Scan
from onrecord.feed.domain.parsed import Flag

# Longest text between a date element's tags that is searched; a real date has 31 characters.
_DATE = re.compile(rb"<(?:pubDate|published|updated|(?:dc:)?date)[^<>]{0,200}>\s*([^<>]{6,100}?)\s*</")


class Trimmed(NamedTuple):
    body: bytes
    items_kept: int
    flags: Counter[Flag]


def trimmed(scan: Scan, now: datetime) -> Trimmed:
    flags = Counter(span.refused for span in scan.spans if span.refused)
    if scan.end < len(scan.body) or scan.tail:
        flags[Flag.xml_not_wellformed] += 1
    admitted = [span for span in scan.spans if not span.refused]
    backwards = _oldest_first(admitted, scan.body, now)
    kept = _within_limits(admitted[::-1])[::-1] if backwards else _within_limits(admitted)
    if len(kept) < len(admitted):
        flags[Flag.too_many_items] += len(admitted) - len(kept)
    return Trimmed(_body_with(scan, kept), len(kept), flags)


def _within_limits(spans: list[ItemSpan]) -> list[ItemSpan]:
    elements = 0
    kept: list[ItemSpan] = []
    for span in spans[:ITEMS_MAX]:
        elements += span.elements
        if elements > ELEMENTS_MAX:
            break
        kept.append(span)
    return kept


def _oldest_first(spans: list[ItemSpan], body: bytes, now: datetime) -> bool:
    """Matters only where items are left out: most feeds put the newest first, archives do not."""
    if len(spans) < 2:
        return False
    first, last = (_date_in(body[span.start : span.end], now) for span in (spans[0], spans[-1]))
    return first is not None and last is not None and first < last


def _date_in(item: bytes, now: datetime) -> datetime | None:
    match = _DATE.search(item)
    return parse_date(match[1].decode("utf-8", "replace"), now=now) if match else None


def _body_with(scan: Scan, kept: list[ItemSpan]) -> bytes:
    if len(kept) == len(scan.spans):
        return scan.body[: scan.end] + scan.tail
    chosen = {span.start for span in kept}
    pieces: list[bytes] = []
    position = 0
    for span in scan.spans:
        if span.start not in chosen:
            pieces.append(scan.body[position : span.start])
            position = span.end
    tail = scan.tail if not scan.spans or scan.spans[-1].start in chosen else b""
    return b"".join(pieces) + scan.body[position : scan.end] + tail
