"""The current statements in SQLite, whatever order records come in: `python idempotent_consumer.py BOOTSTRAP DATABASE`."""

import asyncio
import sqlite3
import sys

from aiokafka import AIOKafkaConsumer

from onrecord.contracts import (
    KafkaRecord,
    RetractionReason,
    Statement,
    StatementCorrected,
    StatementRetracted,
    Tombstone,
    Undecodable,
    decode,
)

TOPICS = ("onrecord.statement.v1", "onrecord.statement.v1.backfill", "onrecord.statement.latest.v1")
TABLE = """CREATE TABLE IF NOT EXISTS statement (statement_id TEXT PRIMARY KEY, taken_down INTEGER NOT NULL,
    fetched_at TEXT NOT NULL, engine_release INTEGER NOT NULL, strength INTEGER NOT NULL, body TEXT)"""
# The greatest row wins, so order and redelivery can not matter; body is null where the statement is gone.
UPSERT = """INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (statement_id) DO UPDATE SET
    taken_down = excluded.taken_down, fetched_at = excluded.fetched_at, engine_release = excluded.engine_release,
    strength = excluded.strength, body = excluded.body
    WHERE (excluded.taken_down, excluded.fetched_at, excluded.engine_release, excluded.strength)
        > (statement.taken_down, statement.fetched_at, statement.engine_release, statement.strength)"""
EXTRACTED, CORRECTED, GONE = 0, 1, 2  # of one revision, the later word counts


def apply(database: sqlite3.Connection, record: KafkaRecord) -> None:
    event = decode(record)
    if isinstance(event, Statement):
        strength = CORRECTED if isinstance(event, StatementCorrected) else EXTRACTED
        row = (str(event.statement_id), False, *event.revision.fields, strength, event.data_json().decode())
        database.execute(UPSERT, row)
    elif isinstance(event, StatementRetracted):
        taken_down = event.reason is RetractionReason.taken_down
        database.execute(UPSERT, (str(event.statement_id), taken_down, *event.revision.fields, GONE, None))
    elif isinstance(event, Tombstone) and event.revision:
        taken_down = event.reason is RetractionReason.taken_down
        database.execute(UPSERT, (event.key, taken_down, *event.revision.fields, GONE, None))
    elif isinstance(event, Tombstone):  # a null of another writer, without a revision: what is held now is gone
        database.execute("UPDATE statement SET body = NULL WHERE statement_id = ?", (event.key,))


async def follow(bootstrap: str, database: sqlite3.Connection) -> None:
    database.execute(TABLE)
    group = {"group_id": "my-statements", "enable_auto_commit": False, "auto_offset_reset": "earliest"}
    async with AIOKafkaConsumer(*TOPICS, bootstrap_servers=bootstrap, **group) as consumer:
        while True:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                for record in records:
                    try:
                        apply(database, record)
                    except Undecodable as error:
                        print(f"{record.topic}[{record.partition}]@{record.offset}: {error.reason}: {error}", file=sys.stderr)
            database.commit()
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(follow(sys.argv[1], sqlite3.connect(sys.argv[2])))
