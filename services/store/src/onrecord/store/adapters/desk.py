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

    `on_stored` is told of every article that is stored for the first time, after its transaction, with the time of its handling.
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
                sitting = _Sitting(connection, article_id)
                yield sitting
                if sitting.records:
                    await self._add_to_outbox(connection, sitting.records)
            for article, now in sitting.stored:
                self._on_stored(article, now)


class _Sitting:
    """One transaction that holds one article's lock. `records` are published with it."""

    def __init__(self, connection: "Connection", article_id: UUID) -> None:
        self._connection = connection
        self._article_id = article_id
        self.records: list[Outgoing] = []
        self.stored: list[tuple[Article, datetime]] = []

    async def statements(self, deliveries: Sequence[Delivery[Statement]]) -> None:
        standing, taken_down = await article_rows.look(self._connection, deliveries[0].event.article)
        fresh = [d for d in deliveries if standing is None or d.event.revision > standing.revision]
        if not fresh or taken_down:
            return
        await statement_rows.arrive(self._connection, [d.event for d in fresh], fresh[-1].now)
        last = {delivery.event.revision.fields: delivery for delivery in fresh}
        for delivery in sorted(last.values(), key=lambda d: d.event.revision):
            standing = await self._close(delivery.event.revision, standing, delivery.hop, delivery.now)

    async def article(self, delivery: Delivery[Article]) -> None:
        article, hop, now = delivery.event, delivery.hop, delivery.now
        came = Waiting(article, hop.traceparent)
        await hop_rows.note(self._connection, delivery, url=article.url, detail=_article_detail(article))
        if not await article_rows.arrive(self._connection, article, hop.traceparent, now):
            return
        standing, taken_down = await article_rows.look(self._connection, article)
        if taken_down:
            await statement_rows.clear_arrivals(self._connection, self._article_id, article.revision)
            await self._end(came, OutcomeKind.taken_down, hop, now)
        elif standing is not None and article.revision <= standing.revision:
            await self._end(came, await self._kind(article, standing), hop, now)
        else:
            await self._close(article.revision, standing, hop, now)

    async def _close(self, revision: Revision, standing: Standing | None, hop: Hop, now: datetime) -> Standing | None:
        """Does nothing until the last part of the revision is there. Returns how the article stands then."""
        if not await article_rows.ready(self._connection, self._article_id, revision):
            return standing
        newest, *others = await article_rows.waiting(self._connection, self._article_id, revision)
        standing = await self._publish(newest, standing, hop, now)
        for other in others:
            await self._end(other, await self._kind(other.article, standing), hop, now)
        await statement_rows.clear_arrivals(self._connection, self._article_id, revision)
        return standing

    async def _publish(self, newest: Waiting, standing: Standing | None, hop: Hop, now: datetime) -> Standing:
        article, connection = newest.article, self._connection
        kind = await self._kind(article, standing)
        version = next_version(kind, standing)
        arrived = await statement_rows.arrived(connection, self._article_id, article.revision, article.statement_ids)
        down = await statement_rows.taken_down(connection, article.statement_ids)
        held = await statement_rows.held(connection, self._article_id) if standing else {}
        closing = close_revision(
            {key: old for key, old in held.items() if key not in down}, [new for new in arrived if new.statement_id not in down]
        )
        await article_rows.upsert(connection, article, version, now)
        await statement_rows.upsert(connection, [with_version(statement, version) for statement in closing.changed], now)
        await statement_rows.move_on(connection, closing.same, article.revision)
        await statement_rows.retract(connection, closing.retracted, article.revision, now)
        self.records += closing_records(article, closing, version, hop, now)
        await self._end(newest, kind, hop, now)
        if kind is OutcomeKind.stored and version == 1:  # later ones are as late as their editors
            self.stored.append((article, now))
        return Standing(article.revision, version, article.text_sha256, article.statement_ids)

    async def _kind(self, article: Article, standing: Standing | None) -> OutcomeKind:
        known = standing is not None and await article_rows.known_item(self._connection, article)
        return outcome_kind(article, standing, known_item=known)

    async def _end(self, ended: Waiting, kind: OutcomeKind, hop: Hop, now: datetime) -> None:
        """The outcome belongs to the item's own trace, whichever record completed the revision."""
        await article_rows.finish(self._connection, ended.article, kind, now)
        own = replace(hop, traceparent=ended.traceparent or hop.traceparent)
        self.records.append(encode(outcome_event(ended.article, kind, now), own))


def _article_detail(article: Article) -> dict[str, object]:
    return {
        "article_id": str(article.article_id),
        "fetched_at": article.provenance.fetched_at.isoformat(),
        "engine_release": article.revision.engine_release,
        "statements": len(set(article.statement_ids)),
        "from_feed": article.provenance.from_feed,
    }
