"""Rate limit: one token bucket per asker."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_ASKERS = 10_000  # some 2 MB; the longest silent is forgotten first, and is full again by then


@dataclass(slots=True)
class Bucket:
    tokens: float
    filled_at_s: float


class RateLimit:
    """`per_s` requests a second on average, `burst` at once. `clock_s` is monotonic."""

    def __init__(self, per_s: float, burst: int, clock_s: Callable[[], float]) -> None:
        self._per_s = per_s
        self._burst = burst
        self._clock_s = clock_s
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait_s(self, asker: str) -> float:
        """0 where the request may pass, and it is counted; else the seconds until one may."""
        now_s = self._clock_s()
        bucket = self._buckets.setdefault(asker, Bucket(self._burst, now_s))
        self._buckets.move_to_end(asker)
        if len(self._buckets) > MAX_ASKERS:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._burst, bucket.tokens + (now_s - bucket.filled_at_s) * self._per_s)
        bucket.filled_at_s = now_s
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._per_s
        bucket.tokens -= 1
        return 0.0
