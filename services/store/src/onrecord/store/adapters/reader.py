"""Reads for the API: statements, articles and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import asyncpg

from onrecord.contracts import Publisher, Revision, Statement
from onrecord.store.adapters import queries
from onrecord.store.adapters.postgres import SCHEMA
from onrecord.store.domain.answers import ArticleEntry, ArticleWithStatements, StatementEntry

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Pool


@dataclass(frozen=True, slots=True)
class StatementFilter:
    """Fields in the order of the query's parameters; `since` is inclusive, `until` is not."""

    speaker: str | None = None
    speaker_key: str | None = None
    outlet: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    q: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    outlet: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    url: str | None = None


class Position(NamedTuple):
    """Where a page ended; the next one starts after it."""

    at: datetime
    key: UUID


class Change(NamedTuple):
    """A place in the order of changes."""

    tx: int
    seq: int


class Changed(NamedTuple):
    change: Change
    active: bool
    entry: StatementEntry


BEGINNING = Change(0, 0)


def make_read_pool(dsn: str, *, size: int = 5, statement_timeout_ms: int = 5_000) -> "Pool":
    """Sessions that can not write and end a query that takes too long; QueryCanceledError says so. Enter it with
    `async with`, inside the running loop; it connects when first used."""
    return asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        server_settings={
            "search_path": f"{SCHEMA},public",
            "statement_timeout": str(statement_timeout_ms),
            "default_transaction_read_only": "on",
            "plan_cache_mode": "force_custom_plan",
            "timezone": "UTC",
        },
    )


class Reader:
    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def statements(self, wanted: StatementFilter, after: Position | None, limit: int) -> list[StatementEntry]:
        """Newest first."""
        rows = await self._pool.fetch(queries.STATEMENTS, *_values(wanted), *(after or (None, None)), limit)
        return [_statement(row) for row in rows]

    async def statement(self, statement_id: UUID) -> StatementEntry | None:
        row = await self._pool.fetchrow(queries.STATEMENT, statement_id)
        return _statement(row) if row else None

    async def articles(self, wanted: ArticleFilter, after: Position | None, limit: int) -> list[ArticleEntry]:
        rows = await self._pool.fetch(queries.ARTICLES, *_values(wanted), *(after or (None, None)), limit)
        return [ArticleEntry(**_article(row)) for row in rows]

    async def article(self, article_id: UUID) -> ArticleWithStatements | None:
        """Both in one snapshot, so that text and statements are of one revision."""
        async with self._pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            row = await connection.fetchrow(queries.ARTICLE, article_id)
            if row is None or row["status"] != "usable":
                return None
            statements = await connection.fetch(queries.STATEMENTS_OF_ARTICLE, article_id)
        return ArticleWithStatements(**_article(row), text=row["text"], statements=[_statement(found) for found in statements])

    async def changes(self, after: Change, limit: int) -> Sequence[Changed]:
        rows = await self._pool.fetch(queries.CHANGES, str(after.tx), after.seq, limit)
        return [Changed(_change(row), row["active"] and row["status"] == "usable", _statement(row)) for row in rows]

    async def head(self) -> Change:
        """The last change there is."""
        row = await self._pool.fetchrow(queries.HEAD)
        return _change(row) if row else BEGINNING


def _values(wanted: StatementFilter | ArticleFilter) -> tuple[object, ...]:
    return tuple(getattr(wanted, field.name) for field in fields(wanted))


def _change(row: asyncpg.Record) -> Change:
    return Change(int(row["tx"]), row["seq"])


def _statement(row: asyncpg.Record) -> StatementEntry:
    return StatementEntry(
        at=row["at"],
        first_stored_at=row["first_stored_at"],
        stored_at=row["stored_at"],
        retracted=row["retracted_reason"],
        replaced_by=row["replaced_by"],
        statement=Statement.model_validate_json(row["event"], extra="ignore"),
    )


def _article(row: asyncpg.Record) -> dict[str, object]:
    same = ("article_id", "version", "url", "canonical_url", "title", "language", "at", "text_sha256", "statement_count")
    more = ("item_id", "item_revision", "first_stored_at", "stored_at")
    return {
        **{name: row[name] for name in (*same, *more)},
        "publisher": Publisher(name=row["publisher_name"], domain=row["publisher_domain"]),
        "revision": Revision(fetched_at=row["fetched_at"], engine_release=row["engine_release"]),
    }
