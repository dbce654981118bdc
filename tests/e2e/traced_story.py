"""A morning of the demo newspapers with everything exported: some items end well, some badly, one is lost on its way."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer
from newspapers import Newspapers

from e2e.collector import Collector, Seen, collecting
from e2e.demo_story import BURIED
from e2e.subscriber import Record, headers, read_all
from e2e.world import World, ended, started, until
from onrecord.contracts import topics

SETTINGS = {
    "ONRECORD_RETRY_ATTEMPTS": "3",  # the busy pages come at the third
    "ONRECORD_FEED_RECONCILE_AFTER_S": "10",
    "ONRECORD_FEED_RECONCILE_EVERY_S": "1",
    "OTEL_BSP_SCHEDULE_DELAY": "300",
    "OTEL_METRIC_EXPORT_INTERVAL": "1000",
}
LIMIT_S = 240.0
WANTED = (
    "/lost/page",
    "/busy/seconds",
    "/busy/always",
    "/go/archive",
    "/go/loop",
    "/files/budget.pdf",
    "/sections",
    "/to-private",
)
# An outbox row that is gone before the relay sees it is an item that no broker ever got.
LOSE_NEW_ITEMS = """
CREATE FUNCTION lose_new_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF position('"reason":"new"'::bytea IN NEW.value) > 0 THEN RETURN NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lose_new_items BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION lose_new_items();
"""


@dataclass
class Story:
    """What was left when the services had stopped. `trace` is the last trace of a link's item, `lost` the lost item's link."""

    collector: Collector
    ledger: dict[str, asyncpg.Record]
    trace: dict[str, str]
    items: list[Record]
    dead_letters: list[Record]
    lost: str
    logs: dict[str, list[dict[str, Any]]]

    def link(self, path: str) -> str:
        return next(link for link in self.ledger if link.endswith(path))

    def life(self, link: str) -> list[Seen]:
        return self.collector.by_trace()[self.trace[link]]


@asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Story]:
    papers = Newspapers(1, lambda: datetime.now(UTC))
    await papers.start()
    try:
        async with collecting() as collector:
            async with started(folder, papers, {**SETTINGS, "ONRECORD_OTLP_ENDPOINT": collector.url}) as world:
                story = await _tell(world, papers, collector)
            story.logs = {name: lines(server.log) for name, server in world.stack.servers.items()}  # whole, as all have stopped
            yield story
    finally:
        await papers.stop()


async def _tell(world: World, papers: Newspapers, collector: Collector) -> Story:
    wire = next(feed for feed in papers.feeds() if feed.outlet == "Evening Wire")
    links = {end.link for end in papers.expected() if end.link.endswith(WANTED) or end.link.startswith(base_of(wire.url))}
    await ended(world, [(link, 1) for link in links], LIMIT_S)
    await bury(world)
    await world.feed.execute(LOSE_NEW_ITEMS)
    papers.advance()
    (lost,) = {end.link for end in papers.expected() if end.link.startswith(base_of(wire.url))} - links
    links.add(lost)
    await ended(world, [(lost, 1)], LIMIT_S)
    await until(lambda: _in_flight(world, links), LIMIT_S)
    ledger = {link: row for (link, _), row in (await world.ledger()).items() if link in links}
    records = {name: await read_all(world.stack.settings, name) for name in (topics.ITEM.name, DEAD)}
    rows = await world.store.fetch("SELECT DISTINCT ON (item_id) item_id, trace_id FROM hops ORDER BY item_id, recorded_at DESC")
    traces = {row["item_id"]: row["trace_id"] for row in rows}
    trace = {link: traces[row["item_id"]] for link, row in ledger.items()}
    return Story(collector, ledger, trace, records[topics.ITEM.name], records[DEAD], lost, {})


DEAD = topics.dead_letter_topic(topics.ITEM.name, "scraper")


def base_of(url: str) -> str:
    return url.rsplit("/", 1)[0]


async def bury(world: World) -> None:
    """One item's record comes again, damaged: both of its readers bury it, in that item's trace."""
    whole = (await read_all(world.stack.settings, topics.ITEM.name))[0]
    kept = {**headers(whole), "item_id": BURIED, "item_revision": "1"}
    async with AIOKafkaProducer(**world.stack.settings.kafka_connection()) as producer:
        damaged = [(name, value.encode()) for name, value in kept.items()]
        await producer.send_and_wait(whole.topic, b"{this is no JSON", whole.key, headers=damaged)

    async def not_buried() -> str:
        ends = "SELECT service FROM ledger WHERE item_id = $1 UNION SELECT service FROM ledger_audit WHERE item_id = $1"
        by = {row["service"] for row in await world.store.fetch(ends, UUID(BURIED))}
        return "" if by == {"scraper", "store"} else f"buried by {by}"

    await until(not_buried, LIMIT_S)


async def _in_flight(world: World, links: set[str]) -> str:
    query = "SELECT count(*) FROM in_flight JOIN items USING (item_id) WHERE link = ANY($1)"
    open_items = await world.feed.fetchval(query, list(links))
    return f"{open_items} items that feed has no outcome of" if open_items else ""


def lines(log: Path) -> list[dict[str, Any]]:
    """Each line of a service's log is one JSON object."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
