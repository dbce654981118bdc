"""Real worker processes with short limits: a bad input costs its own job and nothing else."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from onrecord.runtime.catalogue import WORKER_DURATION, WORKER_KILLS, WORKERS_QUEUED
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.workers import Limits, WorkerKilled, Workers
from unit.runtime import jobs

GIB = 1024**3
SHORT = Limits(cpu_s=0, wall_s=20)  # the kernel's unit is a second, and one is given on top


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def workers(metrics: Metrics) -> AsyncIterator[Workers]:
    async with Workers("parse", metrics, limits=SHORT) as pool:
        yield pool


def kills(metrics: Metrics) -> int:
    return metrics.totals[WORKER_KILLS.name, ("parse",)]


async def test_a_job_gives_its_result_or_its_own_exception(workers: Workers, metrics: Metrics) -> None:
    assert await workers.run(jobs.double, 21) == 42
    with pytest.raises(ValueError, match="no title"):
        await workers.run(jobs.refuse, "no title")
    assert await workers.run(jobs.double, number=4) == 8
    assert kills(metrics) == 0


async def test_a_job_that_burns_its_cpu_is_killed_and_only_it(metrics: Metrics) -> None:
    async with Workers("parse", metrics, size=2, limits=SHORT) as pool:
        burning = asyncio.create_task(pool.run(jobs.burn))
        assert [await pool.run(jobs.double, number) for number in range(20)] == [2 * number for number in range(20)]
        with pytest.raises(WorkerKilled, match="parse worker ended: ProcessExpired"):
            await burning
        assert await pool.run(jobs.double, 1) == 2
    assert kills(metrics) == 1


@pytest.mark.parametrize(
    ("job", "arguments"),
    [(jobs.take_memory, (8 * GIB,)), (jobs.recurse, ()), (jobs.crash, ()), (jobs.leave, ())],
    ids=["memory", "recursion", "crash", "exit"],
)
async def test_a_job_that_ends_badly_is_the_only_one_lost(
    workers: Workers, metrics: Metrics, job: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    waiting = [asyncio.create_task(workers.run(job, *arguments)), asyncio.create_task(workers.run(jobs.double, 3))]
    ended, after = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(ended, WorkerKilled)
    assert after == 6
    assert kills(metrics) == 1


async def test_a_job_that_only_waits_runs_out_of_time(metrics: Metrics) -> None:
    async with Workers("parse", metrics, limits=Limits(wall_s=0.2)) as pool:
        assert await pool.run(jobs.double, 1) == 2
        with pytest.raises(WorkerKilled, match="TimeoutError"):
            await pool.run(jobs.wait)


async def test_cpu_used_by_earlier_jobs_is_not_held_against_the_next(workers: Workers) -> None:
    for number in range(50):
        assert await workers.run(jobs.double, number) == 2 * number


async def test_models_are_loaded_once_in_each_worker(metrics: Metrics) -> None:
    async with Workers("engine", metrics, warm_up=jobs.warm_up) as pool:
        assert [await pool.run(jobs.times_warmed) for _ in range(3)] == [1, 1, 1]


async def test_no_worker_outlives_its_pool(metrics: Metrics) -> None:
    async with Workers("parse", metrics) as pool:
        pid = await pool.run(jobs.process_id)
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_jobs_are_timed_and_those_not_finished_are_counted(metrics: Metrics) -> None:
    async with Workers("parse", metrics) as pool:
        [(metric, queued)] = metrics.gauges
        jobs_given = [asyncio.create_task(pool.run(jobs.double, 1)), asyncio.create_task(pool.run(jobs.refuse, "no title"))]
        await asyncio.sleep(0)
        assert (metric, list(queued())) == (WORKERS_QUEUED, [(("parse",), 2.0)])
        await asyncio.gather(*jobs_given, return_exceptions=True)
        assert list(queued()) == [(("parse",), 0.0)]
    durations = metrics.drain()[1]
    assert [(name, labels) for name, labels, _ in durations] == [(WORKER_DURATION.name, ("parse",))] * 2
    assert all(took > 0 for _, _, took in durations)
