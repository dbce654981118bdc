"""The whole pipeline on this machine: articles a second through all four services, and one item's latency.

    .venv/bin/python tests/bench/pipeline/measure.py [--items 600] [--news 60]

Throughput: newspapers of 20 hosts with all items out at once, no pause between fetches of a host; from the first item's
discovery to the last row. Latency: one newspaper that publishes an article a second, polled every second, default
politeness; from discovery to the row. Everything runs on one machine: broker, database, four services, newspapers.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[2] / "site")]

from newspapers import Newspapers, Scale

from e2e.world import World, ended, started

HOSTS = 20
LIMIT_S = 900.0


async def throughput(items: int) -> dict[str, float]:
    papers = Scale(7, HOSTS, items, lambda: datetime.now(UTC))
    await papers.start(0)
    extra = {"ONRECORD_SCRAPER_PAGE_DELAY_S": "0", "ONRECORD_FEED_FIRST_POLL_ITEMS": str(items)}
    with tempfile.TemporaryDirectory() as folder:
        async with started(Path(folder), papers, extra, poll_every_s=3600) as world:
            await ended(world, [(end.link, 1) for end in papers.expected()], LIMIT_S)
            row = await world.store.fetchrow(
                """SELECT count(*) AS n, sum(statements) AS s,
                extract(epoch FROM max(ended_at) - min(discovered_at)) AS seconds FROM ledger"""
            )
            assert row is not None
            memory = resident_mib(world)
    await papers.stop()
    seconds = float(row["seconds"])
    return {
        "items": row["n"],
        "statements": row["s"],
        "seconds": round(seconds, 1),
        "articles_per_s": round(row["n"] / seconds, 1),
        "statements_per_s": round(row["s"] / seconds, 1),
        **memory,
    }


async def latency(news: int) -> dict[str, float]:
    papers = Newspapers(7, lambda: datetime.now(UTC))
    await papers.start(0)
    wire = next(feed for feed in papers.feeds() if feed.outlet == "Evening Wire")
    extra = {"ONRECORD_SCRAPER_PAGE_DELAY_S": "1", "ONRECORD_FEED_HOST_DELAY_S": "0.5"}
    with tempfile.TemporaryDirectory() as folder:
        async with started(Path(folder), papers, extra, poll_every_s=1) as world:
            await ended(
                world, [(end.link, 1) for end in papers.expected() if end.outcome == "stored" and not end.failures], LIMIT_S
            )
            after = datetime.now(UTC)
            for _ in range(news):
                papers.advance()
                await asyncio.sleep(1)
            links = [
                (end.link, 1) for end in papers.expected() if wire.url.rsplit("/", 1)[0] in end.link and end.outcome == "stored"
            ]
            await ended(world, links, LIMIT_S)
            rows = await world.store.fetch(
                """SELECT extract(epoch FROM ended_at - discovered_at) AS s FROM ledger
                WHERE feed_url = $1 AND discovered_at > $2 ORDER BY 1""",
                wire.url,
                after,
            )
            idle = await idle_cpu(world)
    await papers.stop()
    found = [float(row["s"]) for row in rows]
    p99 = found[min(len(found) - 1, int(len(found) * 0.99))]
    return {"items": len(found), "median_s": round(statistics.median(found), 3), "p99_s": round(p99, 3), **idle}


def resident_mib(world: World) -> dict[str, float]:
    """Of each service with its worker processes."""
    found = {}
    for name, server in world.stack.servers.items():
        pids = family(server.pid) if server.pid else []
        found[f"{name}_mib"] = round(sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * 4096 / 2**20)
    return found


def family(pid: int) -> list[int]:
    """Children of every thread: pools start theirs from threads of their own."""
    lists = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    return [pid, *(found for children in lists for child in children for found in family(int(child)))]


async def idle_cpu(world: World, seconds: float = 10.0) -> dict[str, float]:
    """Share of a core that each service takes with nothing but unchanged feeds to poll."""
    before = {name: ticks(server.pid) for name, server in world.stack.servers.items()}
    began = time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    hertz = os.sysconf("SC_CLK_TCK")
    return {
        f"{name}_idle_core": round((ticks(s.pid) - before[name]) / hertz / took, 3) for name, s in world.stack.servers.items()
    }


def ticks(pid: int | None) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=600)
    parser.add_argument("--news", type=int, default=60)
    args = parser.parse_args()
    print(json.dumps({"throughput": asyncio.run(throughput(args.items))}), flush=True)
    print(json.dumps({"latency": asyncio.run(latency(args.news))}), flush=True)


if __name__ == "__main__":
    main()
