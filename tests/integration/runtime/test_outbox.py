"""The outbox and its relay on a real PostgreSQL; the broker is a fake that acknowledges, or does not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
import pytest

from onrecord.contracts import Outgoing
from onrecord.runtime import outbox
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.catalogue import OUTBOX_AGE, OUTBOX_UNSENT
from onrecord.runtime.database import OUTAGES, make_pool
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.outbox import BATCH, OUTBOX_DDL, Relay
from onrecord.runtime.produce import RecordTooLarge
from onrecord.runtime.watch import outbox_watch

pytestmark = pytest.mark.database

SCHEMA = "desk"
LIMIT_S = 20
LOCK_HOLDERS = """
SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
WHERE locktype = 'advisory' AND granted AND datname = current_database()
"""
LOCK_WAITERS = LOCK_HOLDERS.replace("AND granted", "AND NOT granted")


class Wire:
    """Keeps what it is sent. `hold` makes it wait before the acknowledgement, `failures` are raised one a call."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.failures: list[Exception] = []
        self.refused: bytes | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self._changed = asyncio.Condition()
        self.calls = 0

    async def send(self, records: Sequence[Outgoing]) -> None:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        if any(record.value == self.refused for record in records if self.refused):
            raise RecordTooLarge("too large")
        async with self._changed:
            self._changed.notify_all()
        await self.hold.wait()
        async with self._changed:
            self.sent += records
            self._changed.notify_all()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(LIMIT_S), self._changed:
            await self._changed.wait_for(lambda: len(self.sent) >= count)

    async def until_called(self) -> None:
        async with asyncio.timeout(LIMIT_S), self._changed:
            await self._changed.wait_for(lambda: self.calls > 0)


@pytest.fixture
async def desk(fresh_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_dsn, server_settings={"search_path": SCHEMA})
    await connection.execute(f"CREATE SCHEMA {SCHEMA}")
    await connection.execute(OUTBOX_DDL)
    yield connection
    await connection.close()


async def no_wait(_: float) -> None:
    await asyncio.sleep(0)


def relay_of(dsn: str, wire: Wire) -> Relay:
    return Relay(dsn, SCHEMA, wire, Backoff(no_wait), OUTAGES)


@asynccontextmanager
async def relaying(dsn: str, wire: Wire) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(relay_of(dsn, wire).run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def record(number: int, key: bytes = b"k") -> Outgoing:
    return Outgoing("onrecord.item.v1", key, f"{number}".encode(), (("ce_id", str(number).encode()), ("odd", b"\xff\x00")))


async def rows(connection: asyncpg.Connection) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM outbox")
    return found


async def polled(connection: asyncpg.Connection, query: str, wanted: int) -> list[int]:
    """The process ids that the query gives, once there are as many as wanted."""
    async with asyncio.timeout(LIMIT_S):
        while len(found := await connection.fetch(query)) != wanted:
            continue
    return [row["pid"] for row in found]


async def emptied(connection: asyncpg.Connection) -> None:
    async with asyncio.timeout(LIMIT_S):
        while await rows(connection):
            continue


async def test_rows_go_out_when_their_transaction_is_committed(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    async with relaying(fresh_dsn, wire):
        await polled(desk, LOCK_HOLDERS, 1)
        transaction = desk.transaction()
        await transaction.start()
        await outbox.add(desk, [record(1), record(2)])
        assert wire.calls == 0
        await transaction.commit()
        await wire.until(2)
        await emptied(desk)
    assert wire.sent == [record(1), record(2)]


async def test_nothing_goes_out_of_a_transaction_that_was_rolled_back(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    async with relaying(fresh_dsn, wire):
        transaction = desk.transaction()
        await transaction.start()
        await outbox.add(desk, [record(1)])
        await transaction.rollback()
        await outbox.add(desk, [record(2)])
        await wire.until(1)
        await emptied(desk)
    assert wire.sent == [record(2)]


async def test_a_tombstone_stays_one(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    gone = Outgoing("onrecord.statement.latest.v1", b"k", None, ())
    await outbox.add(desk, [gone])
    await outbox.add(desk, [])
    async with relaying(fresh_dsn, wire):
        await wire.until(1)
    assert wire.sent == [gone]


async def test_batches_keep_the_order_of_the_rows(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    count = 2 * BATCH + 7
    for start in range(0, count, 100):
        async with desk.transaction():
            await outbox.add(desk, [record(number) for number in range(start, min(start + 100, count))])
    async with relaying(fresh_dsn, wire):
        await wire.until(count)
        await emptied(desk)
    assert [int(sent.value or b"-1") for sent in wire.sent] == list(range(count))


async def test_rows_without_an_acknowledgement_stay(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    wire.hold.clear()
    await outbox.add(desk, [record(1)])
    async with relaying(fresh_dsn, wire):
        await wire.until_called()
        assert await rows(desk) == 1
    assert await rows(desk) == 1
    wire.hold.set()
    async with relaying(fresh_dsn, wire):
        await wire.until(1)
        await emptied(desk)


async def test_the_relay_outlives_its_database_session(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    async with relaying(fresh_dsn, wire) as task:
        for number in range(3):
            [pid] = await polled(desk, LOCK_HOLDERS, 1)
            await desk.execute("SELECT pg_terminate_backend($1)", pid)
            await outbox.add(desk, [record(number)])
            await wire.until(number + 1)
            await emptied(desk)
        assert not task.done()
    assert [sent.value for sent in wire.sent] == [b"0", b"1", b"2"]


async def test_a_failed_send_is_done_again(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    wire.failures = [OSError("away"), TimeoutError()]
    await outbox.add(desk, [record(1), record(2)])
    async with relaying(fresh_dsn, wire):
        await wire.until(2)
        await emptied(desk)
    assert wire.sent == [record(1), record(2)]


async def test_of_two_relays_one_sends_and_the_other_takes_over(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    first, second = Wire(), Wire()
    async with relaying(fresh_dsn, second) as standby:
        [pid] = await polled(desk, LOCK_HOLDERS, 1)
        async with relaying(fresh_dsn, first):
            await polled(desk, LOCK_WAITERS, 1)
            await outbox.add(desk, [record(1)])
            await second.until(1)
            await emptied(desk)
            assert first.calls == 0
            standby.cancel()
            await asyncio.gather(standby, return_exceptions=True)
            [other] = await polled(desk, LOCK_HOLDERS, 1)
            assert other != pid
            await outbox.add(desk, [record(2)])
            await first.until(1)
            await emptied(desk)
    assert (first.sent, second.sent) == ([record(2)], [record(1)])


async def test_a_row_too_large_to_send_is_set_aside_and_seen(desk: asyncpg.Connection, fresh_dsn: str) -> None:
    wire = Wire()
    wire.refused = b"2"
    await outbox.add(desk, [record(1), record(2), record(3)])
    async with relaying(fresh_dsn, wire) as task:
        await wire.until(2)
        await outbox.add(desk, [record(4)])
        await wire.until(3)
        await emptied(desk)
        assert not task.done()
    assert [sent.value for sent in wire.sent] == [b"1", b"3", b"4"]
    [left] = await desk.fetch("SELECT * FROM outbox_refused")
    assert (left["value"], left["reason"]) == (b"2", "message_too_large")
    assert dict(zip(left["header_names"], left["header_values"], strict=True)) == dict(record(2).headers)


async def test_the_age_of_the_oldest_row_grows_while_a_send_hangs_and_is_nothing_on_standby(
    desk: asyncpg.Connection, fresh_dsn: str
) -> None:
    wire, metrics = Wire(), Metrics()
    wire.hold.clear()
    relay, standby = relay_of(fresh_dsn, wire), relay_of(fresh_dsn, Wire())
    async with make_pool(fresh_dsn, SCHEMA) as pool:
        watch = outbox_watch(metrics, pool, relay)
        await outbox.add(desk, [record(1)])
        await desk.execute("UPDATE outbox SET created_at = now() - interval '90 s'")
        tasks = [asyncio.create_task(relay.run())]
        try:
            await wire.until_called()
            tasks.append(asyncio.create_task(standby.run()))
            await polled(desk, LOCK_WAITERS, 1)
            await outbox.add(desk, [record(number) for number in range(2, BATCH + 9)])
            await watch.look()
            before = shown(metrics)
            assert before[OUTBOX_UNSENT.name] == BATCH + 8
            assert 90 <= before[OUTBOX_AGE.name] < shown(metrics)[OUTBOX_AGE.name]
            assert standby.oldest_s == 0
            wire.hold.set()
            await emptied(desk)
            await watch.look()
            assert shown(metrics)[OUTBOX_UNSENT.name] == 0
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        assert shown(metrics)[OUTBOX_AGE.name] == 0


def shown(metrics: Metrics) -> dict[str, float]:
    return {metric.name: value for metric, gauge in metrics.gauges for _, value in gauge()}
