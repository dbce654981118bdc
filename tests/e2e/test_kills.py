"""Services killed at random moments, twenty times: what is stored in the end is what a run without faults stores."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio
from newspapers import Scale

from e2e.processes import processes_of
from e2e.subscriber import body, read_all
from e2e.world import World, quiesce, started, until
from onrecord.cli.stack import SERVICES
from onrecord.contracts import OutcomeKind, topics

pytestmark = [pytest.mark.e2e, pytest.mark.kafka, pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

SEED = 3
FEEDS, ITEMS, KILLS = 10, 200, 20
BETWEEN_KILLS_S = (1.0, 4.0)  # shorter and longer than a service needs to come up again
QUIET_LIMIT_S = 400.0
SETTINGS = {
    "ONRECORD_SCRAPER_PAGE_DELAY_S": "1.5",  # twenty pages of a host are half a minute: the kills come while work is there
    "ONRECORD_FEED_RECONCILE_AFTER_S": "20",
    "ONRECORD_FEED_RECONCILE_EVERY_S": "1",
    "ONRECORD_FEED_LEASE_S": "5",
}


@dataclass(frozen=True)
class Result:
    """What a run left. `statements` are (id, text_key), `audit` counts outcomes that came beside the effective one."""

    statements: frozenset[tuple[str, str]]
    outcomes: Counter[str]
    versions: Counter[int]
    manifests: int
    audit: int
    emissions: int
    seconds: float
    kills: Counter[str]


async def killing(world: World, random: Random) -> Counter[str]:
    """Each service at least once; a killed one is started again at once."""
    targets = [*SERVICES, *random.choices(SERVICES, k=KILLS - len(SERVICES))]
    random.shuffle(targets)
    for name in targets:
        await asyncio.sleep(random.uniform(*BETWEEN_KILLS_S))
        await asyncio.to_thread(world.stack.servers[name].kill)
        await asyncio.to_thread(world.stack.start_service, name)
    return Counter(targets)


async def no_kills(world: World) -> Counter[str]:
    return Counter()


async def run(folder: Path, papers: Scale, faults: Callable[[World], Awaitable[Counter[str]]]) -> Result:
    began = time.monotonic()
    async with started(folder, papers, SETTINGS) as world:
        kills = await faults(world)
        await until(lambda: all_in(world), QUIET_LIMIT_S)
        await quiesce(world, QUIET_LIMIT_S, since=datetime.now(UTC))
        return await result(world, time.monotonic() - began, kills)


async def all_in(world: World) -> str:
    missing = ITEMS - await world.store.fetchval("SELECT count(*) FROM ledger WHERE outcome IS NOT NULL")
    return f"{missing} items without outcome" if missing else ""


async def result(world: World, seconds: float, kills: Counter[str]) -> Result:
    store = world.store
    rows = await store.fetch("SELECT statement_id::text AS id, event->>'text_key' AS key FROM statements WHERE active")
    assert await store.fetchval("SELECT count(*) FROM statements WHERE NOT active") == 0
    items = await read_all(world.stack.settings, topics.ITEM.name)
    return Result(
        statements=frozenset((row["id"], row["key"]) for row in rows),
        outcomes=Counter(row["outcome"] for row in await store.fetch("SELECT outcome FROM ledger")),
        versions=Counter(row["version"] for row in await store.fetch("SELECT version FROM articles")),
        manifests=await store.fetchval("SELECT sum(cardinality(manifest)) FROM articles"),
        audit=await store.fetchval("SELECT count(*) FROM ledger_audit"),
        emissions=len([record for record in items if body(record)["reason"] == "reconcile"]),
        seconds=seconds,
        kills=kills,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def results(apache_kafka: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mapping[str, Result]]:
    """One set of newspapers for both runs: an article's id has its address in it, and the address a port."""
    papers = Scale(SEED, FEEDS, ITEMS, lambda: datetime.now(UTC))
    await papers.start()
    try:
        whole = await run(tmp_path_factory.mktemp("whole"), papers, no_kills)
        folder = tmp_path_factory.mktemp("killed")
        killed = await run(folder, papers, lambda world: killing(world, Random(SEED)))
        for name, found in (("no faults", whole), ("killed", killed)):
            lost, doubled = ITEMS - found.outcomes["stored"], sum(found.versions.values()) - ITEMS
            print(
                f"\n{name}: {ITEMS} items, {len(found.statements)} statements, kills {dict(found.kills)}, {found.seconds:.0f} s, "
                f"lost {lost}, doubled {doubled}, emitted again {found.emissions}, weaker or later outcomes {found.audit}"
            )
        assert processes_of(folder) == {}, "killed services leave no workers behind"
        yield {"whole": whole, "killed": killed}
    finally:
        await papers.stop()


async def test_nothing_is_lost(results: Mapping[str, Result]) -> None:
    assert results["killed"].kills.total() == KILLS
    assert results["killed"].outcomes == {OutcomeKind.stored: ITEMS}


async def test_nothing_had_to_be_emitted_again(results: Mapping[str, Result]) -> None:
    """The broker kept everything, so a loss that feed had to mend would be a service that commits what it has not done."""
    assert [found.emissions for found in results.values()] == [0, 0]


async def test_nothing_is_doubled(results: Mapping[str, Result]) -> None:
    """One article per item, in its first version although pages were fetched again, with its manifest's statements alone."""
    killed = results["killed"]
    assert killed.versions == {1: ITEMS}
    assert killed.manifests == len(killed.statements)


async def test_what_is_stored_is_what_a_run_without_faults_stores(results: Mapping[str, Result]) -> None:
    assert results["whole"].outcomes == {OutcomeKind.stored: ITEMS}
    assert results["killed"].statements == results["whole"].statements
    assert len(results["whole"].statements) > 2 * ITEMS
