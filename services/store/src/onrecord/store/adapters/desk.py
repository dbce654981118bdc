"""Where articles meet their statements: one transaction per call, under the article's lock.

A revision is complete when the article and all statements of its manifest are there, in whichever order they came. The
transaction that completes it writes the rows and, through the outbox, everything that follows from them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from onrecord.contracts import Article, Hop, OutcomeKind, Outgoing, Revision, Statement, encode
from onrecord.runtime.delivery import Delivery
from onrecord.store.adapters import article_rows, hop_rows, statement_rows
from onrecord.store.adapters.article_rows import Waiting
from onrecord.store.adapters.postgres import lock_article
from onrecord.store.adapters.records import closing_records
from onrecord.store.domain.closing import close_revision, with_version
from onrecord.store.domain.outcomes import Standing, next_version, outcome_event, outcome_kind

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Connection, Pool

AddToOutbox = Callable[["Connection", Sequence[Outgoing]], Awaitable[None]]
OnStored = Callable[[Article, datetime], None]


def _nobody(_: Article, __: datetime) -> None:
    """Nobody wants to know."""


class Desk:
    """Takes articles and statements in runs of one article; `add_to_outbox` runs inside the desk's transaction.

    `on_stored` is told of every revision that changed something, after its transaction, with the time of its handling.
    """

    def __init__(self, pool: "Pool", add_to_outbox: AddToOutbox, on_stored: OnStored = _nobody) -> None:
        self._pool = pool
        self._add_to_outbox = add_to_outbox
        self._on_stored = on_stored

    async def take_articles(self, deliveries: Sequence[Delivery[Article]]) -> None:
        """Revisions, in order."""
        for article_id, run in groupby(deliveries, key=lambda d: d.event.article_id):
            async with self._transaction(article_id) as desk:
                for delivery in run:
                    await desk.article(delivery)

    async def take_statements(self, deliveries: Sequence[Delivery[Statement]]) -> None:
        """Statements of any revisions."""
        for article_id, run in groupby(deliveries, key=lambda d: d.event.article.article_id):
            async with self._transaction(article_id) as desk:
                await desk.statements(list(run))

    @asynccontextmanager
    async def _transaction(self, article_id: UUID) -> AsyncIterator["_Sitting"]:
        async with self._pool.acquire() as connection:
            async with connection.transaction():
                await lock_article(connection, article_id)
                sitting = _Sitting(connection, self._add_to_outbox, article_id)
                yield sitting
            for article, now in sitting.stored:
                self._on_stored(article, now)


class _Sitting:
    """One transaction that holds one article's lock."""

    def __init__(self, connection: "Connection", add_to_outbox: AddToOutbox, article_id: UUID) -> None:
        self._connection = connection
        self._add_to_outbox = add_to_outbox
        self._article_id = article_id
        self.stored: list[tuple[Article, datetime]] = []

    async def statements(self, deliveries: Sequence[Delivery[Statement]]) -> None:
        standing = await article_rows.standing(self._connection, self._article_id)
        fresh = [d for d in deliveries if standing is None or d.event.revision > standing.revision]
        if not fresh or await article_rows.taken_down(self._connection, fresh[0].event.article):
            return
        await statement_rows.arrive(self._connection, [d.event for d in fresh], fresh[-1].now)
        last = {delivery.event.revision.fields: delivery for delivery in fresh}
        for delivery in sorted(last.values(), key=lambda d: d.event.revision):
            await self._close(delivery.event.revision, delivery.hop, delivery.now)

    async def article(self, delivery: Delivery[Article]) -> None:
        article, hop, now = delivery.event, delivery.hop, delivery.now
        came = Waiting(article, hop.traceparent)
        await hop_rows.note(self._connection, delivery, url=article.url, detail=_article_detail(article))
        if not await article_rows.arrive(self._connection, article, hop.traceparent, now):
            return
        if await article_rows.taken_down(self._connection, article):
            await statement_rows.clear_arrivals(self._connection, self._article_id, article.revision)
            await self._end(came, OutcomeKind.taken_down, hop, now)
            return
        standing = await article_rows.standing(self._connection, self._article_id)
        if standing is not None and article.revision <= standing.revision:
            await self._end(came, await self._kind(article, standing), hop, now)
        else:
            await self._close(article.revision, hop, now)

    async def _close(self, revision: Revision, hop: Hop, now: datetime) -> None:
        """Does nothing until the last part of the revision is there."""
        waiting = await article_rows.waiting(self._connection, self._article_id, revision)
        if not waiting or waiting[0].article.revision != revision:
            return
        manifest = tuple(dict.fromkeys(waiting[0].article.statement_ids))
        arrived = await statement_rows.arrived(self._connection, self._article_id, revision, manifest)
        if len(arrived) < len(manifest):
            return
        await self._publish(waiting[0], arrived, hop, now)
        standing = await article_rows.standing(self._connection, self._article_id)
        for older in waiting[1:]:
            await self._end(older, await self._kind(older.article, standing), hop, now)
        await statement_rows.clear_arrivals(self._connection, self._article_id, revision)

    async def _publish(self, newest: Waiting, arrived: Sequence[Statement], hop: Hop, now: datetime) -> None:
        article, connection = newest.article, self._connection
        standing = await article_rows.standing(connection, self._article_id)
        kind = await self._kind(article, standing)
        version = next_version(kind, standing)
        down = await statement_rows.taken_down(connection, [statement.statement_id for statement in arrived])
        held = await statement_rows.held(connection, self._article_id)
        closing = close_revision(
            {key: old for key, old in held.items() if key not in down}, [new for new in arrived if new.statement_id not in down]
        )
        await article_rows.upsert(connection, article, version, now)
        await statement_rows.upsert(connection, [with_version(statement, version) for statement in closing.changed], now)
        await statement_rows.move_on(connection, closing.same, article.revision)
        await statement_rows.retract(connection, closing.retracted, article.revision, now)
        await self._add_to_outbox(connection, closing_records(article, closing, version, hop, now))
        await self._end(newest, kind, hop, now)
        if kind is OutcomeKind.stored:
            self.stored.append((article, now))

    async def _kind(self, article: Article, standing: Standing | None) -> OutcomeKind:
        return outcome_kind(article, standing, known_item=await article_rows.known_item(self._connection, article))

    async def _end(self, ended: Waiting, kind: OutcomeKind, hop: Hop, now: datetime) -> None:
        """The outcome belongs to the item's own trace, whichever record completed the revision."""
        await article_rows.finish(self._connection, ended.article, kind, now)
        own = replace(hop, traceparent=ended.traceparent or hop.traceparent)
        await self._add_to_outbox(self._connection, [encode(outcome_event(ended.article, kind, now), own)])


def _article_detail(article: Article) -> dict[str, object]:
    return {
        "article_id": str(article.article_id),
        "fetched_at": article.provenance.fetched_at.isoformat(),
        "engine_release": article.revision.engine_release,
        "statements": len(set(article.statement_ids)),
        "from_feed": article.provenance.from_feed,
    }
