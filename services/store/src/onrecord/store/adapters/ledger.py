"""SQL of the ledger: what came in, how it ended, and every hop between."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from onrecord.contracts import Deferred, Item, Outcome, OutcomeKind
from onrecord.runtime.delivery import Delivery
from onrecord.store.adapters import hop_rows
from onrecord.store.domain.outcomes import takes_over

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Connection, Pool

# The first record of an item revision describes it; the same item sent again, or after a redirect, is a hop.
ITEM = """
INSERT INTO ledger (item_id, item_revision, feed_id, feed_url, feed_title, guid, link, title, published_at, discovered_at,
    reason, lane)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (item_id, item_revision) DO UPDATE SET
    feed_id = excluded.feed_id, feed_url = excluded.feed_url, feed_title = excluded.feed_title, guid = excluded.guid,
    link = excluded.link, title = excluded.title, published_at = excluded.published_at, discovered_at = excluded.discovered_at,
    reason = excluded.reason, lane = excluded.lane
WHERE ledger.link IS NULL
"""
OPEN = "INSERT INTO ledger (item_id, item_revision) VALUES ($1, $2) ON CONFLICT DO NOTHING"
ENTRY = "SELECT outcome, service, outcome_reason, ended_at FROM ledger WHERE item_id = $1 AND item_revision = $2 FOR UPDATE"
END = """
UPDATE ledger SET outcome = $3, strength = $4, service = $5, outcome_reason = $6, article_id = $7, statements = $8,
    validators = $9, discovered_at = coalesce(discovered_at, $10), ended_at = $11, lane = coalesce(lane, $12)
WHERE item_id = $1 AND item_revision = $2
"""
AUDIT = """
INSERT INTO ledger_audit (item_id, item_revision, outcome, service, reason, ended_at, effective_outcome, noted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING
"""
DEFER = """
UPDATE ledger SET deferred_until = $3, deferred_reason = $4, deferred_attempt = $5
WHERE item_id = $1 AND item_revision = $2 AND (deferred_until IS NULL OR deferred_until < $3)
"""


class Ledger:
    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def take_items(self, deliveries: Sequence[Delivery[Item]]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            # In one order everywhere, or two batches with the same items could wait for each other.
            await connection.executemany(ITEM, [_item(item) for item in sorted((d.event for d in deliveries), key=_ref)])
            for delivery in deliveries:
                item = delivery.event
                await hop_rows.note(
                    connection, delivery, url=item.link, detail={"reason": item.reason.value, "feed_url": item.feed_url}
                )

    async def take_ends(self, deliveries: Sequence[Delivery[Outcome] | Delivery[Deferred]]) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            refs = sorted({(d.event.item_id, d.event.item_revision) for d in deliveries})
            await connection.executemany(OPEN, refs)
            for delivery in deliveries:
                event = delivery.event
                if isinstance(event, Outcome):
                    await hop_rows.note(connection, delivery, url=None, detail=_detail(event))
                    await self._end(connection, event, delivery)
                else:
                    detail = {"service": event.service, "reason": event.reason, "attempt": event.attempt}
                    await hop_rows.note(connection, delivery, url=None, detail={**detail, "until": event.until.isoformat()})
                    where = (event.item_id, event.item_revision)
                    await connection.execute(DEFER, *where, event.until, event.reason, event.attempt)

    async def _end(self, connection: "Connection", outcome: Outcome, delivery: Delivery[Outcome] | Delivery[Deferred]) -> None:
        where: tuple[UUID, int] = (outcome.item_id, outcome.item_revision)
        entry = await connection.fetchrow(ENTRY, *where)
        effective = OutcomeKind(entry["outcome"]) if entry and entry["outcome"] else None
        if entry and effective is outcome.outcome and entry["service"] == outcome.service:
            return
        if not takes_over(outcome.outcome, effective):
            weaker = (outcome.outcome.value, outcome.service, outcome.reason, outcome.ended_at)
            await connection.execute(AUDIT, *where, *weaker, effective.value if effective else "", delivery.now)
            return
        if entry and effective:
            before = (effective.value, entry["service"], entry["outcome_reason"], entry["ended_at"])
            await connection.execute(AUDIT, *where, *before, outcome.outcome.value, delivery.now)
        await connection.execute(END, *where, *_ending(outcome))


def _ref(item: Item) -> tuple[UUID, int]:
    return item.item_id, item.item_revision


def _item(item: Item) -> tuple[object, ...]:
    return (
        item.item_id,
        item.item_revision,
        item.feed_id,
        item.feed_url,
        item.feed_title,
        item.guid,
        item.hop.url_requested if item.hop else item.link,
        item.title,
        item.published_at,
        item.discovered_at,
        item.reason.value,
        item.lane.value,
    )


def _ending(outcome: Outcome) -> tuple[object, ...]:
    return (
        outcome.outcome.value,
        outcome.outcome.strength,
        outcome.service,
        outcome.reason,
        outcome.article_id,
        outcome.statements,
        outcome.validators.model_dump_json(exclude_none=True) if outcome.validators else None,
        outcome.discovered_at,
        outcome.ended_at,
        outcome.lane.value,
    )


def _detail(outcome: Outcome) -> dict[str, object]:
    found = {
        "outcome": outcome.outcome.value,
        "service": outcome.service,
        "reason": outcome.reason,
        "statements": outcome.statements,
    }
    return {name: value for name, value in found.items() if value is not None}
