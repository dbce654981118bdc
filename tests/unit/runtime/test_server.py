"""A start that fails is told in one line."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from faststream.asgi import AsgiFastStream
from faststream.kafka import KafkaBroker

from onrecord.runtime.errors import StartRefused
from onrecord.runtime.log import log_to_stderr
from onrecord.runtime.server import make_server
from unit.runtime.wire import ScraperSettings


async def no_routes(*_: object) -> None:
    raise AssertionError("nothing is served")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (StartRefused("schema feed is at 0: run `onrecord db migrate`"), "schema feed is at 0: run `onrecord db migrate`"),
        (OSError("no space left\non device"), "OSError: no space left"),
    ],
)
async def test_a_resource_that_fails_ends_the_start_with_one_line(
    error: Exception, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        raise error
        yield

    log_to_stderr("scraper", "INFO")
    try:
        server = make_server(ScraperSettings(), AsgiFastStream(KafkaBroker(), lifespan=lifespan, logger=None), no_routes, [])
        await server.serve()
    finally:
        logging.getLogger().handlers.clear()
    assert not server.started
    [said] = capsys.readouterr().err.splitlines()
    assert f'"message": "scraper can not start: {line}"' in said
