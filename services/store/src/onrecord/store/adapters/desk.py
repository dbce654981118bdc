"""Where articles meet their statements: one transaction per call, under the article's lock.

A revision is complete when the article and all statements of its manifest are there, in whichever order they came. The
transaction that completes it writes the rows and, through the outbox, everything that follows from them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from onrecord.contracts import Article, Hop, OutcomeKind, Outgoing, Revision, Statement, encode
from onrecord.runtime.delivery import Delivery
from onrecord.store.adapters import article_rows, hop_rows, statement_rows
from onrecord.store.adapters.article_rows import Waiting
from onrecord.store.adapters.postgres import lock_article
from onrecord.store.adapters.records import closing_records
from onrecord.store.domain.closing import close_revision, with_version
from onrecord.store.domain.outcomes import next_version, outcome_event, outcome_kind

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Connection, Pool

AddToOutbox = Callable[["Connection", Sequence[Outgoing]], Awaitable[None]]


class Desk:
    """Takes articles and statements of one article at a time; `add_to_outbox` runs inside the desk's transaction."""

    def __init__(self, pool: "Pool", add_to_outbox: AddToOutbox) -> None:
        self._pool = pool
        self._add_to_outbox = add_to_outbox

    async def take_articles(self, deliveries: Sequence[Delivery[Article]]) -> None:
        """Revisions of one article, in order."""
        async with self._pool.acquire() as connection, connection.transaction():
            await lock_article(connection, deliveries[0].event.article_id)
            for delivery in deliveries:
                await self._article(connection, delivery)

    async def take_statements(self, deliveries: Sequence[Delivery[Statement]]) -> None:
        """Statements of one article, of any revisions."""
        article = deliveries[0].event.article
        async with self._pool.acquire() as connection, connection.transaction():
            await lock_article(connection, article.article_id)
            standing = await article_rows.standing(connection, article.article_id)
            fresh = [d for d in deliveries if standing is None or d.event.revision > standing.revision]
            if not fresh or await article_rows.taken_down(connection, article):
                return
            await statement_rows.arrive(connection, [d.event for d in fresh], fresh[-1].now)
            last = {delivery.event.revision.fields: delivery for delivery in fresh}
            for delivery in sorted(last.values(), key=lambda d: d.event.revision):
                await self._close(connection, article.article_id, delivery.event.revision, delivery.hop, delivery.now)

    async def _article(self, connection: "Connection", delivery: Delivery[Article]) -> None:
        article = delivery.event
        await hop_rows.note(connection, delivery, url=article.url, detail=_article_detail(article))
        if not await article_rows.arrive(connection, article, delivery.hop.traceparent, delivery.now):
            return
        standing = await article_rows.standing(connection, article.article_id)
        if await article_rows.taken_down(connection, article):
            await self._end(
                connection, Waiting(article, delivery.hop.traceparent), OutcomeKind.taken_down, delivery.hop, delivery.now
            )
        elif standing is not None and article.revision <= standing.revision:
            known = await article_rows.known_item(connection, article)
            kind = outcome_kind(article, standing, known_item=known)
            await self._end(connection, Waiting(article, delivery.hop.traceparent), kind, delivery.hop, delivery.now)
        else:
            await self._close(connection, article.article_id, article.revision, delivery.hop, delivery.now)

    async def _close(self, connection: "Connection", article_id: UUID, revision: Revision, hop: Hop, now: datetime) -> None:
        """Does nothing until the last part of the revision is there."""
        waiting = await article_rows.waiting(connection, article_id, revision)
        if not waiting or waiting[0].article.revision != revision:
            return
        article = waiting[0].article
        manifest = tuple(dict.fromkeys(article.statement_ids))
        arrived = await statement_rows.arrived(connection, article_id, revision, manifest)
        if len(arrived) < len(manifest):
            return
        await self._publish(connection, waiting[0], arrived, hop, now)
        for older in waiting[1:]:
            standing = await article_rows.standing(connection, article_id)
            known = await article_rows.known_item(connection, older.article)
            await self._end(connection, older, outcome_kind(older.article, standing, known_item=known), hop, now)
        await statement_rows.clear_arrivals(connection, article_id, revision)

    async def _publish(
        self, connection: "Connection", newest: Waiting, arrived: Sequence[Statement], hop: Hop, now: datetime
    ) -> None:
        article = newest.article
        standing = await article_rows.standing(connection, article.article_id)
        kind = outcome_kind(article, standing, known_item=await article_rows.known_item(connection, article))
        version = next_version(kind, standing)
        down = await statement_rows.taken_down(connection, [statement.statement_id for statement in arrived])
        kept = [statement for statement in arrived if statement.statement_id not in down]
        held = await statement_rows.held(connection, article.article_id)
        closing = close_revision({key: old for key, old in held.items() if key not in down}, kept)
        await article_rows.upsert(connection, article, version, now)
        await statement_rows.upsert(connection, [with_version(statement, version) for statement in closing.changed], now)
        await statement_rows.move_on(connection, closing.same, article.revision)
        await statement_rows.retract(connection, closing.retracted, article.revision, now)
        await self._add_to_outbox(connection, closing_records(article, closing, version, hop, now))
        await self._end(connection, newest, kind, hop, now)

    async def _end(self, connection: "Connection", ended: Waiting, kind: OutcomeKind, hop: Hop, now: datetime) -> None:
        """The outcome belongs to the item's own trace, whichever record completed the revision."""
        await article_rows.finish(connection, ended.article, kind, now)
        own = replace(hop, traceparent=ended.traceparent or hop.traceparent)
        await self._add_to_outbox(connection, [encode(outcome_event(ended.article, kind, now), own)])


def _article_detail(article: Article) -> dict[str, object]:
    return {
        "article_id": str(article.article_id),
        "fetched_at": article.provenance.fetched_at.isoformat(),
        "engine_release": article.revision.engine_release,
        "statements": len(set(article.statement_ids)),
        "from_feed": article.provenance.from_feed,
    }
