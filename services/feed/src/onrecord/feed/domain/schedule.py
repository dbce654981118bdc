"""When a feed is polled next: as often as it has news, never more often than it or its operator allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from onrecord.feed.domain.parsed import ParsedFeed

HOUR_S = 3_600.0
FLOOR_DEFAULT_S = HOUR_S  # what feed publishers ask of readers
CAP_S = 24 * HOUR_S
ITEMS_FOR_PACE = 20
KNOWN_SHARE_MIN = 1 / 3  # fewer known items than this: the window nearly passed us by
LENGTHEN_MAX_FACTOR = 1.25  # a quiet day does not undo a busy week
SILENCE_PARTS = 20  # a feed silent for 20 hours is asked hourly, one silent for 20 days daily
DEAF_POLLS = 5  # full answers, always the same and never 304: no sign that asking more often helps
JITTER_SHARE = 0.1
FLOOD_MIN_ITEMS = 100  # fewer are a busy morning
FLOOD_FACTOR = 10  # times what the feed's pace lets one expect
WINDOW_JITTER_S = 600.0  # spread of polls that would all start on the hour after skipped hours


class Cadence(BaseModel):
    """Persisted with the feed, as JSON: what the next interval is reckoned from, also when no body came."""

    model_config = ConfigDict(frozen=True)

    interval_s: float | None = None
    pace_s: float | None = None  # median gap of the last items
    newest_at: AwareDatetime | None = None
    flooding: bool = False  # the last poll brought far more than is this feed's way
    same_answers: int = 0  # full answers in a row with one and the same body
    revalidates: bool = False  # has ever answered 304
    ttl_s: int | None = None
    update_period_s: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hints:
    """What one answer's headers ask for, seconds from now. `max_age_s` wins over `expires_in_s` (RFC 9111, 5.3)."""

    max_age_s: float | None = None
    expires_in_s: float | None = None
    retry_after_s: float | None = None

    def required_s(self) -> float:
        fresh_s = self.max_age_s if self.max_age_s is not None else self.expires_in_s
        return min(CAP_S, max(0.0, fresh_s or 0.0, self.retry_after_s or 0.0))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Per feed, by its operator. `floor_s` may be seconds for hosts of one's own; headers and ttl count all the same."""

    floor_s: float = FLOOR_DEFAULT_S
    cap_s: float = CAP_S


def is_flood(cadence: Cadence, *, brought: int, since: datetime | None, now: datetime) -> bool:
    """`brought`: items published by this poll; `cadence` and `since` are those of the poll before. A first poll, or a feed
    whose pace is not known, is none: nothing tells what to expect."""
    if since is None or not cadence.pace_s or brought < FLOOD_MIN_ITEMS:
        return False
    return brought > FLOOD_FACTOR * (now - since).total_seconds() / cadence.pace_s


def after_items(
    cadence: Cadence, feed: ParsedFeed, *, known_share: float | None, now: datetime, flooding: bool = False
) -> Cadence:
    """A new body was read. `known_share`: part of its items known before, None on the first poll."""
    dates = [moment for item in feed.items if (moment := item.published_at or item.updated_at)]
    newest = [*dates, *([now] if known_share is not None and known_share < 1 else [])]
    changed = cadence.model_copy(
        update={
            "pace_s": pace_s(dates) or cadence.pace_s,
            "newest_at": min(now, max(newest)) if newest else cadence.newest_at,
            "flooding": flooding,
            "same_answers": 0,
            "ttl_s": feed.ttl_s,
            "update_period_s": feed.update_period_s,
            "skip_hours": feed.skip_hours,
            "skip_days": feed.skip_days,
        }
    )
    rushed = known_share is not None and known_share < KNOWN_SHARE_MIN
    return changed.model_copy(update={"interval_s": _interval_s(changed, rushed=rushed, now=now)})


def after_nothing_new(cadence: Cadence, *, not_modified: bool, now: datetime) -> Cadence:
    """304, or a body equal to the last one."""
    seen = {"revalidates": True} if not_modified else {"same_answers": cadence.same_answers + 1}
    changed = cadence.model_copy(update={**seen, "flooding": False})
    return changed.model_copy(update={"interval_s": _interval_s(changed, rushed=False, now=now)})


def next_poll_at(cadence: Cadence, hints: Hints, *, feed: UUID, now: datetime, bounds: Bounds | None = None) -> datetime:
    bounds = bounds or Bounds()
    required_s = max(bounds.floor_s, hints.required_s(), min(CAP_S, max(cadence.ttl_s or 0, cadence.update_period_s or 0)))
    if cadence.same_answers >= DEAF_POLLS and not cadence.revalidates:
        wanted_s = bounds.cap_s
    else:
        wanted_s = min(cadence.interval_s or 0.0, bounds.cap_s)
    due = now + timedelta(seconds=_jittered(max(wanted_s, required_s), required_s, feed))
    return _outside_skipped(due, cadence, feed)


def pace_s(dates: Sequence[datetime]) -> float | None:
    """Median gap of the newest items; None for fewer than two."""
    newest = sorted(dates, reverse=True)[:ITEMS_FOR_PACE]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    return median(gaps) if gaps else None


def _interval_s(cadence: Cadence, *, rushed: bool, now: datetime) -> float | None:
    """Half the pace, less often in long silence. Shorter at once, longer slowly; half of it when items may have been lost."""
    silence_s = (now - cadence.newest_at).total_seconds() / SILENCE_PARTS if cadence.newest_at else 0.0
    target_s = max((cadence.pace_s or 0.0) / 2, silence_s)
    previous_s = cadence.interval_s
    if previous_s is None:
        return target_s or None
    if rushed:
        return min(previous_s, target_s) / 2
    return min(target_s, previous_s * LENGTHEN_MAX_FACTOR) if target_s > previous_s > 0 else target_s


def _jittered(interval_s: float, required_s: float, feed: UUID) -> float:
    """Up to a tenth either way by the feed's id; never under what is required."""
    share = JITTER_SHARE * _spread(feed)
    early = interval_s * (1 + share) < required_s
    return interval_s * (1 + (abs(share) if early else share))


def _spread(feed: UUID) -> float:
    """-1 to 1, the same for a feed for ever; its id is a hash already."""
    return (feed.int % 2_001 - 1_000) / 1_000


def _outside_skipped(due: datetime, cadence: Cadence, feed: UUID) -> datetime:
    """The next hour and day (UTC) that the feed does not ask to skip; a feed that skips all of them means none."""
    if len(cadence.skip_hours) > 23 or len(cadence.skip_days) > 6 or not _is_skipped(due, cadence):
        return due
    hour = due.replace(minute=0, second=0, microsecond=0)
    while _is_skipped(hour, cadence):
        hour += timedelta(hours=1)
    return hour + timedelta(seconds=WINDOW_JITTER_S * abs(_spread(feed)))


def _is_skipped(moment: datetime, cadence: Cadence) -> bool:
    return moment.hour in cadence.skip_hours or moment.weekday() in cadence.skip_days
