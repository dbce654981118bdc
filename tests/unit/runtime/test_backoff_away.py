"""How long a dependency is away: since the first failure of the task that waits longest."""

import asyncio
from collections.abc import Callable

import pytest
from aiokafka.errors import KafkaConnectionError

from onrecord.runtime.backoff import DATABASE, KAFKA, Backoff
from unit.runtime.member import settle

OUTAGES = (OSError, KafkaConnectionError)


class World:
    """A clock that every wait moves by ten seconds; `seen` is (kafka, database) after each wait."""

    def __init__(self) -> None:
        self.now = 100.0
        self.backoff = Backoff(self.sleep, lambda: 1.0, lambda: self.now)
        self.seen: list[tuple[float, float]] = []

    async def sleep(self, _: float) -> None:
        self.now += 10.0
        self.seen.append(self.away())

    def away(self) -> tuple[float, float]:
        return self.backoff.away_s(KAFKA), self.backoff.away_s(DATABASE)


def failing(*failures: Exception) -> Callable[[], "asyncio.Future[None]"]:
    left = list(failures)

    async def work() -> None:
        if left:
            raise left.pop(0)

    return lambda: asyncio.ensure_future(work())


@pytest.mark.parametrize(
    ("asked", "error", "seen"),
    [
        ("database", OSError("refused"), [(0, 10), (0, 20)]),
        ("feed database", OSError("refused"), [(0, 10), (0, 20)]),
        ("Kafka", OSError("refused"), [(10, 0), (20, 0)]),
        ("reconciler's dependency", KafkaConnectionError(), [(10, 0), (20, 0)]),
        ("dependency", TimeoutError(), [(0, 10), (0, 20)]),
    ],
)
async def test_it_grows_from_the_first_failure_and_is_zero_after_a_success(
    asked: str, error: Exception, seen: list[tuple[float, float]]
) -> None:
    world = World()
    await world.backoff.until_done(asked, OUTAGES, failing(error, error))
    assert world.seen == seen
    assert world.away() == (0, 0)


async def test_work_may_find_both_away() -> None:
    world = World()
    await world.backoff.until_done("reconciler's dependency", OUTAGES, failing(OSError(), KafkaConnectionError()))
    assert world.seen == [(0, 10), (10, 20)]
    assert world.away() == (0, 0)


async def test_an_error_of_another_kind_ends_it_too() -> None:
    world = World()
    with pytest.raises(ValueError, match="a bug"):
        await world.backoff.until_done("database", OUTAGES, failing(OSError(), ValueError("a bug")))
    assert world.away() == (0, 0)


async def test_one_task_that_is_served_does_not_hide_another_that_is_not() -> None:
    world = World()
    blocked = asyncio.Event()

    async def hangs() -> None:
        if world.now < 110:
            raise OSError
        await blocked.wait()

    waiting = asyncio.create_task(world.backoff.until_done("database", OUTAGES, hangs))
    await settle()
    await world.backoff.until_done("database", OUTAGES, failing())
    world.now += 50
    assert world.away() == (0, 60)
    blocked.set()
    await waiting
    assert world.away() == (0, 0)


async def test_work_that_never_ends_can_say_that_it_was_answered() -> None:
    world = World()
    told: list[tuple[float, float]] = []

    async def session() -> None:
        if world.now < 110:
            raise OSError
        told.append(world.away())
        world.backoff.reached(DATABASE)
        told.append(world.away())

    await world.backoff.until_done("database", OUTAGES, session)
    assert told == [(0, 10), (0, 0)]
