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


@dataclass(frozen=True, slots=True)
class Metric:
    """`labels` are low-cardinality attribute names."""

    name: str
    kind: str
    unit: str
    help: str
    labels: tuple[str, ...] = ()


CONSUMED = Metric("messaging.client.consumed.messages", "counter", "{message}", "Records handed to handlers", ("topic",))
SENT = Metric("messaging.client.sent.messages", "counter", "{message}", "Records acknowledged by the broker", ("topic",))
PROCESS_DURATION = Metric("messaging.process.duration", "histogram", "s", "Time from a handler's call to its verdict", ("type",))
ITEMS = Metric("onrecord.items", "counter", "{item}", "Ended items, each counted once, by outcome", ("outcome",))
RETRIES = Metric("onrecord.retries", "counter", "{record}", "Records put into a retry tier", ("reason", "tier"))
DEAD_LETTERS = Metric("onrecord.dlq.records", "counter", "{record}", "Records put into a dead letter topic", ("reason",))
LAG = Metric("messaging.kafka.consumer.lag", "gauge", "{message}", "Records not yet finished", ("topic", "partition"))
IN_FLIGHT = Metric("onrecord.in_flight", "gauge", "{record}", "Records received and not finished")
POLLS = Metric("onrecord.polls", "counter", "{poll}", "Feed polls by result", ("result",))
FETCHES = Metric("onrecord.fetches", "counter", "{request}", "Page fetches by status class", ("status",))
STATEMENTS = Metric("onrecord.statements", "counter", "{statement}", "Statements by kind and language", ("kind", "language"))
FRESHNESS = Metric("onrecord.freshness", "histogram", "s", "From publication to the stored row")
OUTBOX_UNSENT = Metric("onrecord.outbox.unsent", "gauge", "{record}", "Outbox rows not yet acknowledged by the broker")
WORKER_KILLS = Metric("onrecord.workers.killed", "counter", "{worker}", "Worker processes killed by a limit", ("pool",))

METRICS = (
    CONSUMED, SENT, PROCESS_DURATION, ITEMS, RETRIES, DEAD_LETTERS, LAG, IN_FLIGHT, POLLS, FETCHES, STATEMENTS, FRESHNESS,
    OUTBOX_UNSENT, WORKER_KILLS,
)  # fmt: skip
