"""What tracing costs: CPU per message of the runtime with tracing off, at 1 % and at 100 %, in one run on one broker.

    .venv/bin/python tests/bench/tracing/cost.py [--messages 10000] [--rounds 3] [--items 0]

A service in this process takes items and ends each with an outcome, as in tests/bench/runtime/cpu_per_message.py; CPU is the
process's own (user + system), the exporter's thread in it. The items' contexts are sampled by the share asked for, as feed
would: the services after it follow. A process of its own takes the spans; `spans` is the share of the two a sampled message
makes (process, send) that had arrived when the service had stopped. Modes alternate.

`--items`: beside it, articles a second through all four services, off against 100 %, in as many rounds.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import uuid
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

BENCH = Path(__file__).parents[1]
sys.path[:0] = [str(BENCH / folder) for folder in ("runtime", "pipeline", "tracing")]

from aiokafka import AIOKafkaProducer
from cpu_per_message import HOSTS, BenchSettings, ours
from measure import throughput
from sink import Sink, running

from onrecord.cli.embedded import EmbeddedSettings, choose_broker, make_broker
from onrecord.contracts import Hop, Item, ItemReason, Lane, encode
from onrecord.runtime.admin import apply_topics
from onrecord.runtime.produce import LINGER_MS, MAX_BATCH_BYTES
from onrecord.runtime.settings import Settings

SHARES = {"off": 0.0, "1%": 0.01, "100%": 1.0}
SPANS_PER_MESSAGE = 2


async def fill(settings: Settings, messages: int, share: float, random: Random) -> int:
    """Items with a trace each; how many of them are sampled."""
    await apply_topics(settings)
    now, sampled = datetime.now(UTC), 0
    waiting = []
    async with AIOKafkaProducer(**settings.kafka_connection(), linger_ms=LINGER_MS, max_batch_size=MAX_BATCH_BYTES) as producer:
        for number in range(messages):
            chosen = random.random() < share
            sampled += chosen
            trace = f"00-{random.getrandbits(128):032x}-{random.getrandbits(64):016x}-{chosen:02x}"
            out = encode(item_of(number, now), Hop("/bench/feed", now, traceparent=trace, start_traceparent=trace))
            waiting.append(await producer.send(out.topic, out.value, out.key, headers=list(out.headers)))
        await asyncio.gather(*waiting)
    return sampled


def item_of(number: int, now: datetime) -> Item:
    host = f"paper{number % HOSTS}.example:443"
    return Item(
        item_id=uuid.uuid4(), item_revision=1, feed_id=uuid.uuid4(), feed_url=f"https://{host}/rss", link=f"https://{host}/{number}",
        link_host=host, title="A title of usual length for a news article", summary="s" * 200, discovered_at=now,
        reason=ItemReason.new, lane=Lane.live,
    )  # fmt: skip


def settings_of(bootstrap: str, mode: str, sink: Sink) -> BenchSettings:
    endpoint = None if mode == "off" else sink.url
    return BenchSettings(kafka_bootstrap=bootstrap, partitions=4, otlp_endpoint=endpoint, trace_sample=SHARES[mode])


def measured(messages: int, rounds: int, sink: Sink) -> dict[str, Any]:
    cpu: dict[str, list[float]] = defaultdict(list)
    sampled, arrived = defaultdict[str, int](int), defaultdict[str, int](int)
    embedded, random = EmbeddedSettings.from_env(os.environ), Random(1)
    with tempfile.TemporaryDirectory() as folder:
        choice, broker = make_broker(choose_broker(embedded), embedded, Path(folder), print)
        bootstrap = str(broker.start() if broker else embedded.kafka_bootstrap)
        try:
            for _ in range(rounds):
                for mode, share in SHARES.items():
                    settings = settings_of(bootstrap, mode, sink)
                    sampled[mode] += asyncio.run(fill(settings, messages, share, random))
                    before = sink.spans()
                    cpu[mode].append(asyncio.run(ours(settings, messages)))
                    arrived[mode] += sink.spans() - before
        finally:
            if broker:
                broker.stop()
    ratios = {
        mode: round(statistics.median(with_it / off for off, with_it in zip(cpu["off"], cpu[mode], strict=True)), 2)
        for mode in ("1%", "100%")
    }
    return {
        "broker": choice.kind,
        "us_cpu": {mode: round(statistics.median(values), 1) for mode, values in cpu.items()},
        "ratio_to_off": ratios,
        "spans": {mode: round(arrived[mode] / (sampled[mode] * SPANS_PER_MESSAGE), 3) for mode in ratios if sampled[mode]},
    }


def pipeline(items: int, rounds: int, sink: Sink) -> dict[str, Any]:
    """Services take their settings from this process's environment."""
    found: dict[str, list[float]] = {"off": [], "100%": []}
    before = sink.spans()
    for _ in range(rounds):
        for mode, rates in found.items():
            os.environ.pop("ONRECORD_OTLP_ENDPOINT", None)
            if mode == "100%":
                os.environ["ONRECORD_OTLP_ENDPOINT"] = sink.url
            rates.append(asyncio.run(throughput(items))["articles_per_s"])
    loss = [1 - traced / off for off, traced in zip(found["off"], found["100%"], strict=True)]
    return {
        "items": items,
        "articles_per_s": found,
        "loss": round(statistics.median(loss), 3),
        "spans_per_item": round((sink.spans() - before) / (items * rounds), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--items", type=int, default=0)
    args = parser.parse_args()
    with running() as sink:
        if args.messages:
            print(json.dumps({"messages": args.messages, **measured(args.messages, args.rounds, sink)}), flush=True)
        if args.items:
            print(json.dumps({"pipeline": pipeline(args.items, args.rounds, sink)}), flush=True)


if __name__ == "__main__":
    main()
