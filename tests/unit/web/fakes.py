"""The outside world for web tests: names, sockets, sites and time."""

import asyncio
import gzip
import heapq
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from onrecord.web import Allowlist, Limits, UrlPolicy, UserAgent, WebClient

AGENT = UserAgent("0.1.0", "https://onrecord.example/bot")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUBLIC = "93.184.215.14"
TLS_HANDSHAKE = b"\x16"  # first byte of a TLS client

Handler = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


class FakeResolver(AbstractResolver):
    """`answers[host]`: one list of addresses per lookup, the last one for ever after."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self.answers = {host: list(lookups) for host, lookups in answers.items()}
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        self.asked.append(host)
        lookups = self.answers.get(host)
        if not lookups:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        addresses = lookups.pop(0) if len(lookups) > 1 else lookups[0]
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in addresses
        ]

    async def close(self) -> None:
        pass


class _Rerouted(socket.socket):
    """Believes itself connected to `apparent`, and is connected to a local site."""

    def __init__(self, apparent_family: int, local: tuple[str, int]) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self._apparent_family = apparent_family
        self._local = local

    @property
    def family(self) -> int:  # type: ignore[override]
        return self._apparent_family

    def connect(self, address: Any) -> None:
        super().connect(self._local)


class Internet:
    """Every address leads to one local port; `opened` lists the addresses that sockets were opened for."""

    def __init__(self, local_port: int) -> None:
        self.local = ("127.0.0.1", local_port)
        self.opened: list[tuple[str, int]] = []

    def open_socket(self, addr_info: Any) -> socket.socket:
        self.opened.append((addr_info[4][0], addr_info[4][1]))
        return _Rerouted(addr_info[0], self.local)


@dataclass
class Site:
    """A site on loopback: `pages` by path, each bytes to send as they are, or a handler that plays with the connection."""

    pages: dict[str, bytes | Handler] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def allowlist(self) -> Allowlist:
        return Allowlist.parse(f"127.0.0.1/32:{self.port}")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await _request(reader)) is not None:
                self.requests.append(request)
                path = request.split(" ")[1]
                page = self.pages.get(path, self.pages.get("*", reply(404)))
                if isinstance(page, bytes):
                    writer.write(page)
                    await writer.drain()
                else:
                    await page(request, writer)
                    return
            writer.write(reply(400))  # to a TLS client this is garbage
        except (ConnectionError, asyncio.CancelledError):
            pass  # the client has left, or the test is over
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> str | None:
    first = await reader.read(1)
    if first in (b"", TLS_HANDSHAKE):
        return None
    try:
        return (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None


def reply(status: int = 200, body: bytes = b"", headers: Iterable[tuple[str, str]] = (), *, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def zipped(body: bytes, *, cut_bytes: int = 0) -> bytes:
    data = gzip.compress(body, mtime=0)
    return reply(200, data[: len(data) - cut_bytes], [("Content-Encoding", "gzip")])


@asynccontextmanager
async def site(pages: dict[str, bytes | Handler] | None = None, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Site]:
    running = Site(dict(pages or {}))
    connections: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        await running.answer(reader, writer)
        connections.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def client_for(running: Site, *, limits: Limits | None = None, **world: Any) -> WebClient:
    world.setdefault("now", lambda: NOON)
    return WebClient(AGENT, policy=UrlPolicy(allowlist=running.allowlist), limits=limits, **world)


class FakeClock:
    """Seconds that pass only by `advance`."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now_s + seconds, id(woken), woken))
        await woken

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end_s:
            self.now_s, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await self.settle()
        self.now_s = end_s
        await self.settle()


def moved(location: str, status: int = 302) -> bytes:
    return reply(status, b"", [("Location", location)])


def header_sent(running: Site, name: str, request: int = -1) -> str | None:
    found = [line.partition(": ")[2] for line in running.requests[request].split("\r\n") if line.lower().startswith(f"{name}: ")]
    assert len(found) <= 1
    return found[0] if found else None


def closing(page: bytes) -> Handler:
    async def send(request: str, writer: asyncio.StreamWriter) -> None:
        writer.write(page)
        await writer.drain()

    return send
