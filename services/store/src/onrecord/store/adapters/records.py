"""The records that the store publishes."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from onrecord.contracts import Article, Hop, Outgoing, Statement, StatementCorrected, StatementRetracted, encode, topics
from onrecord.store.domain.closing import Closing, Retraction, with_version

LATEST = topics.STATEMENT_LATEST.name


def closing_records(article: Article, closing: Closing, version: int, hop: Hop, now: datetime) -> list[Outgoing]:
    """Corrections and retractions for the log, then the current state of every statement that changed."""
    changed = [with_version(statement, version) for statement in closing.changed]
    corrections = [encode(statement, hop) for statement in changed if isinstance(statement, StatementCorrected)]
    retractions = [retracted_event(article, retraction, now) for retraction in closing.retracted]
    return [
        *corrections,
        *(encode(event, hop) for event in retractions),
        *(latest(statement, hop) for statement in changed),
        *(removed(event, hop) for event in retractions),
    ]


def retracted_event(article: Article, retraction: Retraction, now: datetime) -> StatementRetracted:
    return StatementRetracted(
        statement_id=retraction.statement_id,
        article_id=article.article_id,
        revision=article.revision,
        reason=retraction.reason,
        replaced_by=retraction.replaced_by,
        retracted_at=now,
        item_id=article.provenance.item_id,
        item_revision=article.provenance.item_revision,
    )


def latest(statement: Statement, hop: Hop) -> Outgoing:
    return _keyed(encode(statement, hop, topic=LATEST), statement.statement_id)


def removed(event: StatementRetracted, hop: Hop) -> Outgoing:
    """A null on the compacted topic; its headers tell why."""
    return replace(_keyed(encode(event, hop, topic=LATEST), event.statement_id), value=None)


def _keyed(record: Outgoing, statement_id: UUID) -> Outgoing:
    """`latest` is kept per statement, while a statement's own key is its article."""
    key = str(statement_id).encode()
    headers = tuple((name, key if name == "ce_partitionkey" else value) for name, value in record.headers)
    return replace(record, key=key, headers=headers)
