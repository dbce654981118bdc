"""A service and its schema are of one release, or the service does not start."""

import asyncio
import os
import subprocess
import sys
from contextlib import suppress

import asyncpg
import pytest

from integration.runtime.newswire import PARTITIONS
from onrecord.cli.embedded import EmbeddedPostgres
from onrecord.runtime.backoff import DATABASE, Backoff
from onrecord.runtime.database import SchemaTooNew, SchemaTooOld, migrate, migrations, require_schema
from onrecord.runtime.errors import StartRefused

pytestmark = pytest.mark.database

SCHEMA, PACKAGE = "feed", "onrecord.feed"
NEWEST = migrations(PACKAGE)[-1][0]
START_LIMIT_S = 30


async def note(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_schema_of_this_release_is_taken(fresh_dsn: str) -> None:
    assert await migrate(fresh_dsn, SCHEMA, PACKAGE) == NEWEST
    await require_schema(fresh_dsn, SCHEMA, PACKAGE, Backoff())


async def test_a_schema_that_lacks_a_migration_is_refused_and_its_remedy_named(fresh_dsn: str) -> None:
    refusal = rf"^schema feed is at {NEWEST - 1}, this release needs {NEWEST}: run `onrecord db migrate`$"
    await migrate(fresh_dsn, SCHEMA, PACKAGE)
    await note(fresh_dsn, f"DELETE FROM feed.migrations WHERE number = {NEWEST}")
    with pytest.raises(SchemaTooOld, match=refusal):
        await require_schema(fresh_dsn, SCHEMA, PACKAGE, Backoff())


async def test_no_schema_at_all_is_an_old_one(fresh_dsn: str) -> None:
    with pytest.raises(SchemaTooOld, match=r"is at 0, .*run `onrecord db migrate`"):
        await require_schema(fresh_dsn, SCHEMA, PACKAGE, Backoff())


async def test_a_schema_of_a_later_release_is_refused(fresh_dsn: str) -> None:
    await migrate(fresh_dsn, SCHEMA, PACKAGE)
    await note(fresh_dsn, f"INSERT INTO feed.migrations VALUES ({NEWEST + 1})")
    with pytest.raises(SchemaTooNew, match=rf"is at {NEWEST + 1}, this release knows {NEWEST}: .*`onrecord db migrate`"):
        await require_schema(fresh_dsn, SCHEMA, PACKAGE, Backoff())
    with pytest.raises(SchemaTooNew):
        await migrate(fresh_dsn, SCHEMA, PACKAGE)


@pytest.mark.parametrize("dsn", ["mysql://u:hidden@h/d", "postgresql://u:hid/den@h/d"])
async def test_what_is_no_dsn_is_said_without_showing_it(dsn: str) -> None:
    with pytest.raises(StartRefused, match=r"^the database address of feed is not a PostgreSQL DSN$"):
        await require_schema(dsn, SCHEMA, PACKAGE, Backoff())


async def test_it_waits_for_a_database_that_is_away(new_postgres: EmbeddedPostgres) -> None:
    dsn = new_postgres.start()
    await migrate(dsn, SCHEMA, PACKAGE)
    await asyncio.to_thread(new_postgres.stop)
    away: list[float] = []

    async def start_again(_: float) -> None:
        away.append(backoff.away_s(DATABASE))
        if len(away) == 2:
            await asyncio.to_thread(new_postgres.start)

    backoff = Backoff(start_again)
    await require_schema(dsn, SCHEMA, PACKAGE, backoff)
    assert 0 < away[0] < away[1]
    assert backoff.away_s(DATABASE) == 0


@pytest.mark.kafka
@pytest.mark.broker
async def test_a_service_without_its_schema_exits_with_one_line(wire: str, fresh_dsn: str) -> None:
    for service in ("feed", "store"):
        code, lines = await started(service, wire, fresh_dsn)
        assert (code, len(lines)) == (1, 1), lines
        assert f"{service} can not start: schema {service} is at 0" in lines[0]
        assert "run `onrecord db migrate`" in lines[0]


async def started(service: str, bootstrap: str, dsn: str) -> tuple[int | None, list[str]]:
    """The exit code and what was said."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    given = {"KAFKA_BOOTSTRAP": bootstrap, "PARTITIONS": str(PARTITIONS), f"{service.upper()}_DATABASE": dsn}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"onrecord.{service}.main",
        env={**environ, **{f"ONRECORD_{name}": value for name, value in given.items()}},
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = await asyncio.wait_for(process.communicate(), START_LIMIT_S)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return process.returncode, said.decode().splitlines()
