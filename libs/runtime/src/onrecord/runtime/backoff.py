"""A dependency is down: wait in place, 0.5 s to 8 s with jitter, as long as it takes."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0

log = logging.getLogger(__name__)


class Attempt:
    """Swallows the outages it was told about; `failed` says so."""

    def __init__(self, outages: tuple[type[BaseException], ...]) -> None:
        self._outages = outages
        self.failed: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self.failed = error if isinstance(error, self._outages) else None
        return self.failed is not None


class Backoff:
    """Sleep and randomness are injected, so tests need no time. `waiting` counts the callers held up just now."""

    def __init__(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        self._sleep = sleep
        self._jitter = jitter
        self.waiting = 0

    async def attempts(self, dependency: str, *outages: type[BaseException]) -> AsyncIterator[Attempt]:
        """Yields attempts until one does not end in an outage."""
        wait_s = FIRST_WAIT_S
        while True:
            attempt = Attempt(outages)
            yield attempt
            if attempt.failed is None:
                return
            log.warning(
                "%s is away (%s: %s), next try in %.1f s", dependency, type(attempt.failed).__name__, attempt.failed, wait_s
            )
            self.waiting += 1
            try:
                await self._sleep(wait_s * (0.5 + self._jitter() / 2))
            finally:
                self.waiting -= 1
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
