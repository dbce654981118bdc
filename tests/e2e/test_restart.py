"""Stopping and starting again: nothing is lost, nothing is asked for twice, nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newspapers import Scale

from e2e.processes import processes_of, wait_for_line
from e2e.world import World, quiesce, started

pytestmark = [pytest.mark.e2e, pytest.mark.kafka, pytest.mark.timeout(300), pytest.mark.usefixtures("apache_kafka")]

ITEMS = 12
QUIET_LIMIT_S = 120.0
FIRST_STATEMENT_LIMIT_S = 120.0
STOP_LIMIT_S = 20.0  # what a person who presses Ctrl-C is promised
FREE_PAPERS = Path(__file__).with_name("serve_on_free_ports.py")
TABLES = {
    "feed": ("items", "feeds"),
    "store": ("ledger", "articles", "article_revisions", "statements", "hops", "ledger_audit"),
}


async def kept(world: World) -> dict[str, int]:
    """Rows per table."""
    pools = {"feed": world.feed, "store": world.store}
    counts = {f"{schema}.{table}": f"SELECT count(*) FROM {table}" for schema, tables in TABLES.items() for table in tables}
    return {name: await pools[name.split(".")[0]].fetchval(query) for name, query in counts.items()}


async def test_a_second_start_keeps_everything_and_fetches_nothing(tmp_path: Path) -> None:
    papers = Scale(2, 3, ITEMS, lambda: datetime.now(UTC))
    await papers.start()
    try:
        async with started(tmp_path, papers, {}) as world:
            await quiesce(world, QUIET_LIMIT_S, since=datetime.now(UTC))
            first = await kept(world)
        assert first["store.ledger"] == ITEMS
        assert first["store.statements"] > ITEMS
        asked_before = len(papers.asked)
        async with started(tmp_path, papers, {}) as world:
            await quiesce(world, QUIET_LIMIT_S, since=datetime.now(UTC))
            assert await kept(world) == first
            results = {row["last_result"] for row in await world.feed.fetch("SELECT last_result FROM feeds")}
            assert await world.store.fetchval("SELECT count(*) FROM ledger WHERE outcome = 'stored'") == ITEMS
        again = papers.asked[asked_before:]
        assert results <= {"not_modified", "unchanged"}
        feeds = {feed.url for feed in papers.feeds()}
        assert {asked.url for asked in again} == feeds
        assert {asked.status for asked in again} == {304}
        assert all(asked.if_none_match or asked.if_modified_since for asked in again)
    finally:
        await papers.stop()


@pytest.fixture
def running(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    papers = tmp_path / "papers.py"
    papers.symlink_to(FREE_PAPERS)  # so that its process, too, is known by the folder
    data = ["--data", str(tmp_path), "--demo", str(papers), "--api-port", "0"]
    command = [sys.executable, "-m", "onrecord.cli.main", "run", *data]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_ctrl_c_ends_everything_in_time(running: "subprocess.Popen[str]", tmp_path: Path) -> None:
    said = wait_for_line(running, lambda line: line.endswith("]\n"), FIRST_STATEMENT_LIMIT_S)
    assert any("polling 8 feeds" in line for line in said)
    before = processes_of(tmp_path)
    assert len(before) >= 8, "database, broker, four services and their workers"
    pressed = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    rest, _ = running.communicate(timeout=STOP_LIMIT_S)
    took_s = time.monotonic() - pressed
    assert running.returncode == 0
    assert rest.rstrip().endswith("stopped")
    assert processes_of(tmp_path) == {}
    print(f"first statement after {said[-1].split()[0]} s; Ctrl-C took {took_s:.1f} s for {len(before)} processes")
