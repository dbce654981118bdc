import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

# serve.py runs as a script, so its folder is where the package is imported from.
sys.path.insert(0, str(Path(__file__).parents[2] / "site"))

from newspapers import Newspapers
from newspapers.newspapers import OUTLETS
from newspapers.press import listen

NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


async def no_pause(seconds: float) -> None:
    """The slow page's drips follow each other at once."""


@pytest.fixture
async def papers() -> AsyncIterator[Newspapers]:
    newspapers = Newspapers(1, lambda: NOON, no_pause)
    await newspapers.start()
    yield newspapers
    await newspapers.stop()


@pytest.fixture
async def reader() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def unused_tcp_ports() -> int:
    """The first of five consecutive free ports."""
    for first in range(20_000, 30_000, OUTLETS):
        try:
            listeners = listen(OUTLETS, first)
        except OSError:
            continue
        for listener in listeners:
            listener.close()
        return first
    raise OSError("no five free ports in a row")


@pytest.fixture
def papers_port(papers: Newspapers) -> int:
    """A port that is taken."""
    return int(papers.addresses[0].split(":")[1])
