import asyncio
from collections.abc import AsyncIterator

import pytest

from onrecord.web import HostBusy, Politeness
from unit.web.fakes import FakeClock

HOST = "news.example:443"


class Street:
    """Fetches that last `lasting_s`, and when each began."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.politeness = Politeness(clock_s=self.clock, sleep=self.clock.sleep, max_hosts=50)
        self.starts: list[tuple[str, float]] = []
        self.in_flight: dict[str, int] = {}
        self.most_in_flight = 0
        self.tasks: list[asyncio.Task[None]] = []
        self.began_s = self.clock.now_s

    async def fetch(self, name: str, host: str = HOST, lasting_s: float = 0.0, delay_s: float | None = None) -> None:
        async with self.politeness.turn(host, delay_s=delay_s):
            self.starts.append((name, self.clock.now_s - self.began_s))
            self.in_flight[host] = self.in_flight.get(host, 0) + 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight[host])
            try:
                if lasting_s:
                    await self.clock.sleep(lasting_s)
            finally:
                self.in_flight[host] -= 1

    async def begin(self, *args: object, **options: object) -> asyncio.Task[None]:
        task = asyncio.create_task(self.fetch(*args, **options))  # type: ignore[arg-type]
        self.tasks.append(task)
        await self.clock.settle()
        return task


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    made = Street()
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


async def test_first_fetch_waits_one_delay_then_one_at_a_time_in_order(street: Street) -> None:
    for name in "abc":
        await street.begin(name)
    await street.begin("other", host="other.example:80")
    await street.clock.advance(10)
    assert sorted(street.starts) == [("a", 1.0), ("b", 2.0), ("c", 3.0), ("other", 1.0)]
    assert street.most_in_flight == 1


async def test_spacing_is_between_starts_and_a_long_fetch_holds_the_next(street: Street) -> None:
    await street.begin("slow", lasting_s=5.0)
    await street.begin("next", lasting_s=0.5)
    await street.begin("last")
    await street.clock.advance(10)
    assert street.starts == [("slow", 1.0), ("next", 6.0), ("last", 7.0)]
    assert street.most_in_flight == 1


async def test_crawl_delay_is_honoured_and_never_shortens(street: Street) -> None:
    await street.clock.advance(20)
    for name, delay_s in (("a", None), ("b", 4.0), ("c", 0.1)):
        await street.begin(name, delay_s=delay_s)
    await street.clock.advance(10)
    assert street.starts == [("a", 20.0), ("b", 24.0), ("c", 25.0)]


async def test_after_an_assignment_each_host_waits_one_delay(street: Street) -> None:
    await street.clock.advance(20)
    street.politeness.assigned()
    await street.begin("a")
    await street.clock.advance(5)
    assert street.starts == [("a", 21.0)]


async def test_full_queue_is_refused_at_once(street: Street) -> None:
    street.politeness = Politeness(clock_s=street.clock, sleep=street.clock.sleep, max_waiting=2)
    for name in "abc":
        await street.begin(name, lasting_s=3.0)
    refused = await street.begin("d")
    with pytest.raises(HostBusy) as busy:
        await refused
    assert (busy.value.host, busy.value.retry_after_s, busy.value.outcome, busy.value.retryable) == (HOST, 4.0, None, True)
    await street.clock.advance(20)
    assert [name for name, _ in street.starts] == ["a", "b", "c"]


async def test_thirty_two_wait_and_no_more(street: Street) -> None:
    street.politeness = Politeness(clock_s=street.clock, sleep=street.clock.sleep, delay_s=0.1)
    for number in range(33):
        await street.begin(str(number))
    with pytest.raises(HostBusy):
        await (await street.begin("one too many"))
    await street.clock.advance(10)
    assert len(street.starts) == 33


async def test_a_turn_too_far_away_is_refused_at_once(street: Street) -> None:
    street.politeness.hold(HOST, 31)
    with pytest.raises(HostBusy) as busy:
        await (await street.begin("a"))
    assert busy.value.retry_after_s == 31.0
    await street.begin("b", host="other.example:443")
    await street.clock.advance(1)
    assert street.starts == [("b", 1.0)]


async def test_hold_delays_those_who_wait_and_is_never_shortened(street: Street) -> None:
    waiting = await street.begin("a")
    street.politeness.hold(HOST, 20)
    street.politeness.hold(HOST, 5)
    await street.clock.advance(25)
    await waiting
    assert street.starts == [("a", 20.0)]


async def test_a_hold_beyond_the_wait_sends_the_waiting_away(street: Street) -> None:
    waiting = [await street.begin(name) for name in "ab"]
    street.politeness.hold(HOST, 3_600)
    await street.clock.advance(2)
    for task in waiting:
        with pytest.raises(HostBusy) as busy:
            await task
        assert busy.value.retry_after_s == pytest.approx(3_599.0)
    assert street.starts == []


async def test_waiting_ends_when_the_fetch_ahead_takes_too_long(street: Street) -> None:
    await street.begin("slow", lasting_s=60.0)
    waiting = await street.begin("b")
    await street.clock.advance(30)
    with pytest.raises(HostBusy):
        await waiting
    await street.clock.advance(40)
    await street.begin("c")
    await street.clock.advance(1)
    assert [name for name, _ in street.starts] == ["slow", "c"]


async def test_cancelled_waiters_leave_no_hole(street: Street) -> None:
    first = await street.begin("a", lasting_s=3.0)
    second, third, fourth = [await street.begin(name) for name in "bcd"]
    second.cancel()
    await street.clock.advance(2)
    first.cancel()
    await street.clock.advance(0.5)
    third.cancel()
    await street.clock.advance(5)
    await fourth
    assert [name for name, _ in street.starts] == ["a", "c", "d"]


async def test_cancelled_at_the_very_moment_of_its_turn(street: Street) -> None:
    first = await street.begin("a", lasting_s=3.0)
    second, third = await street.begin("b"), await street.begin("c")
    await street.clock.advance(1)
    first.cancel()
    second.cancel()
    await street.clock.advance(5)
    await third
    assert [name for name, _ in street.starts] == ["a", "c"]


async def test_an_error_in_the_turn_frees_it(street: Street) -> None:
    await street.clock.advance(5)
    with pytest.raises(RuntimeError, match="site broke"):
        async with street.politeness.turn(HOST):
            raise RuntimeError("site broke")
    await street.begin("a")
    await street.clock.advance(1)
    assert street.starts == [("a", 6.0)]


async def test_state_is_bounded_and_hosts_in_use_or_on_hold_stay(street: Street) -> None:
    await street.begin("busy", host="busy.example:443", lasting_s=10_000.0)
    street.politeness.hold("held.example:443", 20_000.0)
    await street.clock.advance(2)
    for number in range(500):
        await street.begin(str(number), host=f"{number}.example:443")
        await street.clock.advance(1)
    assert len(street.politeness._hosts) == 50
    assert {"busy.example:443", "held.example:443"} <= street.politeness._hosts.keys()
    with pytest.raises(HostBusy):
        await (await street.begin("held", host="held.example:443"))
