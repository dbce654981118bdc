"""`onrecord run`: the main job on one machine, with progress for a person."""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from onrecord.cli.embedded import EmbeddedError
from onrecord.cli.kafka import quiet
from onrecord.cli.lines import statement_line
from onrecord.cli.stack import Options, Stack, dead_services
from onrecord.contracts import Item, Outcome, OutcomeKind, Statement, Undecodable, decode
from onrecord.feed.adapters.db import FeedRows
from onrecord.runtime.database import make_pool
from onrecord.runtime.settings import USAGE_ERROR, SettingsError

DEMO_INTERVAL_S = 5.0  # the demo newspapers are ours; nobody else is polled this often
REAL_INTERVAL_S = 3600.0
SUMMARY_EVERY_S = 15.0
DATA_FOLDER = ".onrecord"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("run", help="start everything on this machine and show statements arriving")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("ONRECORD_DATA", DATA_FOLDER)), help="folder of all data"
    )
    parser.add_argument("--feeds", nargs="*", default=[], metavar="URL", help="feeds to poll beside those already added")
    parser.add_argument("--demo", type=Path, help="script that serves the demo newspapers")
    parser.add_argument("--demo-port", type=int, default=8765, help="first of the five ports of the demo newspapers")
    parser.add_argument("--api-port", type=int, help="port of the API and the page; 8080, or a free one when that is taken")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)  # SIGINT too: a shell's background job starts with it ignored
    quiet()
    started = time.monotonic()
    try:
        with demo_newspapers(args.demo, args.demo_port, args.data.absolute()) as demo:
            options = Options(args.data.absolute(), allow=demo.allow, api_port=args.api_port)
            with Stack(options, report=lambda text: say(started, text)) as stack:
                asyncio.run(follow(stack, demo, list(args.feeds), started))
    except KeyboardInterrupt:
        say(started, "stopped")
        return 0
    except (EmbeddedError, SettingsError) as error:
        print(error, file=sys.stderr)
        return USAGE_ERROR
    return 1


@dataclass(slots=True)
class Demo:
    allow: tuple[str, ...] = ()
    feeds: list[str] = field(default_factory=list)


@contextmanager
def demo_newspapers(script: Path | None, port: int, data: Path) -> Iterator[Demo]:
    if script is None:
        yield Demo()
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, str(script), "--port", str(port), "--diary", str(data / "demo.diary")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603
    try:
        yield read_demo(process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()


def read_demo(process: "subprocess.Popen[str]") -> Demo:
    """Its `allow` and `feed` lines, up to `serving`."""
    demo, allow = Demo(), []
    assert process.stdout is not None
    for line in process.stdout:
        word, _, rest = line.strip().partition(" ")
        if word == "allow":
            allow.append(rest)
        elif word == "feed":
            demo.feeds.append(rest)
        elif word == "serving":
            demo.allow = tuple(allow)
            return demo
    raise SettingsError("the demo newspapers did not start: are their ports taken? --demo-port names others")


async def follow(stack: Stack, demo: Demo, feeds: list[str], started: float) -> None:
    progress = Progress(started)
    watching = asyncio.create_task(progress.watch(stack))
    await asyncio.to_thread(stack.wait_ready)
    async with make_pool(stack.dsn, "feed", size=2) as pool:
        rows, now = FeedRows(pool), datetime.now(UTC)
        for url in demo.feeds:
            await rows.add(url, min_interval_s=DEMO_INTERVAL_S, now=now)
        for url in feeds:
            await rows.add(url, min_interval_s=REAL_INTERVAL_S, now=now)
        known = await rows.all()
    say(started, f"polling {sum(not row['stopped'] for row in known)} feeds; API and page at {stack.api}")
    if not known:
        say(started, "no feeds yet: onrecord feeds add URL")
    try:
        while not (dead := list(dead_services(stack.servers))):
            await asyncio.sleep(1)
            if watching.done():
                watching.result()
        raise SettingsError(f"{', '.join(dead)} ended; see {[str(stack.servers[name].log) for name in dead]}")
    finally:
        watching.cancel()


class Progress:
    """Prints statements as they come, and what happened since now and then."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._counts: Counter[str] = Counter()
        self._said: Counter[str] = Counter()

    async def watch(self, stack: Stack) -> None:
        from aiokafka import AIOKafkaConsumer

        consumer = AIOKafkaConsumer(
            "onrecord.item.v1", "onrecord.article.v1", "onrecord.statement.v1", "onrecord.outcome.v1",
            **stack.settings.kafka_connection(), auto_offset_reset="latest", enable_auto_commit=False,
        )  # fmt: skip
        await consumer.start()
        summary_at = time.monotonic() + SUMMARY_EVERY_S
        try:
            while True:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    for record in records:
                        self._see(record)
                if time.monotonic() >= summary_at:
                    self._summary()
                    summary_at = time.monotonic() + SUMMARY_EVERY_S
        finally:
            await consumer.stop()

    def _see(self, record: object) -> None:
        try:
            event = decode(record)  # type: ignore[arg-type]
        except Undecodable:
            return
        if isinstance(event, Statement):
            self._counts["statements"] += 1
            say(self._started, statement_line(event))
        elif isinstance(event, Item):
            self._counts["items"] += 1
        elif isinstance(event, Outcome):
            self._counts["stored" if event.outcome is OutcomeKind.stored else f"ended {event.outcome}"] += 1
        elif type(event).__name__ == "Article":
            self._counts["articles"] += 1

    def _summary(self) -> None:
        if self._counts != self._said:
            text = ", ".join(f"{count} {name}" for name, count in sorted(self._counts.items()))
            say(self._started, f"-- so far: {text}")
            self._said = Counter(self._counts)


def say(started: float, text: str) -> None:
    print(f"{time.monotonic() - started:6.1f} s  {text}", flush=True)
