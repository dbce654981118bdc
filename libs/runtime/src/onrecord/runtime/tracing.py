"""One trace is the life of one item revision: W3C `traceparent` per hop, a process span per record, parents not only links.

Without an OTLP endpoint nothing is recorded, and the inbound context is passed on as it came, so that a trace id still names
an item's life from end to end.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace import Span as OtelSpan

from onrecord.runtime.catalogue import Attribute, Span

KINDS = {
    Span.create: SpanKind.PRODUCER,
    Span.send: SpanKind.PRODUCER,
    Span.process: SpanKind.CONSUMER,
    Span.fetch: SpanKind.CLIENT,
    Span.insert: SpanKind.CLIENT,
}
# W3C Trace Context, version 00
TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")
Attributes = Mapping[Attribute, str | int | bool]


class Trace(Protocol):
    """A place in a trace: where children start, and what is written into the headers of records made here."""

    @property
    def traceparent(self) -> str: ...

    def note(self, attributes: Attributes) -> None: ...

    def fail(self, error_type: str) -> None: ...


class Tracing(Protocol):
    @property
    def records(self) -> bool: ...

    def span(
        self,
        name: Span,
        *,
        target: str = "",
        parent: str | None = None,
        link: str | None = None,
        attributes: Attributes | None = None,
    ) -> AbstractContextManager[Trace]: ...

    def shutdown(self) -> None: ...


def new_traceparent() -> str:
    """A fresh context, marked sampled so that a later service that records may join it."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


class Passed:
    """Nothing is recorded; the context goes on as it came, and a damaged one no further."""

    __slots__ = ("traceparent",)

    def __init__(self, traceparent: str | None) -> None:
        self.traceparent = traceparent if traceparent and TRACEPARENT.fullmatch(traceparent) else new_traceparent()

    def note(self, attributes: Attributes) -> None:
        """Nobody listens."""

    def fail(self, error_type: str) -> None:
        """Nobody listens."""

    def __enter__(self) -> "Passed":
        return self

    def __exit__(self, *error: object) -> None:
        return None


class PassTracing:
    """Used when no endpoint is set."""

    records = False

    def span(
        self,
        name: Span,  # noqa: ARG002
        *,
        target: str = "",  # noqa: ARG002
        parent: str | None = None,
        link: str | None = None,  # noqa: ARG002
        attributes: Attributes | None = None,  # noqa: ARG002
    ) -> Passed:
        return Passed(parent)

    def shutdown(self) -> None:
        """Nothing to flush."""


class Recorded:
    __slots__ = ("_span",)

    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes({str(name): value for name, value in attributes.items()})

    def fail(self, error_type: str) -> None:
        self._span.set_attribute(Attribute.error_type, error_type)
        self._span.set_status(Status(StatusCode.ERROR, error_type))


class OtelTracing:
    """Spans with explicit parents, never ambient context: batches interleave many traces in one task."""

    records = True

    def __init__(
        self, service: str, deployment: str, exporter: SpanExporter, *, sample: float = 1.0, parent: bool = True
    ) -> None:
        resource = Resource.create(
            {"service.name": f"onrecord-{service}", "service.namespace": "onrecord", "deployment.environment.name": deployment}
        )
        self._provider = TracerProvider(resource=resource, sampler=ParentBased(TraceIdRatioBased(sample)))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer: Tracer = self._provider.get_tracer("onrecord.runtime")
        self._parent = parent

    @contextmanager
    def span(
        self,
        name: Span,
        *,
        target: str = "",
        parent: str | None = None,
        link: str | None = None,
        attributes: Attributes | None = None,
    ) -> Iterator[Trace]:
        remote = parse_traceparent(parent)
        if remote and not remote.trace_flags.sampled:
            yield Passed(parent)  # the whole trace is unrecorded: an empty span costs as much as it tells
            return
        links = [Link(context) for context in (parse_traceparent(link), remote if name is Span.process else None) if context]
        use_parent = remote if self._parent or name is not Span.process else None
        span = self._tracer.start_span(
            f"{name} {target}".strip(),
            context=set_span_in_context(NonRecordingSpan(use_parent)) if use_parent else Context(),
            kind=KINDS.get(name, SpanKind.INTERNAL),
            links=links,
            attributes={str(key): value for key, value in (attributes or {}).items()},
        )
        trace = Recorded(span)
        try:
            yield trace
        except BaseException as error:
            trace.fail(type(error).__name__)
            raise
        finally:
            span.end()

    def shutdown(self) -> None:
        self._provider.shutdown()


def parse_traceparent(header: str | None) -> SpanContext | None:
    """W3C Trace Context, version 00; None for anything else."""
    match = TRACEPARENT.fullmatch(header or "")
    if match is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in match.groups())
    return SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))


def make_tracing(service: str, deployment: str, endpoint: str | None, *, sample: float, parent: bool) -> Tracing:
    if endpoint is None:
        return PassTracing()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    return OtelTracing(service, deployment, exporter, sample=sample, parent=parent)
