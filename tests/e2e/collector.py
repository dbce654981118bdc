"""A collector of spans: OTLP over HTTP, as any tracing backend takes it."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

MAX_EXPORT_BYTES = 16 * 1024 * 1024  # an export holds 512 spans at most


@dataclass(frozen=True)
class Seen:
    """One span. `parent` is empty for a root; `links` are (trace, span)."""

    service: str
    name: str
    trace: str
    span: str
    parent: str
    links: tuple[tuple[str, str], ...]
    facts: dict[str, str]


@dataclass
class Collector:
    url: str = ""
    spans: list[Seen] = field(default_factory=list)

    def by_trace(self) -> dict[str, list[Seen]]:
        found: dict[str, list[Seen]] = defaultdict(list)
        for span in self.spans:
            found[span.trace].append(span)
        return found

    async def take(self, request: web.Request) -> web.Response:
        export = ExportTraceServiceRequest.FromString(await request.read())
        for of_resource in export.resource_spans:
            facts = {fact.key: fact.value.string_value for fact in of_resource.resource.attributes}
            for scope in of_resource.scope_spans:
                self.spans += seen(facts["service.name"], scope.spans)
        return web.Response(content_type="application/x-protobuf")


def seen(service: str, spans: Iterable[Span]) -> Iterable[Seen]:
    for span in spans:
        links = tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links)
        facts = {fact.key: fact.value.string_value for fact in span.attributes}
        ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
        yield Seen(service.removeprefix("onrecord-"), span.name, *ids, links, facts)


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector = Collector()

    async def ignore(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(content_type="application/x-protobuf")

    app = web.Application(client_max_size=MAX_EXPORT_BYTES)
    app.router.add_post("/v1/traces", collector.take)
    app.router.add_post("/v1/metrics", ignore)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()
