"""Server-sent events: `statement` with a StatementEntry, `retracted` with what is gone. Resumes by `Last-Event-ID`."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from onrecord.runtime.database import OUTAGES
from onrecord.store.adapters.reader import Change, Changed
from onrecord.store.api.cursor import decode_change, encode_change
from onrecord.store.api.live import Live

SIGN_OF_LIFE = b": .\n\n"
RECONNECT_MS = 2000  # until a browser connects again: soon, and after a restart of the server


def router(live: Live) -> APIRouter:
    routes = APIRouter(prefix="/v1")

    @routes.get("/stream", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def stream(
        last_event_id: Annotated[str | None, Header(max_length=64)] = None,
        after: Annotated[str | None, Query(max_length=64, description="as Last-Event-ID")] = None,
    ) -> StreamingResponse:
        if live.full:
            raise HTTPException(503, "too many listeners, try again later")
        return StreamingResponse(_events(live, decode_change(last_event_id or after)), media_type="text/event-stream")

    return routes


async def _events(live: Live, after: Change | None) -> AsyncIterator[bytes]:
    try:
        head = await live.head()
        # An id from before a restore lies ahead of every change there is, and would wait for ever.
        place = min(after, head) if after else head
        yield f"id: {encode_change(place)}\nretry: {RECONNECT_MS}\n\n".encode()
        async with aclosing(live.follow(place)) as changes:
            async for changed in changes:
                yield SIGN_OF_LIFE if changed is None else _event(changed)
    except OUTAGES:
        # The answer has begun; the listener connects again and resumes after its last event.
        return


def _event(changed: Changed) -> bytes:
    entry = changed.entry
    if changed.active:
        name, data = "statement", entry.model_dump_json(exclude_none=True)
    else:
        gone = {"statement_id": entry.statement.statement_id, "reason": entry.retracted, "replaced_by": entry.replaced_by}
        name, data = "retracted", json.dumps({key: str(value) for key, value in gone.items() if value})
    return f"id: {encode_change(changed.change)}\nevent: {name}\ndata: {data}\n\n".encode()
