"""Statements: who said what."""

from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.exceptions import HTTPException

from onrecord.contracts import Kind
from onrecord.store.adapters.reader import Position, Reader, StatementFilter
from onrecord.store.api.cursor import decode_cursor, encode_cursor
from onrecord.store.domain.answers import Problem, StatementEntry, StatementPage

T = TypeVar("T")
NAME_CHARS = 200  # of a speaker, a key or a search: longer ones name nobody
URL_CHARS = 2048
Text = Annotated[str | None, Query(min_length=1, max_length=NAME_CHARS, pattern="^[^\x00]*$")]
Address = Annotated[str | None, Query(min_length=1, max_length=URL_CHARS, pattern="^[^\x00]*$")]
Time = Annotated[AwareDatetime | None, Query(description="RFC 3339, with its offset")]
Cursor = Annotated[str | None, Query(max_length=NAME_CHARS, description="`next` of the page before")]


def router(reader: Reader, page_size: int, max_page_size: int) -> APIRouter:
    routes = APIRouter(prefix="/v1", responses={404: {"model": Problem}})
    Limit = Annotated[int, Query(ge=1, le=max_page_size)]

    @routes.get("/statements", response_model_exclude_none=True)
    async def statements(
        speaker: Annotated[Text, Query(description="words of the speaker's name")] = None,
        speaker_key: Text = None,
        outlet: Annotated[Text, Query(description="publisher's domain")] = None,
        since: Time = None,
        until: Time = None,
        q: Annotated[Text, Query(description='web search: words, "phrases", or, -not')] = None,
        kind: Kind | None = None,
        cursor: Cursor = None,
        limit: Limit = page_size,
    ) -> StatementPage:
        """Newest first."""
        wanted = StatementFilter(speaker, speaker_key, outlet.casefold() if outlet else None, since, until, q, kind)
        found = await reader.statements(wanted, decode_cursor(cursor), limit + 1)
        page = found[:limit]
        more = len(found) > limit
        return StatementPage(
            statements=page, next=encode_cursor(Position(page[-1].at, page[-1].statement.statement_id)) if more else None
        )

    @routes.get("/statements/{statement_id}", response_model_exclude_none=True)
    async def statement(statement_id: UUID) -> StatementEntry:
        """Also one that was retracted: `retracted` tells why."""
        return found_or_404(await reader.statement(statement_id), "statement")

    return routes


def found_or_404(value: T | None, what: str) -> T:
    if value is None:
        raise HTTPException(404, f"no such {what}")
    return value
