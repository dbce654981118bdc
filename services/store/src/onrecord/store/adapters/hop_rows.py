"""SQL on the hops of an item's life, kept for `why`."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from onrecord.contracts import Event, ids
from onrecord.runtime.delivery import Delivery
from onrecord.store.adapters.postgres import as_json

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Connection

NOTE = """
INSERT INTO hops (item_id, item_revision, ce_id, trace_id, ce_type, ce_source, topic, subject, url, occurred_at, recorded_at,
    seen_at, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT DO NOTHING
"""


async def note(connection: "Connection", delivery: Delivery[Event], *, url: str | None, detail: Mapping[str, object]) -> None:
    event, headers = delivery.event, delivery.headers
    ref = event.item_ref
    if ref is None:
        return
    await connection.execute(
        NOTE,
        ref.item_id,
        ref.item_revision,
        headers.get("ce_id") or str(ids.event_id(event.ce_type, event.subject, *event.event_revision)),
        trace_id(headers.get("traceparent") or delivery.hop.traceparent),
        event.ce_type,
        headers.get("ce_source"),
        delivery.topic,
        event.subject,
        url,
        event.occurred_at,
        _moment(headers.get("ce_recordedtime")),
        delivery.now,
        as_json(detail),
    )


def trace_id(traceparent: str | None) -> str:
    """The trace's own part of a W3C `traceparent`; empty where there is none."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == 4 else ""


def _moment(header: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(header) if header else None
    except ValueError:
        return None
