"""One record to its end: decode, handle, and carry out the verdict. What raises here is a bug, and becomes a dead letter."""

import hashlib
import logging
import traceback
from collections.abc import Sequence
from time import perf_counter

from onrecord.contracts import ContractError, Event, Hop, Tombstone, Undecodable, decode, encode, header_map
from onrecord.runtime.catalogue import CONSUMED, DEAD_LETTERS, PROCESS_DURATION, RETRIES, Attribute, Span
from onrecord.runtime.dead_letter import Breaker, dead_letter, facts_alone
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.ends import dead_outcome, deferred_notice, outcome_of
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
        tracing = self._services.tracing
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
                hop = self._hop(headers, trace)
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
            hop = self._hop(headers, trace)
            event = await self._decoded(record, headers, hop, trace)
            if event is not None:
                delivery = Delivery(event, record.topic, headers, hop, hop.recorded_at, trace, attempt_of(headers))
                await self._carry_out(record, delivery, verdict)

    def _hop(self, headers: dict[str, str], trace: Trace) -> Hop:
        return Hop(
            self._services.settings.source,
            self._services.now(),
            causation_id=headers.get("ce_id"),
            traceparent=trace.traceparent,
            start_traceparent=headers.get("ce_traceparent"),
        )

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
            if len(verdicts) != len(deliveries):
                raise ValueError(f"{len(verdicts)} verdicts for {len(deliveries)} events")
        except Exception as error:
            verdicts = [handler_error(error)] * len(deliveries)
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
        except Exception as error:
            refusal = refused(error) if isinstance(error, RecordTooLarge | ContractError) else handler_error(error)
            await self._bury(record, dict(delivery.headers), delivery.hop, delivery.trace, refusal, type(error).__name__)
        else:
            if not isinstance(verdict, DeadLetter):
                self.breaker.saw(None)

    async def _end(self, delivery: Delivery[Event], verdict: Drop) -> None:
        outcome = outcome_of(delivery, verdict, self._services.settings.service, self._services.now())
        delivery.trace.note({Attribute.outcome: verdict.outcome.value})
        await self._services.sender.send([encode(outcome, delivery.hop)])

    async def _retry(self, record: Original, delivery: Delivery[Event], verdict: Retry) -> None:
        settings = self._services.settings
        if verdict.counted and delivery.attempt >= settings.retry_attempts:
            await self._end(delivery, Drop(verdict.then, verdict.reason))
            return
        now = self._services.now()
        deferral = defer(
            record,
            group=settings.service,
            after_s=verdict.after_s,
            counted=verdict.counted,
            now=now,
            scale=settings.retry_scale,
            traceparent=delivery.hop.traceparent,
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
        ends = [encode(end, hop) for end in dead_outcome(headers, service, verdict.reason, now)]
        try:
            await self._services.sender.send([letter, *ends])
        except RecordTooLarge:
            await self._services.sender.send([facts_alone(letter), *ends])
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


def refused(error: RecordTooLarge | ContractError) -> DeadLetter:
    return DeadLetter(error.reason, str(error))


def handler_error(error: Exception) -> DeadLetter:
    log.error("handler failed: %s", error, exc_info=error)
    return DeadLetter("handler_error", f"{error} [{stack_hash(error)}]")


def stack_hash(error: BaseException) -> str:
    """Equal for equal places in the code, so that dead letters of one bug are found together."""
    frames = traceback.extract_tb(error.__traceback__)
    return hashlib.sha256("|".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.name}" for f in frames).encode()).hexdigest()[:12]
