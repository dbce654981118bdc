"""Items between discovery and outcome."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from onrecord.contracts import Deferred, Item, ItemRef, Outcome, Outgoing
from onrecord.runtime import outbox

END = """
DELETE FROM in_flight AS open USING unnest($1::uuid[], $2::int[]) AS ended (item_id, item_revision)
WHERE open.item_id = ended.item_id AND open.item_revision = ended.item_revision
RETURNING open.item_id, open.item_revision
"""
GIVE_UP = "DELETE FROM in_flight WHERE item_id = $1 AND item_revision = $2 RETURNING true"
STANDING = "SELECT count(*), count(*) FILTER (WHERE deadline <= $1) AS overdue FROM in_flight"
REMEMBER = """
UPDATE items SET outcome = $3, validators = coalesce($4, validators) WHERE item_id = $1 AND revision = $2
"""
DEFER = "UPDATE in_flight SET deadline = greatest(deadline, $3) WHERE item_id = $1 AND item_revision = $2"
OVERDUE = "SELECT event, emissions, traceparent FROM in_flight WHERE deadline <= $1 ORDER BY deadline LIMIT $2"
TAKE = """
UPDATE in_flight SET deadline = $3, emissions = emissions + 1 WHERE item_id = $1 AND item_revision = $2 AND deadline <= $4
RETURNING emissions
"""
BATCH = 500  # re-emissions of one pass, so that a broker that lost everything is not flooded


@dataclass(frozen=True, slots=True)
class Overdue:
    """`emissions`: how often the item was published. `traceparent`: where its first trace began, None when nobody noted it."""

    item: Item
    emissions: int
    traceparent: str | None


class InFlight:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def count(self) -> int:
        return int(await self._pool.fetchval("SELECT count(*) FROM in_flight"))

    async def standing(self, now: datetime) -> tuple[int, int]:
        """(all, those past their deadline)."""
        [row] = await self._pool.fetch(STANDING, now)
        return row["count"], row["overdue"]

    async def end(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Each ends its revision's flight. Returns those that did: one that comes again, or second, is not among them."""
        first: dict[ItemRef, Outcome] = {}
        for outcome in outcomes:
            first.setdefault(outcome.item_ref, outcome)
        async with self._pool.acquire() as connection, connection.transaction():
            ended = await connection.fetch(END, [ref.item_id for ref in first], [ref.item_revision for ref in first])
            await connection.executemany(
                REMEMBER, [(o.item_id, o.item_revision, o.outcome.value, _validators(o)) for o in outcomes]
            )
        return [first[ItemRef(row["item_id"], row["item_revision"])] for row in ended]

    async def defer(self, notices: Sequence[Deferred], grace: timedelta) -> None:
        await self._pool.executemany(DEFER, [(n.item_id, n.item_revision, n.until + grace) for n in notices])

    async def anything_overdue(self, now: datetime) -> bool:
        return bool(await self._pool.fetchval("SELECT EXISTS (SELECT 1 FROM in_flight WHERE deadline <= $1)", now))

    async def nothing_unsent(self) -> bool:
        return not await self._pool.fetchval("SELECT EXISTS (SELECT 1 FROM outbox)")

    async def overdue(self, before: datetime) -> list[Overdue]:
        """Those whose deadline was at or before `before`, a batch at most."""
        rows = await self._pool.fetch(OVERDUE, before, BATCH)
        return [
            Overdue(Item.model_validate_json(row["event"], extra="ignore"), row["emissions"], row["traceparent"]) for row in rows
        ]

    async def emit_again(self, item: Item, record: Outgoing, *, before: datetime, deadline: datetime) -> bool:
        """False when its outcome came, or another replica emitted it, meanwhile."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(TAKE, item.item_id, item.item_revision, deadline, before) is None:
                return False
            await outbox.add(connection, [record])
            return True

    async def give_up(self, item: Item, record: Outgoing) -> bool:
        """False when its outcome came meanwhile: then nothing is published."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(GIVE_UP, item.item_id, item.item_revision) is None:
                return False
            await outbox.add(connection, [record])
            return True


def _validators(outcome: Outcome) -> str | None:
    data: dict[str, Any] = outcome.validators.model_dump(exclude_none=True) if outcome.validators else {}
    return json.dumps(data) if data else None
