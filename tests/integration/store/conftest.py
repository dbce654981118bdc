"""A real PostgreSQL, and a store on it that is empty before each test."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import pytest

from integration.store.api_server import Clock, Serve, served
from integration.store.ledger_book import Book
from onrecord.cli.embedded import EmbeddedPostgres
from onrecord.runtime import outbox
from onrecord.runtime.database import make_pool, migrate
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.adapters.postgres import PACKAGE, SCHEMA
from onrecord.store.adapters.reader import make_read_pool

TABLES = "articles, article_revisions, statements, statement_arrivals, ledger, ledger_audit, hops, tombstones, outbox"


@pytest.fixture(scope="session")
def dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    database = EmbeddedPostgres(tmp_path_factory.mktemp("store_postgres"))
    try:
        yield database.start()
    finally:
        database.stop()


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[asyncpg.Pool]:
    await migrate(dsn, SCHEMA, PACKAGE)
    async with make_pool(dsn, SCHEMA, size=4) as pool:
        await pool.execute(f"TRUNCATE {TABLES} RESTART IDENTITY")
        yield pool


@pytest.fixture
def desk(pool: asyncpg.Pool) -> Desk:
    return Desk(pool, outbox.add)


@pytest.fixture
def ledger(pool: asyncpg.Pool) -> Ledger:
    return Ledger(pool)


@pytest.fixture
def book(pool: asyncpg.Pool) -> Book:
    return Book(pool)


@pytest.fixture
async def serve(dsn: str, pool: asyncpg.Pool) -> AsyncIterator[Serve]:
    """`async with serve(**settings) as session`: a client of a server of its own."""
    read_pool = make_read_pool(dsn, size=3, statement_timeout_ms=2000)

    @asynccontextmanager
    async def running(clock: Clock | None = None, **settings: Any) -> AsyncIterator[aiohttp.ClientSession]:
        async with served(read_pool, clock=clock, **settings) as address, aiohttp.ClientSession(address) as session:
            yield session

    async with read_pool:
        yield running
