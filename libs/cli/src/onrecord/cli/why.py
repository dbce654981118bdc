"""`onrecord why`: one item's whole path."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from onrecord.cli import where
from onrecord.cli.errors import NothingFound
from onrecord.cli.terminal import json_line, plain, say

TYPE_PREFIX = "org.onrecord."


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("why", help="tell what became of an item: every hop, its end and the reason")
    parser.add_argument("item", metavar="URL|ITEM_ID", help="the item's link, its article's address, or its id")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    where.add_data_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    place = where.find(args.data)
    found = items_of(place, args.item.strip())
    if not found:
        raise NothingFound(f"nothing is known of {args.item}: no feed showed it yet, or its address differs")
    if args.json:
        say(json_line({"items": found}))
    else:
        for item in found:
            for line in item_lines(item):
                say(plain(line))
    return 0


def items_of(place: where.Where, asked: str) -> list[dict[str, Any]]:
    from onrecord.cli.api import ask

    try:
        item = ask(place, f"/v1/items/{UUID(asked)}")
    except ValueError:
        return _by_url(place, asked)
    return [item] if item else []


def _by_url(place: where.Where, url: str) -> list[dict[str, Any]]:
    """As it was typed, and then as the scraper would write it."""
    from onrecord.cli.api import ask

    if found := (ask(place, "/v1/items", url=url) or {}).get("items", []):
        return list(found)
    from onrecord.web import UrlRefused, canonical_url

    try:
        canonical = str(canonical_url(url))
    except UrlRefused:
        return []
    return list((ask(place, "/v1/items", url=canonical) or {}).get("items", [])) if canonical != url else []


def item_lines(item: dict[str, Any]) -> Iterator[str]:
    yield f"item {item['item_id']}"
    for life in item["revisions"]:
        yield from _life_lines(life)


def _life_lines(life: dict[str, Any]) -> Iterator[str]:
    about = ("title", "link", "feed_url")
    yield f"revision {life['item_revision']}  {life.get('reason', '')}  {life.get('lane', '')}".rstrip()
    for name in about:
        if name in life:
            yield f"  {name.removesuffix('_url'):<8}{life[name]}"
    before: datetime | None = None
    for moment, what in sorted(_steps(life["hops"])):
        delta = f"{(moment - before).total_seconds():+.3f} s" if before else ""
        yield f"  {moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}Z {delta:>12}  {what}"
        before = moment
    yield from _end_lines(life)
    for trace in life["trace_ids"]:
        yield f"  trace   {trace}"


def _steps(hops: list[dict[str, Any]]) -> Iterator[tuple[datetime, str]]:
    """When, and what was done by whom. The store reads no pages: an article tells when its page was fetched."""
    for hop in hops:
        detail = dict(hop["detail"])
        if fetched_at := detail.pop("fetched_at", None):
            yield _moment(str(fetched_at)), _step("scraper", "page.fetched", {})
        service = str(hop.get("source", "?")).rsplit("/", 1)[-1]
        event = hop["type"].removeprefix(TYPE_PREFIX).removesuffix(".v1")
        yield _moment(hop.get("recorded_at") or hop["occurred_at"]), _step(service, event, detail)


def _step(service: str, event: str, detail: dict[str, Any]) -> str:
    told = "  ".join(f"{name}={value}" for name, value in detail.items())
    return f"{service:<10}{event:<22}{told}".rstrip()


def _end_lines(life: dict[str, Any]) -> Iterator[str]:
    for past in life["superseded_outcomes"]:
        yield f"  was     {past['outcome']} by {past['service']}, then {past['effective_outcome']}"
    if "outcome" in life:
        reason = f" ({life['outcome_reason']})" if "outcome_reason" in life else ""
        count = f", {life['statements']} statements" if "statements" in life else ""
        yield f"  outcome {life['outcome']}{reason} by {life.get('service', '?')}{count}{_after(life)}"
        return
    if waiting := life.get("deferred"):
        yield f"  waits   until {waiting['until']} ({waiting.get('reason', 'no reason given')})"
    for arrival in life["articles"]:
        if not arrival["complete"]:
            yield f"  article {arrival['arrived']} of {arrival['expected']} statements have arrived"
    yield "  outcome none yet: in flight"


def _after(life: dict[str, Any]) -> str:
    if "discovered_at" not in life or "ended_at" not in life:
        return ""
    return f", {(_moment(life['ended_at']) - _moment(life['discovered_at'])).total_seconds():.3f} s after its discovery"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
