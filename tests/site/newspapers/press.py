"""Listening: one outlet, one port, and a log of who asked for what."""

import asyncio
import socket
from collections import deque
from dataclasses import dataclass, field

from aiohttp import web

from newspapers.shelf import Outlet

HOST = "127.0.0.1"
LOG_REQUESTS = 10_000  # the newest; enough for any test, and the demo may run for days
SHUTDOWN_S = 1.0  # a dripping page would otherwise hold the door for a minute


@dataclass(frozen=True)
class Asked:
    """One request as it came: `if_none_match` and `if_modified_since` are empty where the client sent none."""

    url: str
    status: int
    user_agent: str
    if_none_match: str
    if_modified_since: str


@dataclass
class Press:
    log: deque[Asked] = field(default_factory=lambda: deque(maxlen=LOG_REQUESTS))
    _runners: list[web.AppRunner] = field(default_factory=list)

    async def print(self, outlet: Outlet, listener: socket.socket, extra: dict[str, str]) -> None:
        """Serve `outlet` on a bound socket; `extra` are plain-text pages by path."""

        async def respond(request: web.Request) -> web.StreamResponse:
            text = extra.get(request.path)
            response = web.Response(text=text) if text is not None else await outlet.respond(request)
            self._note(request, outlet, response.status)
            return response

        app = web.Application()
        app.router.add_get("/{path:.*}", respond)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        self._runners.append(runner)

    def _note(self, request: web.Request, outlet: Outlet, status: int) -> None:
        headers = request.headers
        asked = Asked(
            outlet.base + request.path_qs,
            status,
            headers.get("User-Agent", ""),
            headers.get("If-None-Match", ""),
            headers.get("If-Modified-Since", ""),
        )
        self.log.append(asked)

    async def stop(self) -> None:
        runners, self._runners = self._runners, []
        await asyncio.gather(*(runner.cleanup() for runner in runners))


def listen(count: int, port: int) -> list[socket.socket]:
    """`count` sockets on consecutive ports from `port`, or on any free ones where it is 0."""
    listeners: list[socket.socket] = []
    try:
        for place in range(count):
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listeners.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port + place if port else 0))
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners
