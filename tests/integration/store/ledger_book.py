"""What the store's tables and outbox say, in terms of the newsroom."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import asyncpg

from onrecord.contracts import Event, Outcome, StatementCorrected, StatementRetracted, decode, topics

COUNTED = ("articles", "article_revisions", "statements", "statement_arrivals", "ledger", "ledger_audit", "hops", "outbox")


@dataclass(frozen=True)
class Sent:
    topic: str
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class Book:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def sent(self) -> list[Sent]:
        rows = await self.pool.fetch("SELECT * FROM outbox ORDER BY id")
        return [
            Sent(row["topic"], row["key"], row["value"], tuple(zip(row["header_names"], row["header_values"], strict=True)))
            for row in rows
        ]

    async def outcomes(self) -> list[Outcome]:
        return [event for event in await self._events(topics.OUTCOME.name) if isinstance(event, Outcome)]

    async def kinds(self) -> list[str]:
        return [str(outcome.outcome) for outcome in await self.outcomes()]

    async def latest(self) -> dict[str, Any]:
        """statement_id to the current event, None where it was removed: what a compacted topic's reader ends with."""
        return {
            record.key.decode(): decode(record) if record.value is not None else None
            for record in await self.sent()
            if record.topic == topics.STATEMENT_LATEST.name
        }

    async def latest_count(self) -> int:
        return sum(record.topic == topics.STATEMENT_LATEST.name for record in await self.sent())

    async def corrected(self) -> list[StatementCorrected]:
        return [event for event in await self._events(topics.STATEMENT.name) if isinstance(event, StatementCorrected)]

    async def retracted(self) -> list[StatementRetracted]:
        return [event for event in await self._events(topics.STATEMENT.name) if isinstance(event, StatementRetracted)]

    async def texts(self) -> set[str]:
        return {row["text"] for row in await self.pool.fetch("SELECT text FROM statements WHERE active")}

    async def article(self) -> asyncpg.Record:
        row = await self.pool.fetchrow("SELECT * FROM articles")
        assert row is not None
        return row

    async def everything(self) -> dict[str, Counter[str]]:
        """Every row of every table with its row version: equal before and after means that nothing was written."""
        return {
            table: Counter(
                row["r"] for row in await self.pool.fetch(f"SELECT xmin::text || ctid::text || t::text AS r FROM {table} t")
            )
            for table in COUNTED
        }

    async def _events(self, topic: str) -> list[Event]:
        found = [decode(record) for record in await self.sent() if record.topic == topic]
        return [event for event in found if isinstance(event, Event)]
