"""Retry tiers: FIFO per delay, so that no head blocks; the headers carry what the next try needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from onrecord.contracts import Outgoing, header_map
from onrecord.contracts.envelope import BACKFILL_SUFFIX
from onrecord.contracts.ids import micros
from onrecord.contracts.topics import RETRY_TIERS, RetryTier, retry_topic

ATTEMPT = "retry_attempt"
ATTEMPT_DIGITS = 6  # more is damage, and int() refuses thousands of digits
DUE = "retry_due_at"
TRACEPARENT = "traceparent"
RETRY_MARK = ".retry."


@dataclass(frozen=True, slots=True)
class Deferral:
    record: Outgoing
    tier: RetryTier
    until: datetime


def base_topic(topic: str, group: str) -> str:
    """The topic a lane or retry tier belongs to."""
    return topic.removesuffix(BACKFILL_SUFFIX).split(f".{group}{RETRY_MARK}")[0]


def attempt_of(headers: Mapping[str, str]) -> int:
    raw = headers.get(ATTEMPT, "1")
    return int(raw) if raw.isdecimal() and len(raw) <= ATTEMPT_DIGITS else 1


def due_of(headers: Mapping[str, str]) -> datetime | None:
    """None for a missing or damaged time; one without a zone can not be compared, so it is damaged too."""
    try:
        due = datetime.fromisoformat(headers[DUE])
    except (KeyError, ValueError):
        return None
    return due if due.tzinfo else None


def tier_for(after_s: float) -> RetryTier:
    """The shortest tier that waits at least `after_s`; a longer wait goes round the last one again."""
    return next((tier for tier in RETRY_TIERS if tier.delay_s >= after_s), RETRY_TIERS[-1])


def defer(
    record: "Original", *, group: str, after_s: float, counted: bool, now: datetime, scale: float, traceparent: str | None = None
) -> Deferral:
    """The retry record: same key, value and headers, so the same ids; `traceparent` is this hop's, where given."""
    tier = tier_for(after_s)
    until = now + timedelta(seconds=tier.delay_s * scale)
    replaced = (ATTEMPT, DUE, TRACEPARENT) if traceparent else (ATTEMPT, DUE)
    headers = [(name, value) for name, value in record.headers if name not in replaced]
    attempt = attempt_of(header_map(record.headers)) + counted
    headers += [(ATTEMPT, str(attempt).encode()), (DUE, micros(until).encode())]
    if traceparent:
        headers.append((TRACEPARENT, traceparent.encode()))
    topic = retry_topic(base_topic(record.topic, group), group, tier)
    return Deferral(Outgoing(topic, record.key or b"", record.value, tuple(headers)), tier, until)


@dataclass(frozen=True, slots=True)
class Original:
    """A consumed record, byte for byte."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
