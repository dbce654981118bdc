"""One request in flight per host, and a decent pause between two.

State is local, which is right because one worker holds a host: items are keyed by host and port. After an assignment the
host may just have been visited by another worker, so the first fetch waits one delay as well.
"""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from onrecord.web.errors import HostBusy

ARTICLE_DELAY_S = 1.0  # between the starts of two fetches where robots.txt asks for nothing else
FEED_DELAY_S = 5.0  # feeds are polled for ever, so they are asked more slowly
MAX_WAITING = 32  # per host; more are deferred, so that a giant host never holds its neighbours
MAX_WAIT_S = 30.0  # longer turns are deferred too
MAX_HOSTS = 20_000  # 1 kB each by tracemalloc, 20 MB in all
EVICTION_LOOK = 64  # how many of the oldest hosts are looked at for one that is free to forget


@dataclass(slots=True)
class _Host:
    busy: bool = False
    started: bool = False
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    last_start_s: float = -math.inf
    held_until_s: float = -math.inf

    @property
    def idle(self) -> bool:
        return not self.busy and not self.waiting


class Politeness:
    """Hands out turns per host, first come first served. Times are seconds of the injected monotonic clock."""

    def __init__(
        self,
        *,
        delay_s: float = ARTICLE_DELAY_S,
        max_waiting: int = MAX_WAITING,
        max_wait_s: float = MAX_WAIT_S,
        max_hosts: int = MAX_HOSTS,
        clock_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay_s = delay_s
        self._max_waiting = max_waiting
        self._max_wait_s = max_wait_s
        self._max_hosts = max_hosts
        self._clock_s = clock_s
        self._sleep = sleep
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._assigned_at_s = clock_s()

    def assigned(self) -> None:
        """Partitions were assigned anew: every host may have been visited a moment ago."""
        self._assigned_at_s = self._clock_s()

    def hold(self, host: str, seconds: float) -> None:
        """The site asked for a pause (Retry-After): no turn before it is over."""
        state = self._host(host)
        state.held_until_s = max(state.held_until_s, self._clock_s() + seconds)

    @asynccontextmanager
    async def turn(self, host: str, *, delay_s: float | None = None) -> AsyncIterator[None]:
        """Hold the host's one turn; `delay_s` since the last start (crawl-delay) if it is above the usual pause.

        Raises `HostBusy` at once where the queue is full or the wait would be too long, and later if it grew too long.
        """
        pause_s = max(self._delay_s, delay_s or 0.0)
        state = self._host(host)
        expected_s = self._expected_wait_s(state, pause_s)
        if len(state.waiting) >= self._max_waiting or expected_s > self._max_wait_s:
            raise HostBusy(host, max(expected_s, pause_s))
        deadline_s = self._clock_s() + self._max_wait_s
        await self._queue(host, state, deadline_s, pause_s)
        try:
            await self._pause(host, state, deadline_s, pause_s)
            state.last_start_s, state.started = self._clock_s(), True
            yield
        finally:
            _release(state)

    async def _queue(self, host: str, state: _Host, deadline_s: float, pause_s: float) -> None:
        if state.idle:
            state.busy = True
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        state.waiting.append(mine)
        timer = asyncio.ensure_future(self._sleep(deadline_s - self._clock_s()))
        try:
            await asyncio.wait({mine, timer}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            _leave(state, mine)
            raise
        finally:
            timer.cancel()
        if not mine.done():
            _leave(state, mine)
            raise HostBusy(host, max(self._expected_wait_s(state, pause_s), pause_s))

    async def _pause(self, host: str, state: _Host, deadline_s: float, pause_s: float) -> None:
        while (wait_s := self._earliest_s(state, pause_s) - self._clock_s()) > 0:
            if self._clock_s() + wait_s > deadline_s:
                raise HostBusy(host, wait_s)
            await self._sleep(wait_s)

    def _earliest_s(self, state: _Host, pause_s: float) -> float:
        return max(max(state.last_start_s, self._assigned_at_s) + pause_s, state.held_until_s)

    def _expected_wait_s(self, state: _Host, pause_s: float) -> float:
        """At best: the fetch in flight may last longer than a pause."""
        ahead = len(state.waiting) + (1 if state.busy and not state.started else 0)
        return max(self._earliest_s(state, pause_s) - self._clock_s(), 0.0) + ahead * pause_s

    def _host(self, host: str) -> _Host:
        state = self._hosts.get(host)
        if state is None:
            state = self._hosts[host] = _Host()
            if len(self._hosts) > self._max_hosts:
                self._forget_one(host)
        self._hosts.move_to_end(host)
        return state

    def _forget_one(self, newest: str) -> None:
        """The longest unused host; one that owes a pause only if all the oldest do. Hosts in use stay."""
        now_s = self._clock_s()
        oldest = [name for name, _ in zip(self._hosts, range(EVICTION_LOOK), strict=False)]
        idle = [name for name in oldest if name != newest and self._hosts[name].idle]
        free = [name for name in idle if self._earliest_s(self._hosts[name], self._delay_s) <= now_s]
        if free or idle:
            del self._hosts[(free or idle)[0]]


def _release(state: _Host) -> None:
    state.started = False
    while state.waiting:
        following = state.waiting.popleft()
        if not following.done():
            following.set_result(None)
            return
    state.busy = False


def _leave(state: _Host, mine: asyncio.Future[None]) -> None:
    if mine.done():
        _release(state)
    else:
        mine.cancel()
        state.waiting.remove(mine)
