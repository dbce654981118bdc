"""`onrecord status`: what came in, how it ended, what is on its way, and who is behind."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from onrecord.cli import where
from onrecord.cli.errors import CommandFailed
from onrecord.cli.terminal import json_line, plain, say

if TYPE_CHECKING:
    from onrecord.runtime.lag import Lag

UNKNOWN_BROKER = "this broker's figures are not to be trusted"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("status", help="show the ledger: items in, their ends, in flight, and lag")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    where.add_data_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from onrecord.cli.api import ask
    from onrecord.cli.lag import by_group

    place = where.find(args.data)
    ledger = ask(place, "/v1/ledger")
    if ledger is None:
        raise CommandFailed(f"{place.api} has no ledger: it is not the API of onrecord")
    lags, unknown = _lags(place)
    if args.json:
        reason = {"lag_unknown": unknown} if unknown else {}
        say(json_line({**ledger, "lag": by_group(lags), **reason}))
    else:
        for line in (*ledger_lines(ledger), "", *lag_lines(lags, unknown)):
            say(plain(line))
    return 0


def _lags(place: where.Where) -> "tuple[list[Lag], str | None]":
    """The lags, and why they are unknown where they are."""
    import asyncio

    from onrecord.cli.kafka import kafka_settings
    from onrecord.cli.lag import ask_lags, unknown_lags

    if not place.lag_known:
        return unknown_lags(), UNKNOWN_BROKER
    try:
        return asyncio.run(ask_lags(kafka_settings(place))), None
    except CommandFailed as error:
        return unknown_lags(), str(error) or type(error).__name__


def ledger_lines(ledger: dict[str, Any]) -> Iterator[str]:
    outcomes: dict[str, int] = ledger["outcomes"]
    ended = sum(outcomes.values())
    yield f"{'items in':<20}{ledger['items_in']:>10}"
    for name, count in sorted(outcomes.items(), key=lambda entry: (-entry[1], entry[0])):
        yield f"  {name:<18}{count:>10}"
    waiting = f"   ({ledger['deferred']} wait for another try)" if ledger["deferred"] else ""
    yield f"{'in flight':<20}{ledger['in_flight']:>10}{waiting}"
    if ledger["items_in"] != ended + ledger["in_flight"]:
        yield f"NOT BALANCED: {ledger['items_in']} in, {ended} ended and {ledger['in_flight']} in flight"


def lag_lines(lags: "list[Lag]", unknown: str | None) -> Iterator[str]:
    """Topics that nobody is behind on are told as one number per group."""
    if unknown:
        yield f"lag unknown: {unknown}"
        return
    for group in dict.fromkeys(lag.group for lag in lags):
        own = [lag for lag in lags if lag.group == group]
        total = sum(lag.records or 0 for lag in own)
        missing = [lag.topic for lag in own if lag.records is None]
        yield f"{group:<20}{'unknown' if missing else total:>10}   records behind on {len(own)} topics"
        for lag in own:
            if lag.records or (missing and total and lag.records is None):
                yield f"  {lag.topic:<40}{'unknown' if lag.records is None else lag.records:>10}"
