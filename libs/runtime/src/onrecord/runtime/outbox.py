"""The transactional outbox: what a transaction publishes is a row of that transaction, and one relay sends it.

Never "write, then publish" nor the reverse. Rows are marked after the broker's acknowledgement; a record may go out twice,
with the same `ce_id`, and is never lost.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from onrecord.contracts import Outgoing
from onrecord.runtime.backoff import DATABASE, Backoff
from onrecord.runtime.produce import RecordTooLarge, Sender

OUTBOX_DDL = """
CREATE TABLE IF NOT EXISTS outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    key bytea NOT NULL,
    value bytea,
    header_names text[] NOT NULL,
    header_values bytea[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS outbox_refused (
    id bigint PRIMARY KEY,
    topic text NOT NULL,
    key bytea NOT NULL,
    value bytea,
    header_names text[] NOT NULL,
    header_values bytea[] NOT NULL,
    created_at timestamptz NOT NULL,
    reason text NOT NULL
);
"""
BATCH = 500
IDLE_S = 1.0  # the longest a row waits when its notification was lost
FOREVER_S = 365 * 86400.0  # a standby relay waits for the lock as long as the other lives
CHANNEL = "outbox"

Connection = asyncpg.Connection | PoolConnectionProxy

log = logging.getLogger(__name__)

INSERT = """
INSERT INTO outbox (topic, key, value, header_names, header_values) VALUES ($1, $2, $3, $4, $5)
"""

# The age by the database's own clock, which is the one that wrote `created_at`.
NEXT = """
SELECT *, extract(epoch FROM clock_timestamp() - created_at)::float8 AS age_s FROM outbox ORDER BY id LIMIT $1
"""

REFUSE = """
WITH gone AS (DELETE FROM outbox WHERE id = $1 RETURNING *)
INSERT INTO outbox_refused (id, topic, key, value, header_names, header_values, created_at, reason)
SELECT id, topic, key, value, header_names, header_values, created_at, $2 FROM gone
"""


async def add(connection: Connection, records: Sequence[Outgoing]) -> None:
    """Inside the caller's transaction, after it took the lock of its key, so that id order is commit order per key."""
    if not records:
        return
    rows = [(r.topic, r.key, r.value, [name for name, _ in r.headers], [value for _, value in r.headers]) for r in records]
    await connection.executemany(INSERT, rows)
    await connection.execute(f"SELECT pg_notify('{CHANNEL}_' || current_schema(), '')")


class Relay:
    """Sends every row that is there, in id order, and deletes it after the acknowledgement.

    A session lock makes it the only one per schema; whoever loses its session loses the lock with it.
    """

    def __init__(self, dsn: str, schema: str, sender: Sender, backoff: Backoff, outages: tuple[type[Exception], ...]) -> None:
        self._dsn = dsn
        self._schema = schema
        self._sender = sender
        self._backoff = backoff
        # The last is what asyncpg says of a session that the server ended in the middle of a query; this one has no other user.
        self._outages = (*outages, asyncpg.InternalClientError)
        self._wake = asyncio.Event()
        self._oldest_at: float | None = None

    @property
    def oldest_s(self) -> float:
        """Age of the oldest row of the batch in hand, which grows while a send hangs; 0 when there is none, or on standby."""
        return monotonic() - self._oldest_at if self._oldest_at is not None else 0.0

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._backoff.until_done(DATABASE, self._outages, self._session)

    async def _session(self) -> None:
        connection = await asyncpg.connect(self._dsn, server_settings={"search_path": self._schema})
        self._backoff.reached(DATABASE)  # a standby waits long for the lock, and that is no outage
        try:
            await connection.execute(
                "SELECT pg_advisory_lock(hashtextextended('outbox ' || current_schema(), 0))", timeout=FOREVER_S
            )
            await connection.add_listener(f"{CHANNEL}_{self._schema}", lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                if await self._send_batch(connection) < BATCH:
                    await self._idle()
        finally:
            self._oldest_at = None
            await connection.close(timeout=5)

    async def _send_batch(self, connection: asyncpg.Connection) -> int:
        rows = await connection.fetch(NEXT, BATCH)
        self._backoff.reached(DATABASE)
        self._oldest_at = monotonic() - max(row["age_s"] for row in rows) if rows else None
        if rows:
            try:
                await self._send(connection, rows)
            except RecordTooLarge:
                await self._send_each(connection, rows)
        return len(rows)

    async def _send(self, connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> None:
        await self._sender.send([_outgoing(row) for row in rows])
        await connection.execute("DELETE FROM outbox WHERE id = ANY($1::bigint[])", [row["id"] for row in rows])

    async def _send_each(self, connection: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> None:
        """One row that no broker takes must not hold back all others: it is set aside, where a person finds it."""
        for row in rows:
            try:
                await self._send(connection, [row])
            except RecordTooLarge as error:
                log.error("outbox row %d for %s set aside: %s", row["id"], row["topic"], error)
                await connection.execute(REFUSE, row["id"], error.reason)

    async def _idle(self) -> None:
        # Not wait_for: in Python 3.11 it drops a cancellation that meets the event, and the stop would wait for ever.
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE_S):
                await self._wake.wait()


def _outgoing(row: asyncpg.Record) -> Outgoing:
    headers = tuple(zip(row["header_names"], row["header_values"], strict=True))
    return Outgoing(row["topic"], row["key"], row["value"], headers)
