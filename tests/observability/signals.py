"""What each service must be seen to do: spans with their edges, metrics, log lines. One table, walked by the tests.

`tests/e2e/test_traces.py` drives the demo newspapers and holds what a collector received against it;
`test_signals.py` holds it against the catalogue, so that a new name is either here or says why it is not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from onrecord.contracts import topics
from onrecord.contracts.topics import RETRY_TIERS, dead_letter_topic, retry_topic
from onrecord.runtime import catalogue
from onrecord.runtime.catalogue import Attribute, Metric, Span

ITEM, PAGE, ARTICLE, OUTCOME = topics.ITEM.name, topics.PAGE.name, topics.ARTICLE.name, topics.OUTCOME.name
STATEMENT, LATEST = topics.STATEMENT.name, topics.STATEMENT_LATEST.name
SHORT, MIDDLE = (retry_topic(ITEM, "scraper", tier) for tier in RETRY_TIERS[:2])
SCRAPER_DEAD, STORE_DEAD = (dead_letter_topic(ITEM, group) for group in ("scraper", "store"))
ROOT = ("", "")


class Links(Enum):
    """What a span is linked to, besides its parent."""

    none = "nothing"
    record = "its record's context, which is its parent too"
    origin = "the poll that found it, or the item's first trace when it is emitted again"


Place = tuple[str, str]  # service and span name


@dataclass(frozen=True)
class Edge:
    """A span of a service. Each of `parents` must be seen, one of `also` may: there the order of arrival decides."""

    name: str
    kind: str
    parents: tuple[Place, ...]
    links: Links = Links.none
    also: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Signals:
    """`logs`: level and a pattern of the message."""

    spans: tuple[Edge, ...]
    metrics: tuple[Metric, ...]
    logs: tuple[tuple[str, str], ...]

    def edge(self, name: str) -> Edge:
        return next(edge for edge in self.spans if edge.name == name)


def process(topic: str, *senders: str) -> Edge:
    return Edge(f"process {topic}", "CONSUMER", tuple((sender, f"send {topic}") for sender in senders), Links.record)


def send(topic: str, *parents: Place, also: tuple[Place, ...] = ()) -> Edge:
    return Edge(f"send {topic}", "PRODUCER", parents, also=also)


def inside(name: Span, kind: str, *parents: Place) -> Edge:
    return Edge(name.value, kind, parents)


CREATE = f"create {ITEM}"
FROM_ITEM = ("scraper", f"process {ITEM}")
FROM_RETRIES = (("scraper", f"process {SHORT}"), ("scraper", f"process {MIDDLE}"))
FROM_PAGE, FROM_ARTICLE, FROM_STATEMENT = (
    ("extractor", f"process {PAGE}"),
    ("store", f"process {ARTICLE}"),
    ("store", f"process {STATEMENT}"),
)
SENDERS = ("scraper", "extractor", "store")

EVERY_METRIC = (
    catalogue.CONSUMED, catalogue.SENT, catalogue.PROCESS_DURATION, catalogue.OPERATION_DURATION, catalogue.LAG,
    catalogue.IN_FLIGHT, catalogue.READY, catalogue.BREAKER_TRIPPED, catalogue.ASSIGNED, catalogue.HELD_UP, catalogue.AWAY,
)  # fmt: skip
DATABASE = (catalogue.OUTBOX_UNSENT, catalogue.OUTBOX_AGE, catalogue.CONNECTIONS, catalogue.CONNECTIONS_MAX)
WORKERS = (catalogue.WORKER_DURATION, catalogue.WORKERS_QUEUED)


def every_log(service: str) -> tuple[tuple[str, str], ...]:
    return ("INFO", f"{service} is up"), ("INFO", r"assigned \d+ partitions")


MATRIX: Mapping[str, Signals] = {
    "feed": Signals(
        spans=(
            inside(Span.poll, "INTERNAL", ROOT),
            Edge(CREATE, "PRODUCER", (ROOT,), Links.origin),
            send(ITEM, ("feed", CREATE)),
            process(OUTCOME, *SENDERS),
        ),
        metrics=(
            *EVERY_METRIC, *DATABASE, *WORKERS, catalogue.ITEMS_FOUND, catalogue.ITEMS, catalogue.ITEM_DURATION,
            catalogue.LEDGER_OPEN, catalogue.LEDGER_OVERDUE, catalogue.FEEDS, catalogue.POLLS,
        ),
        logs=(
            *every_log("feed"), ("WARNING", "private addresses allowed: .+"), ("WARNING", "ONRECORD_FEED_CONTACT is not set"),
            ("WARNING", "poll of .+: (broken_feed|not_a_feed)"), ("WARNING", "emitted again: .+"),
        ),
    ),
    "scraper": Signals(
        spans=(
            process(ITEM, "feed", "scraper"),
            process(SHORT, "scraper"),
            process(MIDDLE, "scraper"),
            inside(Span.fetch, "CLIENT", FROM_ITEM, *FROM_RETRIES),
            send(PAGE, FROM_ITEM, FROM_RETRIES[1], also=FROM_RETRIES[:1]),
            send(ITEM, FROM_ITEM),
            send(OUTCOME, FROM_ITEM, *FROM_RETRIES),
            send(SHORT, FROM_ITEM),
            send(MIDDLE, FROM_RETRIES[0]),
            send(SCRAPER_DEAD, FROM_ITEM),
        ),
        metrics=(*EVERY_METRIC, catalogue.FETCHES, catalogue.FETCH_DURATION, catalogue.RETRIES, catalogue.DEAD_LETTERS),
        logs=(*every_log("scraper"), ("WARNING", "private addresses allowed: .+"), ("ERROR", "dead letter: malformed_event: .+")),
    ),
    "extractor": Signals(
        spans=(
            process(PAGE, "scraper"),
            inside(Span.extract, "INTERNAL", FROM_PAGE),
            inside(Span.statements, "INTERNAL", FROM_PAGE),
            send(ARTICLE, FROM_PAGE),
            send(STATEMENT, FROM_PAGE),
            send(OUTCOME, FROM_PAGE),
        ),
        metrics=(*EVERY_METRIC, *WORKERS, catalogue.STATEMENTS),
        logs=every_log("extractor"),
    ),
    "store": Signals(
        spans=(
            process(ITEM, "feed", "scraper"),
            process(ARTICLE, "extractor"),
            process(STATEMENT, "extractor"),
            process(OUTCOME, *SENDERS),
            send(OUTCOME, FROM_ARTICLE, ("store", f"process {ITEM}")),
            send(LATEST, also=(FROM_ARTICLE, FROM_STATEMENT)),
            send(STORE_DEAD, ("store", f"process {ITEM}")),
        ),
        metrics=(*EVERY_METRIC, *DATABASE, catalogue.FRESHNESS, catalogue.DEAD_LETTERS),
        logs=(*every_log("store"), ("ERROR", "dead letter: malformed_event: .+")),
    ),
}  # fmt: skip

# Attributes that every span of a name's first word carries.
EVENT = (
    Attribute.system, Attribute.operation_name, Attribute.operation_type, Attribute.destination, Attribute.message_key,
    Attribute.message_id, Attribute.conversation_id, Attribute.tombstone,
    Attribute.ce_id, Attribute.ce_source, Attribute.ce_type, Attribute.ce_subject,
)  # fmt: skip
ATTRIBUTES: Mapping[Span, tuple[Attribute, ...]] = {
    Span.poll: (),
    Span.create: (),
    Span.send: EVENT,
    Span.process: (*EVENT, Attribute.partition_id, Attribute.group, Attribute.offset),
    Span.fetch: (Attribute.http_method, Attribute.url_full, Attribute.server_address, Attribute.server_port),
    Span.extract: (),
    Span.statements: (Attribute.statement_count,),
}
# On some spans of the name only: with an answer, with an end, with a failure.
SOMETIMES: Mapping[Span, tuple[Attribute, ...]] = {
    Span.fetch: (Attribute.http_status, Attribute.error_type),
    Span.process: (Attribute.outcome, Attribute.error_type),
}

# In the catalogue and not in the story that the test drives.
NOT_DRIVEN: Mapping[str, str] = {
    catalogue.WORKER_KILLS.name: "counts from the first killed worker on; the newspapers' pages kill none for certain",
}
NOT_MADE: Mapping[str, str] = {
    Span.insert.value: "the store's shared work has no span yet",
    Attribute.batch_count.value: "belongs to that span",
}
# Edges that are not as EVENTS 6 has them: a dead letter keeps the headers that the record came with, byte for byte, its context
# among them. Each must be seen, so that the line goes when the edge is mended.
DEVIATIONS: Mapping[Place, tuple[Place, ...]] = {
    ("scraper", f"send {SCRAPER_DEAD}"): (("feed", f"send {ITEM}"),),
    ("store", f"send {STORE_DEAD}"): (("feed", f"send {ITEM}"),),
}


def matching(pattern: str, message: str) -> bool:
    return re.match(pattern, message) is not None
