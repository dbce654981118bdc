"""`onrecord topics`: the topics of the catalogue, made and compared."""

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from onrecord.cli import where
from onrecord.cli.errors import CommandFailed
from onrecord.cli.terminal import plain, say

if TYPE_CHECKING:
    from onrecord.runtime.settings import Settings

DRIFT = 1  # exit code


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("topics", help="create the topics, or compare them with the catalogue")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    apply = actions.add_parser("apply", help="create what is missing; what is there stays as it is")
    apply.add_argument("--replication", type=_count, default=1, metavar="N", help="copies of each new topic")
    check = actions.add_parser("check", help="list what is missing or has another partition count; exit code 1 when any")
    for action, work in ((apply, _apply), (check, _check)):
        action.add_argument("--partitions", type=_count, metavar="N", help="else ONRECORD_PARTITIONS, else 12")
        where.add_data_option(action)
        action.set_defaults(run=run, work=work)


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 1000")
    return value


def run(args: argparse.Namespace) -> int:
    import asyncio

    from aiokafka.errors import KafkaError

    from onrecord.cli.kafka import kafka_settings

    settings = kafka_settings(where.find(args.data))
    if args.partitions:
        settings = settings.model_copy(update={"partitions": args.partitions})
    try:
        return int(asyncio.run(args.work(args, settings)))
    except KafkaError as error:
        raise CommandFailed(f"the broker refuses: {error}") from error


async def _apply(args: argparse.Namespace, settings: "Settings") -> int:
    from onrecord.cli.kafka import admin
    from onrecord.runtime.admin import apply_topics

    async with admin(settings):
        made = await apply_topics(settings, replication=args.replication)
    for name in made:
        say(f"created {name}")
    say(f"{len(made)} created")
    return 0


async def _check(_: argparse.Namespace, settings: "Settings") -> int:
    from onrecord.cli.kafka import admin
    from onrecord.contracts.topics import plans

    async with admin(settings) as client:
        there = {str(found["topic"]): len(found["partitions"]) for found in await client.describe_topics()}
    wanted = {plan.name: plan.partitions for plan in plans(settings.partitions)}
    found = list(drift(wanted, there))
    for line in found:
        say(plain(line))
    say(f"{len(wanted)} topics, {len(found)} differ")
    return DRIFT if found else 0


def drift(wanted: Mapping[str, int], there: Mapping[str, int]) -> Iterator[str]:
    for name, partitions in sorted(wanted.items()):
        if name not in there:
            yield f"missing {name}"
        elif there[name] != partitions:
            yield f"differs {name}: {there[name]} partitions, not {partitions}"
