from dataclasses import replace

import pytest

from onrecord.runtime.backoff import DATABASE, KAFKA, Backoff
from onrecord.runtime.gauges import observe_away, observe_condition, observe_pools
from onrecord.runtime.health import Condition
from onrecord.runtime.metrics import Metrics

WELL = Condition(assigned=3, in_flight=2, lag=10, since_progress_s=1, held_up=0, tripped=None, tasks_dead=())


class Pool:
    def __init__(self, open_: int, idle: int, most: int) -> None:
        self.open, self.idle, self.most = open_, idle, most

    def get_size(self) -> int:
        return self.open

    def get_idle_size(self) -> int:
        return self.idle

    def get_max_size(self) -> int:
        return self.most


def shown(metrics: Metrics) -> dict[tuple[str, ...], float]:
    return {(metric.name, *labels): value for metric, gauge in metrics.gauges for labels, value in gauge()}


@pytest.mark.parametrize(
    ("condition", "ready", "tripped", "held_up"),
    [
        (WELL, 1, 0, 0),
        (replace(WELL, held_up=2), 0, 0, 2),
        (replace(WELL, tripped="handler_error"), 0, 1, 0),
        (replace(WELL, tasks_dead=("outbox",)), 0, 0, 0),
    ],
)
def test_a_replicas_condition(condition: Condition, ready: float, tripped: float, held_up: float) -> None:
    metrics = Metrics()
    observe_condition(metrics, lambda: condition)
    assert shown(metrics) == {
        ("onrecord.in_flight",): 2,
        ("onrecord.ready",): ready,
        ("onrecord.breaker.tripped",): tripped,
        ("onrecord.assigned.partitions",): 3,
        ("onrecord.held_up",): held_up,
    }


def test_connections_of_all_pools_are_one_sum() -> None:
    metrics = Metrics()
    observe_pools(metrics, Pool(4, 1, 10), Pool(2, 2, 5))
    assert shown(metrics) == {
        ("db.client.connection.count", "used"): 3,
        ("db.client.connection.count", "idle"): 3,
        ("db.client.connection.max",): 15,
    }


async def test_a_dependency_that_answers_is_shown_as_zero() -> None:
    metrics = Metrics()
    observe_away(metrics, Backoff(), (KAFKA, DATABASE))
    assert shown(metrics) == {("onrecord.dependency.away", "kafka"): 0, ("onrecord.dependency.away", "database"): 0}
