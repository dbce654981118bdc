"""A collector that counts spans and keeps none, in a process of its own.

python tests/bench/tracing/sink.py     prints its address; GET / answers with the spans received so far
"""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

MAX_EXPORT_BYTES = 16 * 1024 * 1024  # an export holds 512 spans at most


@dataclass(frozen=True)
class Sink:
    url: str

    def spans(self) -> int:
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return int(answer.read())


@contextmanager
def running() -> Iterator[Sink]:
    with subprocess.Popen([sys.executable, str(Path(__file__))], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Sink(process.stdout.readline().strip())
        finally:
            process.terminate()


def make_app() -> web.Application:
    received = 0

    async def traces(request: web.Request) -> web.Response:
        nonlocal received
        export = ExportTraceServiceRequest.FromString(await request.read())
        received += sum(len(scope.spans) for resource in export.resource_spans for scope in resource.scope_spans)
        return web.Response(content_type="application/x-protobuf")

    async def metrics(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(content_type="application/x-protobuf")

    async def count(_: web.Request) -> web.Response:
        return web.Response(text=str(received))

    app = web.Application(client_max_size=MAX_EXPORT_BYTES)
    app.add_routes([web.post("/v1/traces", traces), web.post("/v1/metrics", metrics), web.get("/", count)])
    return app


async def announced(app: web.Application) -> web.Application:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    return app


if __name__ == "__main__":
    import asyncio

    async def serve() -> None:
        await announced(make_app())
        await asyncio.Event().wait()

    asyncio.run(serve())
