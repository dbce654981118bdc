"""`onrecord tail`: statements as they come, from the topic itself."""

import argparse
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from onrecord.cli import where
from onrecord.cli.errors import NotRunning
from onrecord.cli.terminal import complain, json_line, say

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from onrecord.runtime.settings import Settings


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("tail", help="show statements live, retractions and corrections too")
    parser.add_argument("--json", action="store_true", help="one event a line: its data, ce_type and ce_id")
    parser.add_argument("--from-start", action="store_true", help="all that the topic still holds, then what comes")
    where.add_data_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    import asyncio

    from onrecord.cli.kafka import kafka_settings

    settings = kafka_settings(where.find(args.data))
    with suppress(KeyboardInterrupt):  # the way to end it
        asyncio.run(_follow(settings, from_start=args.from_start, as_json=args.json))
    return 0


async def _follow(settings: "Settings", *, from_start: bool, as_json: bool) -> None:
    from onrecord.cli.kafka import consumer
    from onrecord.contracts.topics import STATEMENT

    start = "earliest" if from_start else "latest"
    async with consumer(settings, STATEMENT.name, auto_offset_reset=start) as records:
        if STATEMENT.name not in await records.topics():
            raise NotRunning(f"there is no topic {STATEMENT.name} at {settings.kafka_bootstrap}: run `onrecord topics apply`")
        async for record in records:
            show(record, as_json=as_json)


def show(record: "ConsumerRecord[bytes, bytes]", *, as_json: bool) -> None:
    """Prints one record; one that is no event is named on stderr and passed over."""
    from onrecord.cli.lines import event_line
    from onrecord.contracts import Tombstone, Undecodable, decode, header_map

    try:
        event = decode(record)
    except Undecodable as error:
        reason = str(error).split("\n", 1)[0]
        complain(f"passed over {record.topic} {record.partition}:{record.offset}: {error.reason}: {reason}")
        return
    if isinstance(event, Tombstone) or record.value is None:
        return  # this topic is not compacted: a null says nothing here
    if as_json:
        headers = header_map(record.headers)
        wire = {name: headers[name] for name in ("ce_type", "ce_id") if name in headers}
        say(json_line({**json.loads(record.value), **wire}))
    else:
        say(event_line(event))
