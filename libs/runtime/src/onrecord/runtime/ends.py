"""How a record's end is told to the ledger: outcomes, and notices of a deferral."""

from datetime import datetime
from uuid import UUID

from onrecord.contracts import Article, Deferred, Event, Item, Lane, Outcome, OutcomeKind, Page, Statement
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.verdict import Drop


def outcome_of(delivery: Delivery[Event], verdict: Drop, service: str, now: datetime) -> Outcome:
    ref = delivery.event.item_ref
    assert ref is not None, f"{type(delivery.event).__name__} has no item whose life could end"
    return Outcome(
        item_id=ref.item_id,
        item_revision=ref.item_revision,
        article_id=getattr(delivery.event, "article_id", None),
        outcome=verdict.outcome,
        service=service,
        reason=verdict.reason,
        validators=verdict.validators,
        discovered_at=discovered_at(delivery.event),
        ended_at=now,
        lane=delivery.event.event_lane,
    )


def discovered_at(event: Event) -> datetime | None:
    match event:
        case Item() | Outcome():
            return event.discovered_at
        case Page():
            return event.item.discovered_at
        case Article() | Statement():
            return event.provenance.discovered_at
        case _:
            return None


def deferred_notice(delivery: Delivery[Event], service: str, reason: str, now: datetime, until: datetime) -> list[Deferred]:
    ref = delivery.event.item_ref
    if ref is None:
        return []
    return [
        Deferred(
            item_id=ref.item_id,
            item_revision=ref.item_revision,
            service=service,
            reason=reason,
            attempt=delivery.attempt,
            deferred_at=now,
            until=until,
            lane=delivery.event.event_lane,
        )
    ]


def dead_outcome(headers: dict[str, str], service: str, reason: str, now: datetime) -> list[Outcome]:
    """From the headers alone, so that a dead letter with an unreadable body still ends its item."""
    try:
        item, revision = UUID(headers["item_id"]), int(headers["item_revision"])
        lane = Lane(headers.get("lane", "live"))
        return [
            Outcome(
                item_id=item,
                item_revision=revision,
                outcome=OutcomeKind.dead_letter,
                service=service,
                reason=reason,
                ended_at=now,
                lane=lane,
            )
        ]
    except (KeyError, ValueError):
        return []
