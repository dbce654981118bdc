"""Feeds and their items in PostgreSQL: claims that two replicas never share, and one transaction per poll."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from onrecord.contracts import Item, Outgoing, header_map, ids
from onrecord.runtime import outbox

CLAIM = """
UPDATE feeds SET leased_until = $1::timestamptz + $2, fence = fence + 1
WHERE feed_id = (
    SELECT feed_id FROM feeds
    WHERE NOT stopped AND next_poll_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
    ORDER BY next_poll_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING *
"""
SAVE = """
UPDATE feeds SET poll_url = $3, title = coalesce($4, title), language = coalesce($5, language), etag = $6, last_modified = $7,
    body_sha256 = coalesce($8, body_sha256), schedule = $9, health = $10, polls = polls + 1, last_polled_at = $11,
    last_result = $12, last_detail = $13, next_poll_at = $14, stopped = $15, leased_until = NULL
WHERE feed_id = $1 AND fence = $2
"""
KNOWN = "SELECT * FROM items WHERE feed_id = $1 AND (identity = ANY($2::text[]) OR link = ANY($3::text[]))"
UPSERT_ITEM = """
INSERT INTO items (item_id, feed_id, identity, link, content_hash, revision, published_at, first_seen_at, last_seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (item_id) DO UPDATE SET link = excluded.link, content_hash = excluded.content_hash, revision = excluded.revision,
    last_seen_at = excluded.last_seen_at
"""
START = """
INSERT INTO in_flight (item_id, item_revision, event, deadline, traceparent) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


class LeaseLost(Exception):
    """Another replica claimed the feed meanwhile: nothing of this poll may be written."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    feed_id: UUID
    url: str
    poll_url: str
    title: str | None
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    min_interval_s: float
    schedule: dict[str, Any]
    health: dict[str, Any]
    polls: int
    fence: int
    last_polled_at: datetime | None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What a poll leaves in the feed's row."""

    poll_url: str
    title: str | None
    language: str | None
    etag: str | None
    last_modified: str | None
    body_sha256: str | None
    schedule: dict[str, Any]
    health: dict[str, Any]
    polled_at: datetime
    result: str
    detail: str | None
    next_poll_at: datetime
    stopped: bool


@dataclass(frozen=True, slots=True)
class SeenItem:
    """An item as it is remembered."""

    item_id: UUID
    identity: str
    link: str
    content_hash: str
    revision: int
    published_at: datetime | None


class FeedRows:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, url: str, *, min_interval_s: float, now: datetime) -> UUID:
        """Registers a feed, due at once; a known one is started again when it was stopped."""
        feed = ids.feed_id(url)
        await self._pool.execute(
            """INSERT INTO feeds (feed_id, url, poll_url, min_interval_s, next_poll_at, added_at) VALUES ($1, $2, $2, $3, $4, $4)
            ON CONFLICT (feed_id) DO UPDATE SET stopped = false, min_interval_s = excluded.min_interval_s,
                next_poll_at = CASE WHEN feeds.stopped THEN excluded.next_poll_at
                    ELSE least(feeds.next_poll_at, coalesce(feeds.last_polled_at, excluded.added_at)
                        + make_interval(secs => excluded.min_interval_s)) END""",
            feed,
            url,
            min_interval_s,
            now,
        )
        return feed

    async def remove(self, url: str) -> bool:
        """Stops polling; what was published stays. False for an unknown feed."""
        done: str = await self._pool.execute("UPDATE feeds SET stopped = true WHERE url = $1", url)
        return done.endswith(" 1")

    async def all(self) -> list[asyncpg.Record]:
        return await self._pool.fetch(
            "SELECT url, title, stopped, polls, last_polled_at, last_result, last_detail, next_poll_at FROM feeds ORDER BY url"
        )

    async def claim(self, now: datetime, lease: timedelta) -> FeedRow | None:
        row = await self._pool.fetchrow(CLAIM, now, lease)
        if row is None:
            return None
        fields = {name: row[name] for name in FeedRow.__slots__}
        return FeedRow(**{**fields, "schedule": json.loads(row["schedule"]), "health": json.loads(row["health"])})

    async def next_due(self) -> datetime | None:
        due: datetime | None = await self._pool.fetchval(
            "SELECT min(greatest(next_poll_at, coalesce(leased_until, next_poll_at))) FROM feeds WHERE NOT stopped"
        )
        return due

    async def known(self, feed: UUID, *, identities: Iterable[str], links: Iterable[str]) -> list[SeenItem]:
        """The feed's remembered items with one of the identities or one of the links."""
        rows = await self._pool.fetch(KNOWN, feed, list(identities), list(links))
        return [SeenItem(**{name: row[name] for name in SeenItem.__slots__}) for row in rows]

    async def save(
        self,
        feed: FeedRow,
        record: PollRecord,
        *,
        seen: Sequence[SeenItem] = (),
        emitted: Sequence[tuple[Item, Outgoing]] = (),
        deadline: datetime | None = None,
    ) -> None:
        """Feed state, items, items in flight and their outbox rows in one transaction; raises LeaseLost."""
        async with self._pool.acquire() as connection, connection.transaction():
            done = await connection.execute(SAVE, feed.feed_id, feed.fence, *_columns(record))
            if not done.endswith(" 1"):
                raise LeaseLost(feed.url)
            await connection.executemany(
                UPSERT_ITEM,
                [
                    (i.item_id, feed.feed_id, i.identity, i.link, i.content_hash, i.revision, i.published_at, record.polled_at)
                    for i in seen
                ],
            )
            flights = [(i.item_id, i.item_revision, i.data_json(), deadline, _trace(record)) for i, record in emitted]
            await connection.executemany(START, flights)
            await outbox.add(connection, [outgoing for _, outgoing in emitted])


def _trace(record: Outgoing) -> str | None:
    """Where the life that this record begins has its start."""
    return header_map(record.headers).get("ce_traceparent")


def _columns(record: PollRecord) -> tuple[Any, ...]:
    return (
        record.poll_url,
        record.title,
        record.language,
        record.etag,
        record.last_modified,
        record.body_sha256,
        json.dumps(record.schedule),
        json.dumps(record.health),
        record.polled_at,
        record.result,
        record.detail,
        record.next_poll_at,
        record.stopped,
    )
