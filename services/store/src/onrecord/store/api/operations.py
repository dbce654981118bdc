"""The work itself: dead letters, feeds, consumer lag, and what the page needs to know."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from onrecord.store.adapters.item_reader import ItemReader
from onrecord.store.adapters.lag import BrokerAway
from onrecord.store.domain.answers import Problem
from onrecord.store.domain.operations import ConsoleSettings, ConsumerLag, DeadLetters, Feeds

AsksLag = Callable[[], Awaitable[ConsumerLag]]


def router(reader: ItemReader, lag: AsksLag | None, trace_url: str | None, page_size: int, max_page_size: int) -> APIRouter:
    """`lag` raises BrokerAway where it can not be known; without it the route says that nobody can be asked."""
    routes = APIRouter(prefix="/v1", responses={503: {"model": Problem}})
    Limit = Annotated[int, Query(ge=1, le=max_page_size)]

    @routes.get("/dead-letters", response_model_exclude_none=True)
    async def dead_letters(limit: Limit = page_size) -> DeadLetters:
        """The newest first."""
        return DeadLetters(dead_letters=await reader.dead_letters(limit))

    @routes.get("/feeds", response_model_exclude_none=True)
    async def feeds(limit: Limit = max_page_size) -> Feeds:
        return await reader.feeds(limit)

    @routes.get("/lag", response_model_exclude_none=True)
    async def consumer_lag() -> ConsumerLag:
        if lag is None:
            raise HTTPException(503, "this store was not told which broker to ask")
        try:
            return await lag()
        except BrokerAway as error:
            raise HTTPException(503, str(error)) from error

    @routes.get("/console", response_model_exclude_none=True)
    async def console() -> ConsoleSettings:
        return ConsoleSettings(trace_url=trace_url)

    return routes
