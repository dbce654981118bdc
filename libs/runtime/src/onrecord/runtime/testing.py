"""Fakes for handlers' and services' tests: a sender that keeps what it was given, a clock that stands still."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from onrecord.contracts import Event, Hop, Outgoing
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.tracing import Passed

E = TypeVar("E", bound=Event)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)


class FakeClock:
    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeSender:
    """`fail_with` is raised once for each entry before anything is kept."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.fail_with: list[Exception] = []

    async def send(self, records: Sequence[Outgoing]) -> None:
        if self.fail_with:
            raise self.fail_with.pop(0)
        self.sent += records


def delivery_of(
    event: E, *, service: str = "test", attempt: int = 1, waited_s: float = 0.0, now: datetime = START
) -> Delivery[E]:
    trace = Passed("00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    hop = Hop(f"/test/{service}", now, traceparent=trace.traceparent)
    return Delivery(event, event.topic, {}, hop, now, trace, attempt, waited_s)
