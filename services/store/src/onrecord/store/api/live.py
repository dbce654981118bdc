"""New statements as they are stored: one poll of the database for all listeners together."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from onrecord.runtime.database import OUTAGES
from onrecord.store.adapters.reader import Change, Changed

PAGE = 100  # changes read at once, so that a long absence comes back in pieces

log = logging.getLogger(__name__)


class ReadsChanges(Protocol):
    async def changes(self, after: Change, limit: int) -> Sequence[Changed]: ...
    async def head(self) -> Change: ...


class Live:
    """`poll_s` bounds how late a listener is; `keep_alive_s` how long a silent connection goes without a byte."""

    def __init__(
        self, reader: ReadsChanges, *, poll_s: float = 0.5, keep_alive_s: float = 15.0, max_listeners: int = 100
    ) -> None:
        self._reader = reader
        self._poll_s = poll_s
        self._keep_alive_s = keep_alive_s
        self._max_listeners = max_listeners
        self._listeners = 0
        self._moved = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def full(self) -> bool:
        """Each listener holds a connection for as long as it likes, so their number is bounded."""
        return self._listeners >= self._max_listeners

    async def head(self) -> Change:
        return await self._reader.head()

    async def follow(self, place: Change) -> AsyncGenerator[Changed | None, None]:
        """Changes after `place`, without end; None is a sign of life."""
        self._listeners += 1
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watching())
        try:
            async for changed in self._changes(place):
                yield changed
        finally:
            self._listeners -= 1

    async def _changes(self, place: Change) -> AsyncGenerator[Changed | None, None]:
        while not self._closed:
            moved = self._moved
            found = await self._reader.changes(place, PAGE)
            for changed in found:
                yield changed
                place = changed.change
            if not found and not await self._wait(moved):
                yield None

    def close(self) -> None:
        """Ends every stream, so that a server may stop."""
        self._closed = True
        self._moved.set()
        if self._watch:
            self._watch.cancel()

    async def _wait(self, moved: asyncio.Event) -> bool:
        try:
            async with asyncio.timeout(self._keep_alive_s):
                await moved.wait()
        except TimeoutError:
            return False
        return True

    async def _watching(self) -> None:
        head: Change | None = None
        while self._listeners and not self._closed:
            try:
                now = await self._reader.head()
            except OUTAGES as error:
                log.warning("the live stream waits for the database: %s", type(error).__name__)
            else:
                if now != head:
                    head, moved, self._moved = now, self._moved, asyncio.Event()
                    moved.set()
            await asyncio.sleep(self._poll_s)
