"""A feed's troubles: how long to leave it alone, when to stop, which new address to believe."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict

DAY_S = 86_400.0
LINGERING_FAILURES = 30.0  # weighted; about two weeks of a daily answer
LINGERING_MIN_S = 7 * DAY_S
LINGERING_MAX_S = 30 * DAY_S  # never for ever: sites come back after months
LINGERING_STEP = 10.0  # weighted failures past the mark that add the minimum once more
ADOPT_ANSWERS = 3
ADOPT_AFTER = timedelta(hours=24)  # longer than a maintenance page stands
CHURN_MIN_ITEMS = 3  # below this a coincidence
CHURN_SHARE = 0.5


class Fault(StrEnum):
    """`refused`: the site answers and the answer is no feed: 4xx, 5xx, a web page. `soft`: the way to it failed.
    `limited`: 429, or 503 with Retry-After: a request to wait, no failure. `gone`: 410."""

    refused = "refused"
    soft = "soft"
    dns = "dns"
    limited = "limited"
    gone = "gone"


WEIGHT = {Fault.refused: 1.0, Fault.soft: 0.5, Fault.dns: 0.25, Fault.limited: 0.0, Fault.gone: 1.0}

STATUS_GONE = 410
STATUS_TOO_MANY = 429
STATUS_UNAVAILABLE = 503


class RedirectWatch(BaseModel):
    """A permanent redirect that is believed when it lasts."""

    model_config = ConfigDict(frozen=True)

    target: str
    answers: int
    first_at: AwareDatetime


class Health(BaseModel):
    """Persisted with the feed, as JSON. `failures` is weighted."""

    model_config = ConfigDict(frozen=True)

    failures: float = 0.0
    stopped: bool = False
    redirect: RedirectWatch | None = None


class Backoff(NamedTuple):
    health: Health
    delay_s: float


class Move(NamedTuple):
    """`adopt` is the address to poll from now on; None: the old one."""

    health: Health
    adopt: str | None


def fault_of_status(status: int, *, has_retry_after: bool) -> Fault:
    if status == STATUS_GONE:
        return Fault.gone
    if status == STATUS_TOO_MANY or (status == STATUS_UNAVAILABLE and has_retry_after):
        return Fault.limited
    return Fault.refused


def after_fault(health: Health, fault: Fault, *, base_s: float) -> Backoff:
    """Linear in the failures, a day at most; after 30 a week or more. `base_s` is the feed's shortest interval."""
    failures = health.failures + WEIGHT[fault]
    changed = health.model_copy(update={"failures": failures, "stopped": fault is Fault.gone or health.stopped})
    if failures >= LINGERING_FAILURES:
        over = 1 + (failures - LINGERING_FAILURES) / LINGERING_STEP
        return Backoff(changed, max(base_s, min(LINGERING_MIN_S * over, LINGERING_MAX_S)))
    return Backoff(changed, max(base_s, min(base_s * failures, DAY_S)))


def after_success(health: Health) -> Health:
    return health.model_copy(update={"failures": 0.0, "stopped": False})


def after_redirect(health: Health, *, permanent_target: str | None, parsed: bool, now: datetime) -> Move:
    """`permanent_target`: where 301 and 308 alone led, None if no redirect came or the first was 302 or 307.

    Adopted after three equal answers over a day, each of which was a feed; a poll without answer leaves the count as it is,
    so call this only for answers.
    """
    if permanent_target is None or not parsed:
        return Move(health.model_copy(update={"redirect": None}), None)
    watch = health.redirect
    if watch is None or watch.target != permanent_target:
        watch = RedirectWatch(target=permanent_target, answers=0, first_at=now)
    watch = watch.model_copy(update={"answers": watch.answers + 1})
    if watch.answers >= ADOPT_ANSWERS and now - watch.first_at >= ADOPT_AFTER:
        return Move(health.model_copy(update={"redirect": None}), permanent_target)
    return Move(health.model_copy(update={"redirect": watch}), None)


def is_churn(*, new: int, with_known_link: int) -> bool:
    """More than half of the new items are old ones under another guid."""
    return new >= CHURN_MIN_ITEMS and with_known_link > CHURN_SHARE * new
