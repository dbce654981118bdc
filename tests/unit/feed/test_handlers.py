"""What feed counts when a flight ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from onrecord.contracts import Deferred, Lane, Outcome, OutcomeKind
from onrecord.feed.handlers import Ledger
from onrecord.runtime.catalogue import ITEM_DURATION, ITEMS
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.testing import START, delivery_of
from onrecord.runtime.verdict import Done

GRACE = timedelta(hours=1)


class Flights:
    """Those that are open end once."""

    def __init__(self, *open_: UUID) -> None:
        self.open = set(open_)
        self.deferred: list[Deferred] = []

    async def defer(self, notices: Sequence[Deferred], grace: timedelta) -> None:
        assert grace == GRACE
        self.deferred += notices

    async def end(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        ended = [outcome for outcome in outcomes if outcome.item_id in self.open]
        self.open -= {outcome.item_id for outcome in ended}
        return ended


def outcome(
    number: int, kind: OutcomeKind, *, found: datetime | None = START, took_s: float = 0.0, lane: Lane = Lane.live
) -> Outcome:
    return Outcome(
        schema_version="1.0",
        item_id=UUID(int=number),
        item_revision=1,
        outcome=kind,
        service="store",
        discovered_at=found,
        ended_at=START + timedelta(seconds=took_s),
        lane=lane,
    )


async def taken(flights: Flights, *events: Any) -> Metrics:
    metrics = Metrics()
    verdicts = await Ledger(flights, GRACE, metrics)([delivery_of(event) for event in events])
    assert verdicts == [Done()] * len(events)
    return metrics


async def test_an_item_is_counted_when_its_flight_ends_and_never_again() -> None:
    flights = Flights(UUID(int=1), UUID(int=2))
    first = await taken(flights, outcome(1, OutcomeKind.stored), outcome(2, OutcomeKind.dead_letter))
    assert first.totals == {(ITEMS.name, ("stored",)): 1, (ITEMS.name, ("dead_letter",)): 1}
    again = await taken(flights, outcome(1, OutcomeKind.stored), outcome(2, OutcomeKind.stored), outcome(3, OutcomeKind.gone))
    assert again.totals == {}


async def test_only_a_stored_item_is_timed_from_its_discovery_in_its_lane() -> None:
    flights = Flights(*(UUID(int=number) for number in range(5)))
    metrics = await taken(
        flights,
        outcome(0, OutcomeKind.stored, took_s=90),
        outcome(1, OutcomeKind.stored, took_s=4000, lane=Lane.backfill),
        outcome(2, OutcomeKind.unchanged, took_s=5),
        outcome(3, OutcomeKind.stored, found=None),
        outcome(4, OutcomeKind.stored, took_s=-2),
    )
    assert metrics.drain()[1] == [
        (ITEM_DURATION.name, ("live",), 90.0),
        (ITEM_DURATION.name, ("backfill",), 4000.0),
        (ITEM_DURATION.name, ("live",), 0.0),
    ]


async def test_a_deferral_ends_nothing() -> None:
    flights = Flights(UUID(int=1))
    notice = Deferred(
        schema_version="1.0",
        item_id=UUID(int=1),
        item_revision=1,
        service="scraper",
        reason="status_503",
        attempt=1,
        deferred_at=START,
        until=START + GRACE,
        lane=Lane.live,
    )
    metrics = await taken(flights, notice)
    assert (flights.deferred, metrics.totals) == ([notice], {})
