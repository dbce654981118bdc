"""What one poll brought, in one word for the feed's row and the metrics, and what follows for the next poll."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from onrecord.feed.domain.health import Fault, Health, after_fault, after_success
from onrecord.feed.domain.schedule import CAP_S, FLOOR_DEFAULT_S, Bounds, Cadence, Hints, next_poll_at

PUBLIC_FLOOR_S = 300.0  # whatever an operator asks for: only hosts on the allowlist are polled every few seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """`fault` None for a poll that went well; `result` is a word of the poll catalogue, `detail` is for people."""

    result: str
    cadence: Cadence
    hints: Hints = field(default_factory=Hints)
    fault: Fault | None = None
    detail: str | None = None


POLL_RESULTS: Mapping[str, str] = {
    "items": "new or changed items were published",
    "nothing_new": "the feed was read and all its items were known",
    "unchanged": "the body was equal to the last one",
    "not_modified": "the site answered 304",
    "host_busy": "another poll of the same host had its turn",
    "gone": "the site answered 410: polling stops",
    "http_error": "the site answered with an error",
    "fetch_failed": "no usable answer",
    "blocked_address": "the address is not public",
    "body_too_large": "over the byte limit",
    "empty_body": "nothing came",
    "not_a_feed": "a web page or another document",
    "broken_feed": "says it is a feed, and no item can be read",
    "xml_dtd_forbidden": "an internal DTD subset or entity declaration",
    "xml_too_deep": "nesting without end",
    "feed_too_complex": "a giant tag, too many attributes or elements",
    "parse_killed": "the parser used up its time or memory",
}


def bounds_of(min_interval_s: float, *, allowlisted: bool) -> Bounds:
    """An interval below the default is the operator's own wish, and then the feed is polled that often."""
    floor_s = min_interval_s if allowlisted else max(min_interval_s, PUBLIC_FLOOR_S)
    return Bounds(floor_s=floor_s, cap_s=floor_s if floor_s < FLOOR_DEFAULT_S else CAP_S)


def follow_up(answer: Answer, health: Health, *, feed: UUID, bounds: Bounds, now: datetime) -> tuple[Health, datetime]:
    """The feed's health after this poll, and when it is polled next."""
    if answer.fault is None:
        return after_success(health), next_poll_at(answer.cadence, answer.hints, feed=feed, now=now, bounds=bounds)
    changed, delay_s = after_fault(health, answer.fault, base_s=bounds.floor_s)
    return changed, now + timedelta(seconds=max(delay_s, answer.hints.required_s()))
