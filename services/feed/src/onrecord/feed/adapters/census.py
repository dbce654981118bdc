"""How the feeds and the ledger stand, for the gauges: one query each."""

from collections.abc import Callable, Mapping
from datetime import datetime

import asyncpg

from onrecord.feed.adapters.in_flight import InFlight
from onrecord.runtime.catalogue import FEEDS, LEDGER_OPEN, LEDGER_OVERDUE, Metric
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.watch import Values, Watch

LEDGER_EVERY_S = 15.0
FEEDS_EVERY_S = 60.0  # it reads every feed's row

# A feed that an operator removed is stopped and has not answered 410. Silent for a month is not silent any more: it is over.
CENSUS = """
SELECT count(*) FILTER (WHERE NOT stopped) AS active,
    count(*) FILTER (WHERE stopped AND (health->>'stopped')::boolean) AS stopped,
    count(*) FILTER (WHERE NOT stopped AND (health->>'failures')::float8 > 0) AS failing,
    count(*) FILTER (WHERE NOT stopped AND next_poll_at < $1::timestamptz - interval '10 minutes') AS overdue,
    count(*) FILTER (WHERE NOT stopped AND silence_s < 30 * 86400
        AND silence_s > greatest(20 * (schedule->>'pace_s')::float8, 2 * 86400)) AS silent,
    count(*) FILTER (WHERE NOT stopped AND (schedule->>'flooding')::boolean) AS flooding
FROM feeds, LATERAL (SELECT extract(epoch FROM $1::timestamptz - (schedule->>'newest_at')::timestamptz) AS silence_s) AS quiet
"""


async def census(pool: asyncpg.Pool, now: datetime) -> dict[str, int]:
    """Feeds by state; a feed may be in several."""
    [row] = await pool.fetch(CENSUS, now)
    return dict(row)


def watches(metrics: Metrics, pool: asyncpg.Pool, in_flight: InFlight, now: Callable[[], datetime]) -> tuple[Watch, Watch]:
    async def ledger() -> Mapping[Metric, Values]:
        everything, overdue = await in_flight.standing(now())
        return {LEDGER_OPEN: [((), float(everything))], LEDGER_OVERDUE: [((), float(overdue))]}

    async def feeds() -> Mapping[Metric, Values]:
        return {FEEDS: [((state,), float(count)) for state, count in (await census(pool, now())).items()]}

    return (
        Watch(metrics, (LEDGER_OPEN, LEDGER_OVERDUE), ledger, every_s=LEDGER_EVERY_S),
        Watch(metrics, (FEEDS,), feeds, every_s=FEEDS_EVERY_S),
    )
