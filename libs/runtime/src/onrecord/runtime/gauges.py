"""What a running service is asked when its gauges are read: nothing here waits for anything."""

from collections.abc import Callable, Sequence
from typing import Protocol

from onrecord.runtime.backoff import Backoff
from onrecord.runtime.catalogue import (
    ASSIGNED,
    AWAY,
    BREAKER_TRIPPED,
    CONNECTIONS,
    CONNECTIONS_MAX,
    HELD_UP,
    IN_FLIGHT,
    READY,
)
from onrecord.runtime.health import Condition
from onrecord.runtime.metrics import Metrics


class Pool(Protocol):
    """The part of asyncpg's pool that is used here."""

    def get_size(self) -> int: ...
    def get_idle_size(self) -> int: ...
    def get_max_size(self) -> int: ...


def observe_condition(metrics: Metrics, condition: Callable[[], Condition]) -> None:
    metrics.observe(IN_FLIGHT, lambda: [((), float(condition().in_flight))])
    metrics.observe(READY, lambda: [((), float(condition().ready))])
    metrics.observe(BREAKER_TRIPPED, lambda: [((), float(condition().tripped is not None))])
    metrics.observe(ASSIGNED, lambda: [((), float(condition().assigned))])
    metrics.observe(HELD_UP, lambda: [((), float(condition().held_up))])


def observe_away(metrics: Metrics, backoff: Backoff, dependencies: Sequence[str]) -> None:
    metrics.observe(AWAY, lambda: [((name,), backoff.away_s(name)) for name in dependencies])


def observe_pools(metrics: Metrics, *pools: Pool) -> None:
    """All pools of a service in one sum."""

    def connections() -> list[tuple[tuple[str, ...], float]]:
        idle = sum(pool.get_idle_size() for pool in pools)
        used = sum(pool.get_size() for pool in pools) - idle
        return [(("used",), float(used)), (("idle",), float(idle))]

    metrics.observe(CONNECTIONS, connections)
    metrics.observe(CONNECTIONS_MAX, lambda: [((), float(sum(pool.get_max_size() for pool in pools)))])
