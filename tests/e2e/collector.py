"""A collector of spans and metrics: OTLP over HTTP, as any backend takes it."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

MAX_EXPORT_BYTES = 16 * 1024 * 1024  # an export holds 512 spans at most
Value = str | int | bool | float
KIND = "SPAN_KIND_"


@dataclass(frozen=True)
class Seen:
    """One span. `parent` is empty for a root; `links` are (trace, span); `failed`: its status is an error."""

    service: str
    name: str
    trace: str
    span: str
    parent: str
    links: tuple[tuple[str, str], ...]
    facts: dict[str, Value]
    kind: str
    failed: bool


@dataclass
class Collector:
    """`metrics`: names of the labels that a service's metric came with."""

    url: str = ""
    spans: list[Seen] = field(default_factory=list)
    metrics: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def by_trace(self) -> dict[str, list[Seen]]:
        found: dict[str, list[Seen]] = defaultdict(list)
        for span in self.spans:
            found[span.trace].append(span)
        return found

    async def take_spans(self, request: web.Request) -> web.Response:
        export = ExportTraceServiceRequest.FromString(await request.read())
        for of_resource in export.resource_spans:
            service = service_of(of_resource.resource.attributes)
            for scope in of_resource.scope_spans:
                self.spans += seen(service, scope.spans)
        return web.Response(content_type="application/x-protobuf")

    async def take_metrics(self, request: web.Request) -> web.Response:
        export = ExportMetricsServiceRequest.FromString(await request.read())
        for of_resource in export.resource_metrics:
            service = service_of(of_resource.resource.attributes)
            for scope in of_resource.scope_metrics:
                for metric in scope.metrics:
                    self.metrics[service, metric.name] |= labels_of(metric)
        return web.Response(content_type="application/x-protobuf")


def service_of(attributes: Iterable[KeyValue]) -> str:
    return str(facts_of(attributes)["service.name"]).removeprefix("onrecord-")


def facts_of(attributes: Iterable[KeyValue]) -> dict[str, Value]:
    return {fact.key: value_of(fact.value) for fact in attributes}


def value_of(value: AnyValue) -> Value:
    name = value.WhichOneof("value")
    assert name in ("string_value", "int_value", "bool_value", "double_value"), f"an attribute of the kind {name}"
    found: Value = getattr(value, name)
    return found


def seen(service: str, spans: Iterable[Span]) -> Iterable[Seen]:
    for span in spans:
        links = tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links)
        ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
        kind = Span.SpanKind.Name(span.kind).removeprefix(KIND)
        failed = span.status.code == Status.STATUS_CODE_ERROR
        yield Seen(service, span.name, *ids, links, facts_of(span.attributes), kind, failed)


def labels_of(metric: Metric) -> set[str]:
    points = getattr(metric, metric.WhichOneof("data") or "gauge").data_points
    return {fact.key for point in points for fact in point.attributes}


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector = Collector()
    app = web.Application(client_max_size=MAX_EXPORT_BYTES)
    app.router.add_post("/v1/traces", collector.take_spans)
    app.router.add_post("/v1/metrics", collector.take_metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()
