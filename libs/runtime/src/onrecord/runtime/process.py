"""One record to its end: decode, handle, and carry out the verdict. What raises here is a bug, and becomes a dead letter."""

import hashlib
import logging
import traceback
from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from uuid import UUID

from onrecord.contracts import (
    ContractError,
    Deferred,
    Event,
    Hop,
    Lane,
    Outcome,
    OutcomeKind,
    Tombstone,
    Undecodable,
    decode,
    encode,
    header_map,
)
from onrecord.runtime.catalogue import CONSUMED, DEAD_LETTERS, ITEMS, PROCESS_DURATION, RETRIES, Attribute, Span
from onrecord.runtime.dead_letter import Breaker, dead_letter
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.log import trace_id_of
from onrecord.runtime.produce import RecordTooLarge
from onrecord.runtime.registry import Registry, Services
from onrecord.runtime.retry import Original, attempt_of, defer
from onrecord.runtime.tracing import Trace
from onrecord.runtime.verdict import DeadLetter, Done, Drop, Emit, Retry, Verdict

log = logging.getLogger(__name__)


class Processor:
    """Ends every record in exactly one of: finished, outcome, retry tier, dead letter."""

    def __init__(self, registry: Registry, services: Services) -> None:
        self._registry = registry
        self._services = services
        self.breaker = Breaker()

    async def process(self, records: Sequence[tuple[Original, float]]) -> None:
        """Records of one key, in order, each with the seconds it waited for its turn."""
        settings, tracing = self._services.settings, self._services.tracing
        scopes = []
        deliveries: list[tuple[Original, Delivery[Event]]] = []
        try:
            for record, waited_s in records:
                headers = header_map(record.headers)
                scope = tracing.span(
                    Span.process,
                    target=record.topic,
                    parent=headers.get("traceparent"),
                    attributes=self._attributes(record, headers) if tracing.records else None,
                )
                trace = scope.__enter__()
                scopes.append(scope)
                hop = Hop(
                    settings.source,
                    self._services.now(),
                    causation_id=headers.get("ce_id"),
                    traceparent=trace.traceparent,
                    start_traceparent=headers.get("ce_traceparent"),
                )
                event = await self._decoded(record, headers, hop, trace)
                if event is not None:
                    attempt = attempt_of(headers)
                    deliveries.append(
                        (record, Delivery(event, record.topic, headers, hop, hop.recorded_at, trace, attempt, waited_s))
                    )
            if deliveries:
                await self._handle(deliveries)
        finally:
            for scope in reversed(scopes):
                scope.__exit__(None, None, None)

    async def overflow(self, record: Original, verdict: Verdict) -> None:
        """The registry's verdict for a record whose key has too many waiting."""
        headers = header_map(record.headers)
        with self._services.tracing.span(Span.process, target=record.topic, parent=headers.get("traceparent")) as trace:
            hop = Hop(self._services.settings.source, self._services.now(), headers.get("ce_id"), trace.traceparent)
            event = await self._decoded(record, headers, hop, trace)
            if event is not None:
                delivery = Delivery(event, record.topic, headers, hop, hop.recorded_at, trace, attempt_of(headers))
                await self._carry_out(record, delivery, verdict)

    async def _decoded(self, record: Original, headers: dict[str, str], hop: Hop, trace: Trace) -> Event | None:
        try:
            event = decode(record)
        except (Undecodable, RecursionError) as error:
            reason = error.reason if isinstance(error, Undecodable) else "malformed_event"
            await self._bury(record, headers, hop, trace, DeadLetter(reason, str(error)), type(error).__name__)
            return None
        return None if isinstance(event, Tombstone) else event

    async def _handle(self, deliveries: list[tuple[Original, Delivery[Event]]]) -> None:
        started = perf_counter()
        try:
            verdicts = await self._registry.handle([delivery for _, delivery in deliveries], self._services)
        except Exception as error:
            log.exception("handler failed: %s", error)
            detail = f"{error} [{stack_hash(error)}]"
            verdicts = [DeadLetter("handler_error", detail)] * len(deliveries)
            for _, delivery in deliveries:
                delivery.trace.fail(type(error).__name__)
        took = (perf_counter() - started) / len(deliveries)
        for (record, delivery), verdict in zip(deliveries, verdicts, strict=True):
            self._services.metrics.count(CONSUMED, record.topic)
            self._services.metrics.measure(PROCESS_DURATION, took, type(delivery.event).__name__)
            await self._carry_out(record, delivery, verdict)

    async def _carry_out(self, record: Original, delivery: Delivery[Event], verdict: Verdict) -> None:
        try:
            match verdict:
                case Done():
                    pass
                case Emit(events):
                    await self._services.sender.send([encode(event, delivery.hop) for event in events])
                case Drop():
                    await self._end(delivery, verdict)
                case Retry():
                    await self._retry(record, delivery, verdict)
                case DeadLetter():
                    await self._bury(record, dict(delivery.headers), delivery.hop, delivery.trace, verdict, verdict.reason)
        except (RecordTooLarge, ContractError) as error:
            refusal = DeadLetter(error.reason, str(error))
            await self._bury(record, dict(delivery.headers), delivery.hop, delivery.trace, refusal, type(error).__name__)
        else:
            if not isinstance(verdict, DeadLetter):
                self.breaker.saw(None)

    async def _end(self, delivery: Delivery[Event], verdict: Drop) -> None:
        outcome = outcome_of(delivery, verdict, self._services.settings.service, self._services.now())
        delivery.trace.note({Attribute.outcome: verdict.outcome.value})
        await self._services.sender.send([encode(outcome, delivery.hop)])
        self._services.metrics.count(ITEMS, verdict.outcome.value)

    async def _retry(self, record: Original, delivery: Delivery[Event], verdict: Retry) -> None:
        settings = self._services.settings
        if verdict.counted and delivery.attempt >= settings.retry_attempts:
            await self._end(delivery, Drop(verdict.then, verdict.reason))
            return
        now = self._services.now()
        deferral = defer(
            record, group=settings.service, after_s=verdict.after_s, counted=verdict.counted, now=now, scale=settings.retry_scale
        )
        notices = deferred_notice(delivery, settings.service, verdict.reason, now, deferral.until)
        await self._services.sender.send([deferral.record, *(encode(notice, delivery.hop) for notice in notices)])
        self._services.metrics.count(RETRIES, verdict.reason, deferral.tier.name)

    async def _bury(
        self, record: Original, headers: dict[str, str], hop: Hop, trace: Trace, verdict: DeadLetter, error_type: str
    ) -> None:
        service, now = self._services.settings.service, self._services.now()
        letter = dead_letter(
            record, service=service, reason=verdict.reason, detail=verdict.detail, error_type=error_type, now=now
        )
        await self._services.sender.send(
            [letter, *(encode(end, hop) for end in dead_outcome(headers, service, verdict.reason, now))]
        )
        self._services.metrics.count(DEAD_LETTERS, verdict.reason)
        self.breaker.saw((verdict.reason, record.key or b""))
        trace.fail(error_type)
        log.error(
            "dead letter: %s: %s", verdict.reason, verdict.detail[:200],
            extra={
                "topic": record.topic, "partition": record.partition, "offset": record.offset,
                "trace_id": trace_id_of(headers.get("traceparent")), "item_id": headers.get("item_id"), "reason": verdict.reason,
            },
        )  # fmt: skip

    def _attributes(self, record: Original, headers: dict[str, str]) -> dict[Attribute, str | int | bool]:
        return {
            Attribute.system: "kafka",
            Attribute.operation_name: "process",
            Attribute.operation_type: "process",
            Attribute.destination: record.topic,
            Attribute.partition_id: str(record.partition),
            Attribute.group: self._services.settings.service,
            Attribute.offset: record.offset,
            Attribute.message_key: (record.key or b"").decode(errors="replace"),
            Attribute.message_id: headers.get("ce_id", ""),
            Attribute.conversation_id: headers.get("ce_correlationid", ""),
            Attribute.tombstone: record.value is None,
            Attribute.ce_id: headers.get("ce_id", ""),
            Attribute.ce_source: headers.get("ce_source", ""),
            Attribute.ce_type: headers.get("ce_type", ""),
            Attribute.ce_subject: headers.get("ce_subject", ""),
        }


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
    for holder in (event, getattr(event, "item", None), getattr(event, "provenance", None)):
        found = getattr(holder, "discovered_at", None)
        if isinstance(found, datetime):
            return found
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


def stack_hash(error: BaseException) -> str:
    """Equal for equal places in the code, so that dead letters of one bug are found together."""
    frames = traceback.extract_tb(error.__traceback__)
    return hashlib.sha256("|".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.name}" for f in frames).encode()).hexdigest()[:12]
