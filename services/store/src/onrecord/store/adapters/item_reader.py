"""Reads for the ledger and for `why`: an item's whole path."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from onrecord.contracts import Revision
from onrecord.store.adapters import queries
from onrecord.store.domain.answers import ArticleArrival, Deferral, Hop, ItemLife, ItemPath, LedgerSummary, SupersededOutcome
from onrecord.store.domain.operations import DeadLetterEntry, FeedEntry, Feeds

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Pool

MAX_REVISIONS = 50  # an item changes a few times; a feed that bumps it for ever must not make an endless answer
MAX_HOPS = 500  # some ten records a revision
MAX_ITEMS = 20  # one address in that many feeds
PLAIN = (
    "item_id", "item_revision", "feed_id", "feed_url", "feed_title", "guid", "link", "title", "reason", "lane", "published_at",
    "discovered_at", "outcome", "service", "outcome_reason", "ended_at", "article_id", "statements",
)  # fmt: skip


class ItemReader:
    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def summary(self) -> LedgerSummary:
        rows = await self._pool.fetch(queries.LEDGER)
        return LedgerSummary(
            items_in=sum(row["items"] for row in rows),
            in_flight=sum(row["items"] for row in rows if row["outcome"] is None),
            deferred=sum(row["deferred"] for row in rows),
            outcomes={row["outcome"]: row["items"] for row in rows if row["outcome"] is not None},
        )

    async def dead_letters(self, limit: int) -> list[DeadLetterEntry]:
        """The newest first."""
        rows = await self._pool.fetch(queries.DEAD_LETTERS, limit)
        return [DeadLetterEntry(**{name: row[name] for name in DeadLetterEntry.model_fields}) for row in rows]

    async def feeds(self, limit: int) -> Feeds:
        """Those with the newest items first."""
        rows = await self._pool.fetch(queries.FEEDS, limit)
        plain = [name for name in FeedEntry.model_fields if name != "outcomes"]
        return Feeds(
            feeds=[FeedEntry(**{name: row[name] for name in plain}, outcomes=json.loads(row["outcomes"])) for row in rows],
            total=rows[0]["total"] if rows else 0,
        )

    async def by_url(self, url: str) -> list[ItemPath]:
        """Items whose link or whose article has this very address, the last seen first."""
        rows = await self._pool.fetch(queries.ITEMS_OF_URL, url, MAX_ITEMS)
        found = [await self.path(row["item_id"]) for row in rows]
        return [path for path in found if path is not None]

    async def path(self, item_id: UUID) -> ItemPath | None:
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            entries = await connection.fetch(queries.ITEM, item_id, MAX_REVISIONS)
            hops = await connection.fetch(queries.HOPS, item_id, MAX_HOPS)
            revisions = await connection.fetch(queries.REVISIONS_OF_ITEM, item_id, MAX_REVISIONS)
            audit = await connection.fetch(queries.AUDIT, item_id)
        # An article may be here before the ledger has seen its item.
        unlisted = {row["item_revision"] for row in (*hops, *revisions)} - {row["item_revision"] for row in entries}
        listed = [dict(row) for row in entries] + [{"item_id": item_id, "item_revision": number} for number in sorted(unlisted)]
        lives = [
            _life(entry, _of(hops, entry), _of(revisions, entry), _of(audit, entry))
            for entry in sorted(listed, key=lambda entry: int(entry["item_revision"]))
        ]
        return ItemPath(item_id=item_id, revisions=lives) if lives else None


def _of(rows: list[asyncpg.Record], entry: dict[str, Any]) -> list[asyncpg.Record]:
    return [row for row in rows if row["item_revision"] == entry["item_revision"]]


def _life(
    entry: dict[str, Any], hops: list[asyncpg.Record], revisions: list[asyncpg.Record], audit: list[asyncpg.Record]
) -> ItemLife:
    deferral = None
    if entry.get("deferred_until") and not entry.get("outcome"):
        deferral = Deferral(until=entry["deferred_until"], reason=entry["deferred_reason"], attempt=entry["deferred_attempt"])
    return ItemLife(
        **{name: entry.get(name) for name in PLAIN},
        deferred=deferral,
        trace_ids=list(dict.fromkeys(row["trace_id"] for row in hops if row["trace_id"])),
        hops=[_hop(row) for row in hops],
        articles=[_arrival(row) for row in revisions],
        superseded_outcomes=[
            SupersededOutcome(**{name: row[name] for name in SupersededOutcome.model_fields if name in row}) for row in audit
        ],
    )


def _hop(row: asyncpg.Record) -> Hop:
    same = ("topic", "subject", "url", "occurred_at", "recorded_at", "seen_at")
    return Hop(
        **{name: row[name] for name in same},
        type=row["ce_type"],
        source=row["ce_source"],
        trace_id=row["trace_id"] or None,
        event_id=row["ce_id"],
        detail=json.loads(row["detail"]),
    )


def _arrival(row: asyncpg.Record) -> ArticleArrival:
    same = ("article_id", "expected", "arrived", "complete", "outcome", "arrived_at", "closed_at")
    revision = Revision(fetched_at=row["fetched_at"], engine_release=row["engine_release"])
    return ArticleArrival(**{name: row[name] for name in same}, revision=revision)
