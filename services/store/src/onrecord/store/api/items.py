"""The ledger, and one item's whole path."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException

from onrecord.store.adapters.item_reader import ItemReader
from onrecord.store.api.statements import URL_CHARS
from onrecord.store.domain.answers import ItemPath, ItemPaths, LedgerSummary, Problem


def router(reader: ItemReader) -> APIRouter:
    routes = APIRouter(prefix="/v1", responses={404: {"model": Problem}})

    @routes.get("/ledger")
    async def ledger() -> LedgerSummary:
        return await reader.summary()

    @routes.get("/items", response_model_exclude_none=True)
    async def items(url: Annotated[str, Query(min_length=1, max_length=URL_CHARS, pattern="^[^\x00]*$")]) -> ItemPaths:
        """Every item with this link, or whose article has this address."""
        return ItemPaths(items=await reader.by_url(url))

    @routes.get("/items/{item_id}", response_model_exclude_none=True)
    async def item(item_id: UUID) -> ItemPath:
        found = await reader.path(item_id)
        if found is None:
            raise HTTPException(404, "no such item")
        return found

    return routes
