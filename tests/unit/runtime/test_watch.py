import logging
from collections.abc import Mapping

import pytest

from onrecord.runtime.catalogue import LEDGER_OPEN, LEDGER_OVERDUE, Metric
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.watch import Values, Watch, keep_watch


class Ledger:
    """Gives what it was told to, or raises it; `asked` counts."""

    def __init__(self, *answers: float | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self) -> Mapping[Metric, Values]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {LEDGER_OPEN: [((), answer)], LEDGER_OVERDUE: [((), answer / 2)]}


class Stopped(Exception):
    pass


class Time:
    """A clock that its own sleeps move; the last one ends the watch."""

    def __init__(self, until: float) -> None:
        self.now = 0.0
        self._until = until

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now >= self._until:
            raise Stopped


def shown(metrics: Metrics) -> dict[str, list[float]]:
    return {metric.name: [value for _, value in gauge()] for metric, gauge in metrics.gauges}


async def test_gauges_show_what_was_found_last_and_ask_nothing_themselves() -> None:
    metrics, ledger = Metrics(), Ledger(4.0, 6.0)
    watch = Watch(metrics, (LEDGER_OPEN, LEDGER_OVERDUE), ledger, every_s=15)
    assert shown(metrics) == {LEDGER_OPEN.name: [], LEDGER_OVERDUE.name: []}
    await watch.look()
    assert shown(metrics) == shown(metrics) == {LEDGER_OPEN.name: [4.0], LEDGER_OVERDUE.name: [2.0]}
    assert ledger.asked == 1
    await watch.look()
    assert shown(metrics) == {LEDGER_OPEN.name: [6.0], LEDGER_OVERDUE.name: [3.0]}


async def test_an_old_number_is_not_shown_while_the_query_fails_and_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    watch = Watch(metrics, (LEDGER_OPEN,), Ledger(4.0, OSError("away"), OSError("away"), 5.0), every_s=15)
    await watch.look()
    with caplog.at_level(logging.WARNING):
        await watch.look()
        await watch.look()
    assert shown(metrics) == {LEDGER_OPEN.name: []}
    assert [record.getMessage() for record in caplog.records] == ["gauges can not be read: OSError: away"]
    await watch.look()
    assert shown(metrics) == {LEDGER_OPEN.name: [5.0]}


async def test_each_is_asked_at_its_own_interval() -> None:
    time, often, seldom = Time(until=60), Ledger(1.0), Ledger(1.0)
    watches = [Watch(Metrics(), (), often, every_s=5), Watch(Metrics(), (), seldom, every_s=15)]
    with pytest.raises(Stopped):
        await keep_watch(watches, time.sleep, time)
    assert (often.asked, seldom.asked) == (12, 4)
