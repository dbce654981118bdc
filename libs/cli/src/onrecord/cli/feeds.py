"""`onrecord feeds`: which feeds are polled."""

import argparse
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from onrecord.cli import where
from onrecord.cli.errors import CommandFailed, NothingFound
from onrecord.cli.terminal import json_line, plain, say

if TYPE_CHECKING:
    from onrecord.feed.adapters.db import FeedRows

EVERY_S = 3600.0  # what feed publishers ask of readers; the schedule may wait longer
LEAST_EVERY_S = 1.0  # below that one poll would run into the next


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("feeds", help="add, remove and list feeds")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="poll a feed from now on")
    add.add_argument("url", metavar="URL")
    add.add_argument(
        "--every", type=seconds, default=EVERY_S, metavar="SECONDS", help=f"no more often; {EVERY_S:.0f} unless told"
    )
    remove = actions.add_parser("remove", help="poll a feed no more; what was published stays")
    remove.add_argument("url", metavar="URL")
    listing = actions.add_parser("list", help="show every feed and its last poll")
    listing.add_argument("--json", action="store_true", help="one feed a line")
    for action, work in ((add, _add), (remove, _remove), (listing, _list)):
        where.add_data_option(action)
        action.set_defaults(run=run, work=work)


def seconds(text: str) -> float:
    value = float(text)
    if not LEAST_EVERY_S <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not {LEAST_EVERY_S:.0f} or more seconds")
    return value


def run(args: argparse.Namespace) -> int:
    import asyncio

    from onrecord.cli.database import readable

    with readable("feed"):
        lines = asyncio.run(_with_rows(args))
    for line in lines:
        say(line)
    return 0


async def _with_rows(args: argparse.Namespace) -> list[str]:
    from onrecord.feed.adapters.db import FeedRows
    from onrecord.runtime.database import make_pool

    work: Callable[[argparse.Namespace, FeedRows], Awaitable[list[str]]] = args.work
    async with make_pool(where.find(args.data).database("feed"), "feed", size=1) as pool:
        return await work(args, FeedRows(pool))


async def _add(args: argparse.Namespace, rows: "FeedRows") -> list[str]:
    url = _address(args.url)
    await rows.add(url, min_interval_s=args.every, now=datetime.now(UTC))
    return [plain(f"added {url}")]


async def _remove(args: argparse.Namespace, rows: "FeedRows") -> list[str]:
    if not await rows.remove(args.url) and not await rows.remove(_address(args.url)):
        raise NothingFound(f"{args.url} is not among the feeds")
    return [plain(f"removed {args.url}")]


async def _list(args: argparse.Namespace, rows: "FeedRows") -> list[str]:
    found = [dict(row) for row in await rows.all()]
    return [json_line(_fields(row)) if args.json else feed_line(row) for row in found]


def _address(text: str) -> str:
    from onrecord.web import UrlRefused, WebAddress

    try:
        return str(WebAddress.parse(text.strip()))
    except UrlRefused as error:
        raise CommandFailed(f"{text} can not be a feed: {error}") from error


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    """Absent when unknown; times in RFC 3339."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items() if value is not None}


def feed_line(row: Mapping[str, Any]) -> str:
    polled = row["last_polled_at"]
    last = f"{polled.astimezone(UTC):%Y-%m-%d %H:%M:%SZ} {row['last_result']}" if polled else "not polled yet"
    detail = f" ({row['last_detail']})" if row["last_detail"] else ""
    title = f"  {row['title']}" if row["title"] else ""
    return plain(f"{'stopped' if row['stopped'] else 'polled':<8}{row['url']}  {last}{detail}  {row['polls']} polls{title}")
