"""What all of the store's SQL shares."""

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]

SCHEMA = "store"
PACKAGE = "onrecord.store"

# What PostgreSQL can not hold (NUL in a text, a number out of range, an entry over an index's size): no retry mends it.
UNSTORABLE: tuple[type[Exception], ...] = (asyncpg.DataError, asyncpg.ProgramLimitExceededError)


async def lock_article(connection: "Connection", article_id: UUID) -> None:
    """Until the transaction ends. A statement of its own, so that the next one sees what the last holder committed."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", int.from_bytes(article_id.bytes[:8], "big", signed=True))


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
