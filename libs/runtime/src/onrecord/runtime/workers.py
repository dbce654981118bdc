"""CPU work outside the event loop: supervised processes, one job at a time, each under its own limits.

A killed worker costs its own job only, which a standard process pool can not promise; pebble can.
"""

import asyncio
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from time import perf_counter
from typing import Any, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from onrecord.runtime.catalogue import WORKER_DURATION, WORKER_KILLS, WORKERS_QUEUED
from onrecord.runtime.metrics import Metrics

JOBS_BEFORE_RECYCLING = 500  # parsers leak; a fresh process does not
CPU_LIMIT_S = 5  # for one input, above what the process has used
WALL_LIMIT_S = 30.0  # a machine under load gives a job less than one core
ADDRESS_SPACE_BYTES = 2 * 1024**3  # virtual size with models and lxml loaded is near 1 GiB before any input

STOP_S = 5.0  # of the 20 s of a stop

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one job; the address space is that of its whole process, code and models with it."""

    cpu_s: int = CPU_LIMIT_S
    wall_s: float = WALL_LIMIT_S
    address_space_bytes: int = ADDRESS_SPACE_BYTES


DEFAULT_LIMITS = Limits()


class WorkerKilled(Exception):
    """This input used up its CPU, memory or time; only this job is lost."""


class Workers:
    """A pool of spawned processes. `warm_up` runs once in each, to load models before the first job."""

    def __init__(
        self,
        name: str,
        metrics: Metrics,
        *,
        size: int = 1,
        warm_up: Callable[[], Any] | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._name = name
        self._metrics = metrics
        self._limits = limits
        self._queued = 0
        metrics.observe(WORKERS_QUEUED, lambda: [((name,), float(self._queued))])
        self._pool = ProcessPool(
            max_workers=size,
            max_tasks=JOBS_BEFORE_RECYCLING,
            initializer=_prepare,
            initargs=(limits.address_space_bytes, warm_up),
            context=get_context("spawn"),
        )

    async def run(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The job's result or its exception; raises WorkerKilled when a limit ended it. `job` is a top-level function."""
        future = self._pool.schedule(_limited, args=[self._limits.cpu_s, job, *args], kwargs=kwargs, timeout=self._limits.wall_s)
        self._queued += 1
        started = perf_counter()
        try:
            return await asyncio.wrap_future(future)
        except (ProcessExpired, TimeoutError, MemoryError, RecursionError) as error:
            self._metrics.count(WORKER_KILLS, self._name)
            raise WorkerKilled(f"{self._name} worker ended: {type(error).__name__}") from error
        finally:
            self._queued -= 1
            self._metrics.measure(WORKER_DURATION, perf_counter() - started, self._name)

    async def __aenter__(self) -> Self:
        """Starts the processes, so that the first job does not wait for them."""
        self._pool.schedule(_nothing)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(self._pool.join, timeout=STOP_S)


def _nothing() -> None:
    """A job that makes the pool start."""


def _prepare(address_space_bytes: int, warm_up: Callable[[], Any] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    resource.setrlimit(resource.RLIMIT_AS, (address_space_bytes, address_space_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if warm_up:
        warm_up()


def _limited(cpu_s: int, job: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu_s + 1, hard))
    return job(*args, **kwargs)
