"""The whole stack on one folder, as `onrecord run` starts it, and what a test may ask of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from newspapers import Newspapers, Scale

from onrecord.cli.stack import Options, Stack, dead_services
from onrecord.feed.adapters.db import FeedRows
from onrecord.runtime.database import make_pool
from onrecord.runtime.lag import lags

LOOK_EVERY_S = 0.25  # between two looks at the state that a test waits for
POLL_EVERY_S = 2.0  # of a feed: often enough that nobody waits, seldom enough that two cores keep up
# Retry tiers of 0.3 s, 3 s and 36 s; no pauses, since the newspapers are our own.
QUICK = {
    "ONRECORD_RETRY_SCALE": "0.005",
    "ONRECORD_SCRAPER_PAGE_DELAY_S": "0.02",
    "ONRECORD_FEED_HOST_DELAY_S": "0.05",
    "ONRECORD_SCRAPER_FETCH_LIMIT_S": "5",
}


@dataclass(frozen=True)
class World:
    stack: Stack
    papers: Newspapers | Scale
    feed: asyncpg.Pool
    store: asyncpg.Pool

    async def ledger(self) -> dict[tuple[str, int], asyncpg.Record]:
        """Every item revision by link and revision. The link of a feed's item is unique in the newspapers."""
        rows = await self.store.fetch("SELECT * FROM ledger WHERE link IS NOT NULL")
        return {(row["link"], row["item_revision"]): row for row in rows}

    async def api(self, path: str) -> Any:
        async with aiohttp.ClientSession() as session, session.get(self.stack.api + path) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def started(
    folder: Path, papers: Newspapers | Scale, extra: Mapping[str, str], *, poll_every_s: float = POLL_EVERY_S
) -> AsyncIterator[World]:
    """All services ready and every feed registered. The stack's calls block, so they run beside the newspapers' loop."""
    stack = Stack(Options(folder, allow=tuple(papers.allowed), extra={**QUICK, **extra}, api_port=0))
    await asyncio.to_thread(stack.__enter__)
    try:
        await asyncio.to_thread(stack.wait_ready)
        async with make_pool(stack.dsn, "feed", size=2) as feed, make_pool(stack.dsn, "store", size=2) as store:
            rows = FeedRows(feed)
            for paper in papers.feeds():
                await rows.add(paper.url, min_interval_s=poll_every_s, now=datetime.now(UTC))
            yield World(stack, papers, feed, store)
    finally:
        await asyncio.to_thread(stack.__exit__, None, None, None)


async def quiesce(world: World, limit_s: float, *, since: datetime) -> None:
    """Until every feed was polled after `since` and nothing of what that brought is on its way any more."""
    await until(lambda: _still_moving(world, since), limit_s)


async def ended(world: World, links: Sequence[tuple[str, int]], limit_s: float) -> None:
    """Until each of these (link, revision) has an outcome, whatever else is on its way."""

    async def open_links() -> str:
        ledger = await world.ledger()
        lacking = [key for key in links if key not in ledger or ledger[key]["outcome"] is None]
        return f"{len(lacking)} items without outcome, first {lacking[:3]}" if lacking else ""

    await until(lambda: _with_services_alive(world, open_links), limit_s)


async def until(reason_to_wait: Callable[[], Awaitable[str]], limit_s: float) -> None:
    """`reason_to_wait` answers with an empty text when it is done; AssertionError with the last reason at the limit."""
    last = time.monotonic() + limit_s
    while why := await reason_to_wait():
        assert time.monotonic() < last, f"still after {limit_s:.0f} s: {why}"
        await asyncio.sleep(LOOK_EVERY_S)


async def _with_services_alive(world: World, reason: Callable[[], Awaitable[str]]) -> str:
    dead = list(dead_services(world.stack.servers))
    assert not dead, f"{dead} ended:\n" + "\n".join(world.stack.servers[name].log_tail() for name in dead)
    return await reason()


async def _still_moving(world: World, since: datetime) -> str:
    """In the direction of the flow, so that nothing moves past the look."""
    return await _with_services_alive(world, lambda: _first_reason(world, since))


async def _first_reason(world: World, since: datetime) -> str:
    counts: tuple[tuple[asyncpg.Pool, str, list[datetime]], ...] = (
        (world.feed, "SELECT count(*) FROM feeds WHERE coalesce(last_polled_at, '-infinity') <= $1", [since]),
        (world.feed, "SELECT count(*) FROM outbox", []),
        (world.feed, "SELECT count(*) FROM in_flight", []),
        (world.store, "SELECT count(*) FROM article_revisions WHERE NOT complete", []),
        (world.store, "SELECT count(*) FROM outbox", []),
    )
    for pool, query, arguments in counts:
        if count := await pool.fetchval(query, *arguments):
            return f"{count} from {query}"
    behind = {f"{lag.group} {lag.topic}": lag.records for lag in await lags(world.stack.settings) if lag.records != 0}
    if behind:
        return f"lag {behind}"
    open_ends = await world.store.fetchval("SELECT count(*) FROM ledger WHERE outcome IS NULL")
    return f"{open_ends} items of the ledger without outcome" if open_ends else ""
