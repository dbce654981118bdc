"""A dependency is down: wait in place, 0.5 s to 8 s with jitter, as long as it takes."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

from aiokafka.errors import KafkaError

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
KAFKA, DATABASE = "kafka", "database"

T = TypeVar("T")
log = logging.getLogger(__name__)


class Backoff:
    """Sleep and randomness are injected, so tests need no time.

    `waiting` counts the callers held up just now; `outage_at` is the monotonic time of the last failure, since a try that
    hangs in a connect is held up too and not counted. `away_s` counts such a try.
    """

    def __init__(
        self,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self.waiting = 0
        self.outage_at = 0.0
        self._failing_since: dict[tuple[asyncio.Task[Any] | None, str], float] = {}

    async def until_done(self, dependency: str, outages: tuple[type[BaseException], ...], work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives; called again for as long as it ends in one of `outages`."""
        task, seen = asyncio.current_task(), set[str]()
        try:
            return await self._until_done(dependency, outages, work, seen)
        finally:
            for away in seen:
                self._failing_since.pop((task, away), None)

    def away_s(self, dependency: str) -> float:
        """`dependency` is KAFKA or DATABASE: since when it failed the task that waits longest, 0 when nobody waits."""
        since = [moment for (_, name), moment in self._failing_since.items() if name == dependency]
        return self._clock() - min(since) if since else 0.0

    def reached(self, dependency: str) -> None:
        """For work that does not end by itself: the dependency has answered this task."""
        self._failing_since.pop((asyncio.current_task(), dependency), None)

    async def _until_done(
        self, dependency: str, outages: tuple[type[BaseException], ...], work: Callable[[], Awaitable[T]], seen: set[str]
    ) -> T:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                return await work()
            except outages as error:
                away = dependency_of(error, dependency)
                self._failing_since.setdefault((asyncio.current_task(), away), self._clock())
                seen.add(away)
                log.warning("%s is away (%s: %s), next try in %.1f s", dependency, type(error).__name__, error, wait_s)
            self.outage_at = self._clock()
            self.waiting += 1
            try:
                await self._sleep(wait_s * (0.5 + self._jitter() / 2))
            finally:
                self.waiting -= 1
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)


def dependency_of(error: BaseException, asked: str) -> str:
    """By the error's type, since one piece of work may need both; a plain OSError is that of the one it asked for."""
    return KAFKA if isinstance(error, KafkaError) or asked.lower() == KAFKA else DATABASE
