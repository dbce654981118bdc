"""Feeds by state, and the ledger, as one query each finds them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from onrecord.contracts import Lane, Outcome, OutcomeKind, ids
from onrecord.feed.adapters.census import census, watches
from onrecord.feed.adapters.db import FeedRows
from onrecord.feed.adapters.in_flight import InFlight
from onrecord.feed.domain.health import Health
from onrecord.feed.domain.schedule import Cadence
from onrecord.feed.main import PACKAGE, SCHEMA
from onrecord.runtime.database import make_pool, migrate
from onrecord.runtime.metrics import Metrics

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 10, 10, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = "https://gazette.example/rss.xml"


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[asyncpg.Pool]:
    await migrate(fresh_dsn, SCHEMA, PACKAGE)
    async with make_pool(fresh_dsn, SCHEMA) as pool:
        yield pool


async def feed(
    pool: asyncpg.Pool, *, cadence: Cadence | None = None, health: Health | None = None, stopped: bool = False, late_s: float = 0
) -> None:
    await FeedRows(pool).add(FEED, min_interval_s=60, now=NOW)
    await pool.execute(
        "UPDATE feeds SET schedule = $1, health = $2, stopped = $3, next_poll_at = $4",
        (cadence or Cadence()).model_dump_json(),
        (health or Health()).model_dump_json(),
        stopped,
        NOW - timedelta(seconds=late_s),
    )


def quiet(days: float, pace_s: float | None = None) -> Cadence:
    return Cadence(newest_at=NOW - days * DAY, pace_s=pace_s)


@pytest.mark.parametrize(
    ("row", "states"),
    [
        ({}, {"active"}),
        ({"late_s": 600}, {"active"}),
        ({"late_s": 601}, {"active", "overdue"}),
        ({"health": Health(failures=0.25)}, {"active", "failing"}),
        ({"health": Health(failures=1.0, stopped=True), "stopped": True, "late_s": 9999}, {"stopped"}),
        ({"stopped": True, "cadence": quiet(5)}, set()),  # removed by its operator
        ({"cadence": quiet(2)}, {"active"}),
        ({"cadence": quiet(2.01)}, {"active", "silent"}),
        ({"cadence": quiet(5, pace_s=86_400.0)}, {"active"}),  # a daily is late after twenty days
        ({"cadence": quiet(20.01, pace_s=86_400.0)}, {"active", "silent"}),
        ({"cadence": quiet(2.01, pace_s=60.0)}, {"active", "silent"}),
        ({"cadence": quiet(30)}, {"active"}),
        ({"cadence": Cadence(flooding=True)}, {"active", "flooding"}),
    ],
)
async def test_states_of_a_feed(pool: asyncpg.Pool, row: dict[str, object], states: set[str]) -> None:
    await feed(pool, **row)  # type: ignore[arg-type]
    assert {state for state, count in (await census(pool, NOW)).items() if count == 1} == states


async def test_a_row_that_was_never_polled_is_active(pool: asyncpg.Pool) -> None:
    await FeedRows(pool).add(FEED, min_interval_s=60, now=NOW)
    assert {state: count for state, count in (await census(pool, NOW)).items() if count} == {"active": 1}


async def fly(pool: asyncpg.Pool, number: int, deadline: datetime) -> None:
    await pool.execute("INSERT INTO in_flight VALUES ($1, 1, '', $2)", ids.item_id(ids.feed_id(FEED), str(number)), deadline)


def outcome(number: int, kind: OutcomeKind) -> Outcome:
    item = ids.item_id(ids.feed_id(FEED), str(number))
    return Outcome(
        schema_version="1.0", item_id=item, item_revision=1, outcome=kind, service="store", ended_at=NOW, lane=Lane.live
    )


async def test_only_the_outcome_that_ends_a_flight_is_told(pool: asyncpg.Pool) -> None:
    flights = InFlight(pool)
    for number in range(3):
        await fly(pool, number, NOW)
    first, second = outcome(0, OutcomeKind.dead_letter), outcome(0, OutcomeKind.stored)
    other, unknown = outcome(1, OutcomeKind.gone), outcome(9, OutcomeKind.stored)
    ended = await flights.end([first, second, other, unknown])
    assert sorted(end.outcome for end in ended) == ["dead_letter", "gone"]
    assert await flights.end([first, other]) == []
    assert await flights.end([]) == []
    assert await flights.count() == 1


async def test_gauges_are_what_the_queries_found(pool: asyncpg.Pool) -> None:
    metrics = Metrics()
    ledger, feeds = watches(metrics, pool, InFlight(pool), lambda: NOW)
    await feed(pool, late_s=3600)
    await fly(pool, 1, NOW)
    await fly(pool, 2, NOW + DAY)
    await ledger.look()
    await feeds.look()
    shown = {(metric.name, *labels): value for metric, gauge in metrics.gauges for labels, value in gauge()}
    assert {key: value for key, value in shown.items() if value} == {
        ("onrecord.ledger.open",): 2,
        ("onrecord.ledger.overdue",): 1,
        ("onrecord.feeds", "active"): 1,
        ("onrecord.feeds", "overdue"): 1,
    }
    assert ("onrecord.feeds", "silent") in shown
