"""PostgreSQL for services that own a schema: one pool, numbered migrations, and what counts as an outage."""

import re
from importlib.resources import files

import asyncpg

from onrecord.runtime.outbox import OUTBOX_DDL

MIGRATION_LOCK = 0x6F6E7265  # "onre": every service's migrations take turns
FILE = re.compile(r"(\d{4})_\w+\.sql")
STATEMENT_TIMEOUT_MS = 60_000

OUTAGES: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
)


class SchemaTooNew(Exception):
    """The database was migrated by a later release; this one must not touch it."""


def make_pool(dsn: str, schema: str, *, size: int = 10) -> asyncpg.Pool:
    """A pool whose sessions live in `schema`, to be entered with `async with`; connects when first used, so that a service
    starts before its database. Call it inside the running loop."""
    return asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=size,
        command_timeout=STATEMENT_TIMEOUT_MS / 1000,
        server_settings={"search_path": f"{schema},public", "statement_timeout": str(STATEMENT_TIMEOUT_MS), "timezone": "UTC"},
    )


def migrations(package: str) -> list[tuple[int, str]]:
    """(number, SQL) of `<package>/migrations/NNNN_name.sql`, in order."""
    folder = files(package) / "migrations"
    found = [
        (int(match[1]), entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if (match := FILE.fullmatch(entry.name))
    ]
    return sorted(found)


async def migrate(dsn: str, schema: str, package: str) -> int:
    """Applies what is new, each in its own transaction; returns the schema's version. Raises SchemaTooNew."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        await connection.execute(f'SET search_path TO "{schema}", public')
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, applied_at timestamptz DEFAULT now())"
        )
        await connection.execute(OUTBOX_DDL)
        version: int = await connection.fetchval("SELECT coalesce(max(number), 0) FROM migrations")
        known = migrations(package)
        if version > (known[-1][0] if known else 0):
            raise SchemaTooNew(f"schema {schema} is at {version}, this release knows {known[-1][0] if known else 0}")
        for number, sql in known:
            if number > version:
                async with connection.transaction():
                    await connection.execute(sql)
                    await connection.execute("INSERT INTO migrations (number) VALUES ($1)", number)
        return known[-1][0] if known else 0
    finally:
        await connection.close()
