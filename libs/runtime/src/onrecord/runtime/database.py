"""PostgreSQL for services that own a schema: one pool, numbered migrations, and what counts as an outage."""

import re
from functools import partial
from importlib.resources import files

import asyncpg

from onrecord.runtime.backoff import DATABASE, Backoff
from onrecord.runtime.errors import StartRefused
from onrecord.runtime.outbox import OUTBOX_DDL

MIGRATION_LOCK = 0x6F6E7265  # "onre": every service's migrations take turns
FILE = re.compile(r"(\d{4})_\w+\.sql")
STATEMENT_TIMEOUT_MS = 60_000
CHECK_LIMIT_S = 10.0  # of each step of the check at start: a hanging one is tried again

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


class SchemaTooNew(StartRefused):
    """The database was migrated by a later release; this one must not touch it."""


class SchemaTooOld(StartRefused):
    """The database lacks migrations of this release."""


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


async def require_schema(dsn: str, schema: str, package: str, backoff: Backoff) -> None:
    """Returns when the schema has exactly the migrations of `package`; waits while the database is away.

    Raises SchemaTooNew, SchemaTooOld, and StartRefused for a DSN that is none.
    """
    at = await backoff.until_done(DATABASE, OUTAGES, partial(_version, dsn, schema))
    known = _newest(package)
    if at > known:
        raise SchemaTooNew(f"{_too_new(schema, at, known)}: start the release whose `onrecord db migrate` brought it there")
    if at < known:
        raise SchemaTooOld(f"schema {schema} is at {at}, this release needs {known}: run `onrecord db migrate`")


async def _version(dsn: str, schema: str) -> int:
    """0 for a schema that is not there."""
    try:
        connection = await asyncpg.connect(
            dsn, command_timeout=CHECK_LIMIT_S, timeout=CHECK_LIMIT_S, server_settings={"search_path": schema}
        )
    except ValueError:
        # Not chained and not quoted: the text may hold the password.
        raise StartRefused(f"the database address of {schema} is not a PostgreSQL DSN") from None
    try:
        if await connection.fetchval("SELECT to_regclass('migrations')") is None:
            return 0
        found: int = await connection.fetchval("SELECT coalesce(max(number), 0) FROM migrations")
        return found
    finally:
        await connection.close(timeout=CHECK_LIMIT_S)


def _newest(package: str) -> int:
    known = migrations(package)
    return known[-1][0] if known else 0


def _too_new(schema: str, at: int, known: int) -> str:
    return f"schema {schema} is at {at}, this release knows {known}"


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
        if version > _newest(package):
            raise SchemaTooNew(_too_new(schema, version, _newest(package)))
        for number, sql in known:
            if number > version:
                async with connection.transaction():
                    await connection.execute(sql)
                    await connection.execute("INSERT INTO migrations (number) VALUES ($1)", number)
        return _newest(package)
    finally:
        await connection.close()
