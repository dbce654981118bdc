"""One day of the demo newspapers on the whole stack, told once, and the evidence it leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from newspapers import Expected, Newspapers
from newspapers.harbour_courier import EDIT_STEP

from e2e.collector import Collector, collecting
from e2e.subscriber import Record, body, read_all
from e2e.world import World, ended, quiesce, started
from onrecord.contracts import topics

ATTEMPTS = 3  # the busy pages need three tries, and the slow one takes a minute for each
SETTINGS = {"ONRECORD_RETRY_ATTEMPTS": str(ATTEMPTS), "OTEL_BSP_SCHEDULE_DELAY": "300"}
FIRST_LIMIT_S = 240.0
QUIET_LIMIT_S = 420.0  # three minutes of it are the slow page's
LATEST = topics.STATEMENT_LATEST
SCRAPER_DEAD = topics.dead_letter_topic(topics.ITEM.name, "scraper")
STORE_DEAD = topics.dead_letter_topic(topics.ITEM.name, "store")

Bad = tuple[bytes, dict[str, bytes]]  # value and headers
BURIED = "0b0e5a5e-0000-4000-8000-000000000001"  # the item of the one bad record whose headers still name an item
NOT_JSON: Bad = (
    b"{this is no JSON",
    {"ce_type": b"org.onrecord.item.found.v1", "item_id": BURIED.encode(), "item_revision": b"1"},
)
NO_HEADERS: Bad = (b"\x00\xff", {})
NEWER: Bad = (b"{}", {"ce_type": b"org.onrecord.item.found.v2"})
POISON = {"malformed_event": NOT_JSON, "not_an_event": NO_HEADERS, "message_version": NEWER}


@dataclass
class Story:
    """What was seen when all was quiet. `first_edition` are the edited article's statements before the edit, by id."""

    world: World
    papers: Newspapers
    expected: list[Expected]
    collector: Collector
    first_edition: dict[str, str]
    ledger: dict[tuple[str, int], asyncpg.Record]
    records: dict[str, list[Record]]
    summary: dict[str, Any]

    def ends(self) -> list[tuple[Expected, int, asyncpg.Record | None]]:
        return [(end, n, self.ledger.get((end.link, n))) for end in self.expected for n in range(1, end.revisions + 1)]

    def outcomes(self) -> list[dict[str, Any]]:
        """Bodies of `outcome` about the newspapers' items, deferrals included."""
        bodies = [body(record) for record in self.records[topics.OUTCOME.name]]
        return [found for found in bodies if found["item_id"] != BURIED]


@asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Story]:
    papers = Newspapers(1, lambda: datetime.now(UTC))
    await papers.start()
    try:
        async with collecting() as collector:
            extra = {**SETTINGS, "ONRECORD_OTLP_ENDPOINT": collector.url}
            async with started(folder, papers, extra) as world:
                yield await _tell(world, papers, collector)
    finally:
        await papers.stop()


async def _tell(world: World, papers: Newspapers, collector: Collector) -> Story:
    await ended(world, [(papers.edited_link, 1)], FIRST_LIMIT_S)
    rows = await world.store.fetch(
        "SELECT statement_id::text AS id, s.text FROM statements s JOIN articles USING (article_id) WHERE url = $1",
        papers.edited_link,
    )
    papers.advance(EDIT_STEP)
    await ended(world, [(papers.edited_link, 2)], FIRST_LIMIT_S)
    await poison(world, papers.feeds()[2].url)
    papers.advance()
    at = datetime.now(UTC)
    await quiesce(world, QUIET_LIMIT_S, since=at)
    names = [topic.name for topic in topics.CATALOGUE] + [SCRAPER_DEAD, STORE_DEAD]
    return Story(
        world=world,
        papers=papers,
        expected=papers.expected(),
        collector=collector,
        first_edition={row["id"]: row["text"] for row in rows},
        ledger=await world.ledger(),
        records={name: await read_all(world.stack.settings, name) for name in names},
        summary=await world.api("/v1/ledger"),
    )


async def poison(world: World, feed_url: str) -> None:
    """Records that no reader can take, under the key of a newspaper that publishes once more after them."""
    key = feed_url.split("/")[2].encode()
    async with AIOKafkaProducer(**world.stack.settings.kafka_connection()) as producer:
        for value, headers in POISON.values():
            await producer.send_and_wait(topics.ITEM.name, value, key, headers=list(headers.items()))
