"""The Kafka headers of each event, as a schema."""

from typing import Any

from onrecord.contracts.event import Event
from onrecord.contracts.page import Page
from onrecord.contracts.takedown import Takedown

REQUIRED = {
    "ce_specversion": "CloudEvents version, 1.0",
    "ce_id": "UUIDv5 of the work itself: drop a second record with the same ce_source and ce_id",
    "ce_type": "type and major version of the event",
    "ce_source": "/<deployment>/<service>",
    "ce_subject": "the record's own id",
    "ce_time": "when the thing happened, RFC 3339 UTC",
    "ce_recordedtime": "when it was recorded; later than ce_time in a backfill",
    "ce_dataschema": "URI of the JSON Schema, with its version",
    "ce_partitionkey": "same as the record's key",
    "lane": "live or backfill",
    "content-type": "media type of the value",
}
OF_AN_ITEM = {
    "item_id": "the item that began this life",
    "item_revision": "and its revision",
    "ce_correlationid": "same as item_id",
}
OPTIONAL = {
    "ce_causationid": "ce_id of the direct cause",
    "traceparent": "W3C trace context of this hop",
    "tracestate": "W3C trace state of this hop",
    "ce_traceparent": "trace context in which this life began",
}
OF_A_DEAD_LETTER = {
    "dlq_topic": "topic it was read from",
    "dlq_partition": "partition it was read from",
    "dlq_offset": "offset it was read at",
    "dlq_error_type": "name of the error",
    "dlq_reason": "low-cardinality word",
    "dlq_attempts": "tries until it was given up",
    "dlq_first_at": "when the first try failed",
    "dlq_service": "who gave it up",
}
OF_A_TOMBSTONE = {
    "revision_fetched_at": "revision of the retraction that this null goes with",
    "revision_engine_release": "and its engine release",
    "retraction_reason": "and its reason",
}
NOT_IN_HEADERS = frozenset({"article_id", "body", "schema_version"})  # article_id is ce_subject


def page_headers() -> dict[str, str]:
    facts = {n: f.description or n.replace("_", " ") for n, f in Page.model_fields.items() if n not in NOT_IN_HEADERS}
    return {**facts, "content-encoding": "zstd"}


def headers_schema(cls: type[Event]) -> dict[str, Any]:
    """Header values are UTF-8 text."""
    described = {**REQUIRED, **OPTIONAL}
    if cls is not Takedown:
        described |= OF_AN_ITEM
    if cls is Page:
        described |= page_headers()
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": text} for name, text in described.items()},
        "required": list(REQUIRED),
    }
