"""Every span, attribute and metric name stands here once; a string literal elsewhere fails the lint test.

Names follow OpenTelemetry's messaging (development) and HTTP (stable) conventions; `onrecord.*` are ours.
"""

from dataclasses import dataclass
from enum import StrEnum


class Span(StrEnum):
    poll = "poll feed"
    create = "create"
    send = "send"
    process = "process"
    fetch = "GET"
    extract = "extract"
    statements = "statements"
    insert = "INSERT"


class Attribute(StrEnum):
    system = "messaging.system"
    operation_name = "messaging.operation.name"
    operation_type = "messaging.operation.type"
    destination = "messaging.destination.name"
    partition_id = "messaging.destination.partition.id"
    group = "messaging.consumer.group.name"
    offset = "messaging.kafka.offset"
    message_key = "messaging.kafka.message.key"
    message_id = "messaging.message.id"
    conversation_id = "messaging.message.conversation_id"
    tombstone = "messaging.kafka.message.tombstone"
    batch_count = "messaging.batch.message_count"
    ce_id = "cloudevents.event_id"
    ce_source = "cloudevents.event_source"
    ce_type = "cloudevents.event_type"
    ce_subject = "cloudevents.event_subject"
    error_type = "error.type"
    http_method = "http.request.method"
    http_status = "http.response.status_code"
    url_full = "url.full"
    server_address = "server.address"
    server_port = "server.port"
    outcome = "onrecord.outcome"
    statement_count = "onrecord.statement.count"


# Upper bounds, seconds. The SDK's own suit milliseconds. A bound stands wherever an alert compares a quantile.
SHORT_S = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # one call, one record, one job
LIFE_S = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 10_800.0)  # an item with all its retries
FRESH_S = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0)  # a slow feed: days


@dataclass(frozen=True, slots=True)
class Metric:
    """`labels` are low-cardinality attribute names; `buckets` the upper bounds of a histogram, in its unit."""

    name: str
    kind: str
    unit: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def counter(name: str, unit: str, text: str, *labels: str) -> Metric:
    return Metric(name, "counter", unit, text, labels)


def gauge(name: str, unit: str, text: str, *labels: str) -> Metric:
    return Metric(name, "gauge", unit, text, labels)


def duration(name: str, text: str, *labels: str, buckets: tuple[float, ...] = SHORT_S) -> Metric:
    return Metric(name, "histogram", "s", text, labels, buckets)


CONSUMED = counter("messaging.client.consumed.messages", "{message}", "Records handed to handlers", "topic")
SENT = counter("messaging.client.sent.messages", "{message}", "Records acknowledged by the broker", "topic")
PROCESS_DURATION = duration("messaging.process.duration", "Time from a handler's call to its verdict", "type")
OPERATION_DURATION = duration("messaging.client.operation.duration", "Time of one try to send or to commit", "operation")
LAG = gauge("messaging.kafka.consumer.lag", "{message}", "Records not yet finished", "topic", "partition")
IN_FLIGHT = gauge("onrecord.in_flight", "{record}", "Records received and not finished")

ITEMS_FOUND = counter("onrecord.items.found", "{item}", "Items published by feeds, new or changed, by reason", "reason")
ITEMS = counter("onrecord.items", "{item}", "Ended items, each counted once, by outcome", "outcome")
ITEM_DURATION = duration("onrecord.item.duration", "From a stored item's discovery to its end", "lane", buckets=LIFE_S)
LEDGER_OPEN = gauge("onrecord.ledger.open", "{item}", "Items between discovery and outcome")
LEDGER_OVERDUE = gauge("onrecord.ledger.overdue", "{item}", "Of these, items past their deadline")
FRESHNESS = duration("onrecord.freshness", "From publication to the stored row; live lane, no refetches", buckets=FRESH_S)
RETRIES = counter("onrecord.retries", "{record}", "Records put into a retry tier", "reason", "tier")
DEAD_LETTERS = counter("onrecord.dlq.records", "{record}", "Records put into a dead letter topic", "reason")
STATEMENTS = counter("onrecord.statements", "{statement}", "Statements by kind and language", "kind", "language")

FEEDS = gauge("onrecord.feeds", "{feed}", "Feeds by state; a feed may be in several", "state")
POLLS = counter("onrecord.polls", "{poll}", "Feed polls by result", "result")
FETCHES = counter("onrecord.fetches", "{request}", "Page fetches by status class", "status")
FETCH_DURATION = duration("http.client.request.duration", "Time of a page fetch, without the wait for its turn", "status")

OUTBOX_UNSENT = gauge("onrecord.outbox.unsent", "{record}", "Outbox rows not yet acknowledged by the broker")
OUTBOX_AGE = gauge("onrecord.outbox.age", "s", "Age of the oldest row in the outbox; 0 when it is empty or on standby")
READY = gauge("onrecord.ready", "{replica}", "1 when this replica is ready, else 0")
BREAKER_TRIPPED = gauge("onrecord.breaker.tripped", "{replica}", "1 when dead letters of one reason stopped this replica, else 0")
ASSIGNED = gauge("onrecord.assigned.partitions", "{partition}", "Partitions that this replica consumes")
HELD_UP = gauge("onrecord.held_up", "{task}", "Tasks that wait for a dependency")
AWAY = gauge("onrecord.dependency.away", "s", "Time since a dependency's first failure; 0 once it answers", "dependency")
WORKER_DURATION = duration("onrecord.workers.duration", "Time of a worker's job, its wait for a worker included", "pool")
WORKERS_QUEUED = gauge("onrecord.workers.queued", "{job}", "Jobs given to the workers and not finished", "pool")
WORKER_KILLS = counter("onrecord.workers.killed", "{worker}", "Worker processes killed by a limit", "pool")
CONNECTIONS = gauge("db.client.connection.count", "{connection}", "Connections of the database pool by state", "state")
CONNECTIONS_MAX = gauge("db.client.connection.max", "{connection}", "The most connections the database pool may open")

METRICS = (
    CONSUMED, SENT, PROCESS_DURATION, OPERATION_DURATION, LAG, IN_FLIGHT,
    ITEMS_FOUND, ITEMS, ITEM_DURATION, LEDGER_OPEN, LEDGER_OVERDUE, FRESHNESS, RETRIES, DEAD_LETTERS, STATEMENTS,
    FEEDS, POLLS, FETCHES, FETCH_DURATION,
    OUTBOX_UNSENT, OUTBOX_AGE, READY, BREAKER_TRIPPED, ASSIGNED, HELD_UP, AWAY,
    WORKER_DURATION, WORKERS_QUEUED, WORKER_KILLS, CONNECTIONS, CONNECTIONS_MAX,
)  # fmt: skip
