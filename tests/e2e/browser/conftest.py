"""The store's API on a real server and database, and a browser that looks at its pages. No broker is needed for that."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial

import asyncpg
import pytest

from e2e.browser.chromium import NAMES, Chromium, Tab, find_chromium, started
from integration.store.api_server import served
from integration.store.newsroom import START
from onrecord.runtime import outbox
from onrecord.runtime.database import make_pool, migrate
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.adapters.postgres import PACKAGE, SCHEMA
from onrecord.store.adapters.reader import make_read_pool
from onrecord.store.domain.operations import ConsumerLag, TopicLag

TRACES = "http://127.0.0.1:16686/trace/{trace_id}"
Serve = Callable[..., AbstractAsyncContextManager[str]]


@pytest.fixture(scope="session", autouse=True)
def apache_kafka() -> None:
    """Unlike its neighbours: the pages are served from the database alone."""


@pytest.fixture
async def pool(fresh_dsn: str) -> AsyncIterator[asyncpg.Pool]:
    await migrate(fresh_dsn, SCHEMA, PACKAGE)
    async with make_pool(fresh_dsn, SCHEMA, size=4) as pool:
        yield pool


@pytest.fixture
def desk(pool: asyncpg.Pool) -> Desk:
    return Desk(pool, outbox.add)


@pytest.fixture
def ledger(pool: asyncpg.Pool) -> Ledger:
    return Ledger(pool)


async def known_lag() -> ConsumerLag:
    """As a broker would tell it: one group behind, one that can not be asked."""
    lags = [
        TopicLag(group="scraper", topic="onrecord.item.v1", records=1234),
        TopicLag(group="scraper", topic="onrecord.item.v1.backfill", records=0),
        TopicLag(group="feed", topic="onrecord.outcome.v1"),
    ]
    return ConsumerLag(asked_at=START, lags=lags)


@pytest.fixture
async def serve(fresh_dsn: str, pool: asyncpg.Pool) -> AsyncIterator[Serve]:
    """`async with serve(**settings) as address`."""
    async with make_read_pool(fresh_dsn, size=3) as read_pool:
        yield partial(served, read_pool, lag=known_lag, trace_url=TRACES)


@pytest.fixture
async def address(serve: Serve) -> AsyncIterator[str]:
    async with serve() as address:
        yield address


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    executable = find_chromium()
    if executable is None:
        pytest.skip(f"none of {', '.join(NAMES)} is installed")
    with started(executable, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
async def tab(chromium: Chromium) -> AsyncIterator[Tab]:
    """A page at 1440 px. What the browser complained of by the end of a test, and the test did not expect, fails it."""
    async with chromium.tab() as tab:
        await tab.size(1440)
        yield tab
        assert tab.complaints == []
