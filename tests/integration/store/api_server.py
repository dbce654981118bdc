"""The API on a real server, for tests that ask over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import uvicorn

from onrecord.store.adapters.item_reader import ItemReader
from onrecord.store.adapters.reader import Reader
from onrecord.store.api.app import ApiSettings, create_api
from onrecord.store.api.operations import AsksLag

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Pool

Serve = Callable[..., AbstractAsyncContextManager[aiohttp.ClientSession]]


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@asynccontextmanager
async def served(
    read_pool: "Pool", *, clock: Clock | None = None, lag: AsksLag | None = None, **settings: Any
) -> AsyncIterator[str]:
    """The address of a server of its own."""
    chosen = ApiSettings(**{"stream_poll_s": 0.02, "burst": 1000, **settings})
    app = create_api(Reader(read_pool), ItemReader(read_pool), chosen, lag=lag, clock_s=clock or Clock())
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", server_header=False))
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            assert not serving.done()
            await asyncio.sleep(0)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        app.state.live.close()
        server.should_exit = True
        await serving


async def status(session: aiohttp.ClientSession, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
    async with session.get(path, **options) as answer:
        assert answer.content_type == "application/json"
        return answer.status, await answer.json()
