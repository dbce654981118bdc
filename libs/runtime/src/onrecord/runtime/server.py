"""The HTTP server of a service, and how a signal ends it."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

from onrecord.runtime.errors import StartRefused
from onrecord.runtime.settings import Settings

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
HTTP_GRACE_S = 3  # for open connections, of the 20 s of a stop

log = logging.getLogger(__name__)


async def unless_stopped(work: Coroutine[Any, Any, None]) -> bool:
    """False when a stop signal came before `work` was done. uvicorn looks at signals only once it serves."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
    return not task.cancelled()


class QuietServer(uvicorn.Server):
    """Ends with exit code 0 after a signal; uvicorn's own raises the signal again when all is done."""

    def __init__(self, config: uvicorn.Config, before_stop: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._before_stop = before_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._stop, number)
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn ends the process here when the start failed; its caller is to see that."""
        try:
            await super().startup(sockets)
        except SystemExit:
            self.should_exit = True

    def _stop(self, number: int) -> None:
        for callback in self._before_stop:
            callback()
        self.handle_exit(number, None)


def make_server(settings: Settings, lifespan: Any, routes: Any, before_stop: Sequence[Callable[[], None]]) -> QuietServer:
    """`lifespan` starts and ends with the server, `routes` answers; both are ASGI applications."""

    async def asgi(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def tell(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.failed":
                say_failed(settings.service, sys.exc_info()[1])
                message = {**message, "message": ""}  # else the whole traceback is a message
            await send(message)

        await (lifespan(scope, receive, tell) if scope["type"] == "lifespan" else routes(scope, receive, send))

    config = uvicorn.Config(
        asgi,
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=HTTP_GRACE_S,
        server_header=False,
    )
    return QuietServer(config, before_stop)


def say_failed(service: str, error: BaseException | None) -> None:
    """One line; where it came from is for DEBUG."""
    what = str(error) if isinstance(error, StartRefused) else f"{type(error).__name__}: {error}"
    log.critical("%s can not start: %s", service, what.split("\n", 1)[0])
    log.debug("where the start failed", exc_info=error)
