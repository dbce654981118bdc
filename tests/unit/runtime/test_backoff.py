import asyncio
from time import monotonic

import pytest

from onrecord.runtime.backoff import FIRST_WAIT_S, LONGEST_WAIT_S, Backoff


class Away(Exception):
    pass


class Sleep:
    def __init__(self, backoff_waiting: list[int]) -> None:
        self.slept: list[float] = []
        self.backoff: Backoff | None = None
        self.waiting = backoff_waiting

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        assert self.backoff is not None
        self.waiting.append(self.backoff.waiting)


def backoff_with(jitter: float) -> tuple[Backoff, Sleep]:
    sleep = Sleep([])
    backoff = Backoff(sleep, lambda: jitter)
    sleep.backoff = backoff
    return backoff, sleep


class Work:
    """Fails as told, then gives 'done'; notes who was held up during each try."""

    def __init__(self, backoff: Backoff, *failures: BaseException) -> None:
        self.backoff = backoff
        self.failures = list(failures)
        self.held_up: list[int] = []

    async def __call__(self) -> str:
        self.held_up.append(self.backoff.waiting)
        if self.failures:
            raise self.failures.pop(0)
        return "done"


def aways(count: int) -> list[BaseException]:
    return [Away() for _ in range(count)]


async def test_waits_double_from_half_a_second_to_eight() -> None:
    backoff, sleep = backoff_with(jitter=1.0)
    assert await backoff.until_done("database", (Away,), Work(backoff, *aways(7))) == "done"
    assert sleep.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    assert (FIRST_WAIT_S, LONGEST_WAIT_S) == (0.5, 8.0)


async def test_jitter_takes_at_most_half_of_a_wait() -> None:
    backoff, sleep = backoff_with(jitter=0.0)
    await backoff.until_done("database", (Away,), Work(backoff, *aways(5)))
    assert sleep.slept == [0.25, 0.5, 1.0, 2.0, 4.0]


async def test_no_wait_without_an_outage() -> None:
    backoff, sleep = backoff_with(jitter=1.0)
    work = Work(backoff)
    assert await backoff.until_done("database", (Away,), work) == "done"
    assert (sleep.slept, work.held_up) == ([], [0])


async def test_the_next_outage_starts_at_the_shortest_wait() -> None:
    backoff, sleep = backoff_with(jitter=1.0)
    for _ in range(2):
        await backoff.until_done("database", (Away,), Work(backoff, *aways(2)))
    assert sleep.slept == [0.5, 1.0, 0.5, 1.0]


@pytest.mark.parametrize("error", [ValueError, asyncio.CancelledError])
async def test_only_named_outages_are_swallowed(error: type[BaseException]) -> None:
    backoff, sleep = backoff_with(jitter=1.0)
    with pytest.raises(error):
        await backoff.until_done("database", (Away,), Work(backoff, error()))
    assert sleep.slept == []
    assert backoff.waiting == 0


async def test_who_waits_is_counted_and_when_it_failed_is_kept() -> None:
    backoff, sleep = backoff_with(jitter=1.0)
    before = monotonic()
    await backoff.until_done("database", (Away,), Work(backoff, *aways(2)))
    assert sleep.waiting == [1, 1]
    assert backoff.waiting == 0
    assert before <= backoff.outage_at <= monotonic()


async def test_an_error_after_an_outage_ends_the_hold_up() -> None:
    backoff, _ = backoff_with(jitter=1.0)
    with pytest.raises(ValueError, match="a bug"):
        await backoff.until_done("database", (Away,), Work(backoff, Away(), ValueError("a bug")))
    assert backoff.waiting == 0
