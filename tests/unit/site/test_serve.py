"""serve.py as a process."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

SERVE = str(Path(__file__).parents[2] / "site" / "serve.py")


@asynccontextmanager
async def served(*arguments: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, SERVE, *arguments, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def lines(process: Process, count: int) -> list[str]:
    assert process.stdout is not None
    return [(await process.stdout.readline()).decode().rstrip("\n") for _ in range(count)]


async def test_prints_addresses_and_feeds_then_stops_on_request(reader: ClientSession) -> None:
    async with served("--port", "0", "--seed", "1") as process:
        printed = await lines(process, 13)
        assert [line.split()[0] for line in printed] == ["allow"] * 5 + ["feed"] * 8
        async with reader.get(printed[5].split()[1]) as response:
            assert response.status == 200
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_news_arrives_by_itself(reader: ClientSession) -> None:
    async with served("--port", "0", "--pace", "500") as process:
        feed = (await lines(process, 8))[7].split()[1]
        seen = 0
        while seen < 10:
            async with reader.get(feed) as response:
                seen = len((await response.json(content_type=None))["items"])


async def test_scale_shares_items_out(reader: ClientSession) -> None:
    async with served("--port", "0", "--scale", "2", "7") as process:
        printed = await lines(process, 4)
        items = 0
        for line in printed[2:]:
            async with reader.get(line.removeprefix("feed ")) as response:
                items += (await response.text()).count("<item>")
        assert items == 7


async def test_taken_port_is_said_in_one_line(papers_port: int) -> None:
    async with served("--port", str(papers_port)) as process:
        _, complaint = await process.communicate()
        assert process.returncode == 1
        assert complaint.startswith(b"cannot serve: ")
        assert complaint.count(b"\n") == 1
