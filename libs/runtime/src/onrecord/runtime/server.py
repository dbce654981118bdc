"""The HTTP server of a service, and how a signal ends it."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


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

    def _stop(self, number: int) -> None:
        for callback in self._before_stop:
            callback()
        self.handle_exit(number, None)
