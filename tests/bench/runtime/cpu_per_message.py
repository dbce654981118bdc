"""CPU per message of the runtime against raw aiokafka batches, in one run on one broker.

    .venv/bin/python tests/bench/runtime/cpu_per_message.py [--messages 20000] [--rounds 3]

Both consume item events from one topic and produce one outcome event for each, `acks=all`, explicit commits. Raw: getmany, a
fixed value, gathered futures. Runtime: the whole of it: envelope and schema checks both ways, order per key, offsets, verdicts.
Rounds alternate; CPU is the process's own (user + system), so other load on the machine matters little.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from onrecord.cli.embedded import EmbeddedSettings, choose_broker, make_broker
from onrecord.contracts import Hop, Item, ItemReason, Lane, Outcome, OutcomeKind, decode, encode, header_map, topics
from onrecord.runtime.admin import apply_topics
from onrecord.runtime.app import Service
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.produce import LINGER_MS, MAX_BATCH_BYTES
from onrecord.runtime.registry import Registry
from onrecord.runtime.settings import Settings
from onrecord.runtime.verdict import Drop, Verdict

BATCH = 500
HOSTS = 2_000
ITEM_TOPIC = topics.ITEM.name


class BenchSettings(Settings):
    service: ClassVar[str] = "scraper"


async def fill(settings: Settings, messages: int) -> None:
    await apply_topics(settings)
    now = datetime.now(UTC)
    producer = AIOKafkaProducer(**settings.kafka_connection(), linger_ms=LINGER_MS, max_batch_size=MAX_BATCH_BYTES)
    await producer.start()
    waiting = []
    for number in range(messages):
        host = f"paper{number % HOSTS}.example:443"
        item = Item(
            item_id=uuid.uuid4(), item_revision=1, feed_id=uuid.uuid4(), feed_url=f"https://{host}/rss", link=f"https://{host}/{number}",
            link_host=host, title="A title of usual length for a news article", summary="s" * 200, discovered_at=now,
            reason=ItemReason.new, lane=Lane.live,
        )  # fmt: skip
        out = encode(item, Hop("/bench/feed", now, traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01"))
        waiting.append(await producer.send(out.topic, out.value, out.key, headers=list(out.headers)))
    await asyncio.gather(*waiting)
    await producer.stop()


async def raw(settings: Settings, messages: int, *, contracts: bool = False) -> float:
    """`contracts`: each record is decoded and an outcome event encoded, as any careful subscriber would."""
    consumer = AIOKafkaConsumer(
        ITEM_TOPIC, **settings.kafka_connection(), group_id=f"raw-{uuid.uuid4()}", enable_auto_commit=False,
        auto_offset_reset="earliest",
    )  # fmt: skip
    producer = AIOKafkaProducer(
        **settings.kafka_connection(), acks="all", enable_idempotence=True, linger_ms=LINGER_MS, max_batch_size=MAX_BATCH_BYTES
    )
    await consumer.start()
    await producer.start()
    value, headers, done = b"x" * 400, [(f"ce_header_{n}", b"some value of usual length") for n in range(15)], 0
    started = None
    while done < messages:
        batch = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        started = started or time.process_time()
        records = [record for part in batch.values() for record in part]
        outs = [outcome(record) if contracts else (value, record.key, headers) for record in records]
        futures = [await producer.send("onrecord.outcome.v1", v, k, headers=h) for v, k, h in outs]
        await asyncio.gather(*futures)
        await consumer.commit(
            {TopicPartition(p.topic, p.partition): OffsetAndMetadata(part[-1].offset + 1, "") for p, part in batch.items()}
        )
        done += len(records)
    cpu = time.process_time() - (started or 0)
    await consumer.stop()
    await producer.stop()
    return cpu / messages * 1e6


def outcome(record: Any) -> tuple[bytes | None, bytes, list[tuple[str, bytes]]]:
    item, now = decode(record), datetime.now(UTC)
    assert isinstance(item, Item)
    end = Outcome(
        item_id=item.item_id, item_revision=item.item_revision, outcome=OutcomeKind.gone, service="bench", reason="http_404",
        discovered_at=item.discovered_at, ended_at=now, lane=item.lane,
    )  # fmt: skip
    out = encode(end, Hop("/bench/scraper", now, causation_id=header_map(record.headers)["ce_id"]))
    return out.value, out.key, list(out.headers)


async def ours(settings: Settings, messages: int) -> float:
    """A service in this process, from its first record to its last."""
    seen, started, ended = 0, 0.0, asyncio.Event()
    registry = Registry((topics.ITEM,))

    async def gone(_: Delivery[Any]) -> Verdict:
        nonlocal seen, started
        started = started or time.process_time()
        seen += 1
        if seen == messages:
            ended.set()
        return Drop(OutcomeKind.gone, "http_404")

    registry.on(Item, gone)
    service = Service(settings, registry)
    running = asyncio.create_task(service.serve())
    await ended.wait()
    cpu = time.process_time() - started
    os.kill(os.getpid(), 15)
    await running
    return cpu / messages * 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="profile one round of the runtime instead")
    args = parser.parse_args()
    embedded = EmbeddedSettings.from_env(os.environ)
    results: dict[str, list[float]] = {"raw": [], "raw_with_contracts": [], "runtime": []}
    with tempfile.TemporaryDirectory() as folder:
        choice, broker = make_broker(choose_broker(embedded), embedded, Path(folder), print)
        bootstrap = broker.start() if broker else embedded.kafka_bootstrap
        settings = BenchSettings(kafka_bootstrap=str(bootstrap), partitions=4)
        try:
            for _ in range(1 if args.profile else args.rounds):
                asyncio.run(fill(settings, args.messages))
                if args.profile:
                    profile(settings, args.messages)
                    return
                total = args.messages * (len(results["raw"]) + 1)
                results["raw"].append(asyncio.run(raw(settings, total)))
                results["raw_with_contracts"].append(asyncio.run(raw(settings, total, contracts=True)))
                results["runtime"].append(asyncio.run(ours(settings, args.messages)))
        finally:
            if broker:
                broker.stop()
    medians = {name: round(statistics.median(values), 1) for name, values in results.items()}
    ratios = {
        f"to_{base}": round(
            statistics.median(mine / theirs for theirs, mine in zip(results[base], results["runtime"], strict=True)), 2
        )
        for base in ("raw", "raw_with_contracts")
    }
    print(json.dumps({"broker": choice.kind, "messages": args.messages, "us_cpu": medians, "ratio": ratios}))


def profile(settings: Settings, messages: int) -> None:
    import cProfile
    import pstats

    profiler = cProfile.Profile()
    profiler.enable()
    asyncio.run(ours(settings, messages))
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumtime").print_stats(70)


if __name__ == "__main__":
    main()
