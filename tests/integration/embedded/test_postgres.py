import asyncio
from pathlib import Path

import asyncpg
import pytest

from onrecord.cli.embedded import EmbeddedPostgres, PortTaken
from onrecord.cli.embedded.server import command_line

pytestmark = pytest.mark.database


async def value(dsn: str, sql: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_rows_outlive(new_postgres: EmbeddedPostgres, end: str) -> None:
    before = await asyncio.to_thread(new_postgres.start)
    await value(before, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    await asyncio.to_thread(new_postgres.stop if end == "stop" else new_postgres.kill)
    after = await asyncio.to_thread(new_postgres.start)
    assert after == before
    assert await value(after, "SELECT sum(number) FROM kept") == 500_500


def test_a_stop_leaves_no_process(new_postgres: EmbeddedPostgres) -> None:
    new_postgres.start()
    pid = new_postgres.pid
    assert pid is not None
    assert str(new_postgres.folder) in command_line(pid)
    new_postgres.stop()
    assert command_line(pid) == ""


async def test_it_is_the_pinned_major_in_utf8(postgres: EmbeddedPostgres) -> None:
    assert str(await value(postgres.dsn, "SHOW server_version")).startswith("18.")
    assert await value(postgres.dsn, "SHOW server_encoding") == "UTF8"
    assert await value(postgres.dsn, "SELECT lower('ÄÉ')") == "äé"


async def test_a_wrong_password_is_refused(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.dsn, password="guess")


def test_the_password_is_the_owner_s_alone(postgres: EmbeddedPostgres) -> None:
    assert (postgres.folder / "password").stat().st_mode & 0o077 == 0
    assert len((postgres.folder / "password").read_text()) >= 32


def test_the_server_has_no_superuser_s_rights_on_the_machine(postgres: EmbeddedPostgres) -> None:
    assert postgres.pid is not None
    assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0


async def test_a_fresh_database_is_empty_and_apart(postgres: EmbeddedPostgres, fresh_dsn: str) -> None:
    await value(fresh_dsn, "CREATE TABLE mine (a int)")
    count = "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'"
    assert (await value(fresh_dsn, count), await value(postgres.dsn, count)) == (1, 0)


def test_an_interrupted_initdb_is_done_again(new_postgres: EmbeddedPostgres) -> None:
    part = new_postgres.folder / "data.part"
    part.mkdir(parents=True)
    (part / "PG_VERSION").write_text("18")
    (new_postgres.folder / "password").write_text("left over")
    new_postgres.start()
    assert not part.exists()
    assert asyncio.run(value(new_postgres.dsn, "SELECT 1")) == 1


def test_a_pid_file_that_names_another_program_does_not_hinder(new_postgres: EmbeddedPostgres) -> None:
    new_postgres.start()
    new_postgres.kill()
    left = new_postgres.folder / "data/postmaster.pid"
    lines = left.read_text().split("\n")
    left.write_text("\n".join(["1", *lines[1:]]))  # as in a container, whose first process gets a new life
    new_postgres.start()
    assert asyncio.run(value(new_postgres.dsn, "SELECT 1")) == 1


def test_a_port_asked_for_that_is_taken_is_said(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    port = int(postgres.dsn.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(PortTaken):
        EmbeddedPostgres(tmp_path / "second", port=port).start()
