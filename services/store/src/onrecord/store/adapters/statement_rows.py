"""SQL on statements. Every function runs inside a transaction that holds the article's lock."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from onrecord.contracts import Revision, Statement
from onrecord.store.domain.closing import Retraction
from onrecord.store.domain.dates import moment

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Connection

ARRIVE = """
INSERT INTO statement_arrivals (article_id, fetched_at, engine_release, statement_id, event, arrived_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""
ARRIVED = """
SELECT event::text AS event FROM statement_arrivals
WHERE article_id = $1 AND fetched_at = $2 AND engine_release = $3 AND statement_id = ANY($4::uuid[])
"""
CLEAR = "DELETE FROM statement_arrivals WHERE article_id = $1 AND (fetched_at, engine_release) <= ($2, $3)"
HELD = "SELECT event::text AS event FROM statements WHERE article_id = $1 AND active"
UPSERT = """
INSERT INTO statements (statement_id, article_id, fetched_at, engine_release, status, kind, text, language, speaker_name,
    speaker_key, speaker_type, said_at, publisher_domain, at, event, first_stored_at, stored_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
ON CONFLICT (statement_id) DO UPDATE SET
    fetched_at = excluded.fetched_at, engine_release = excluded.engine_release, active = true, retracted_reason = NULL,
    replaced_by = NULL, status = excluded.status, kind = excluded.kind, text = excluded.text, language = excluded.language,
    speaker_name = excluded.speaker_name, speaker_key = excluded.speaker_key, speaker_type = excluded.speaker_type,
    said_at = excluded.said_at, publisher_domain = excluded.publisher_domain, at = excluded.at, event = excluded.event,
    stored_at = excluded.stored_at, changed_tx = excluded.changed_tx, changed_seq = excluded.changed_seq
WHERE (excluded.fetched_at, excluded.engine_release) > (statements.fetched_at, statements.engine_release)
"""
MOVE_ON = """
UPDATE statements SET fetched_at = $2, engine_release = $3
WHERE statement_id = ANY($1::uuid[]) AND (fetched_at, engine_release) < ($2, $3)
"""
RETRACT = """
UPDATE statements SET active = false, retracted_reason = $4, replaced_by = $5, fetched_at = $2, engine_release = $3,
    stored_at = $6, changed_tx = pg_current_xact_id(), changed_seq = nextval('statement_changes')
WHERE statement_id = $1 AND active AND (fetched_at, engine_release) < ($2, $3)
"""
TAKEN_DOWN = "SELECT subject FROM tombstones WHERE subject_type = 'statement' AND subject = ANY($1::text[])"


async def arrive(connection: "Connection", statements: Sequence[Statement], now: datetime) -> None:
    rows = [
        (s.article.article_id, s.revision.fetched_at, s.revision.engine_release, s.statement_id, s.data_json().decode(), now)
        for s in statements
    ]
    await connection.executemany(ARRIVE, rows)


async def arrived(connection: "Connection", article_id: UUID, revision: Revision, manifest: Sequence[UUID]) -> list[Statement]:
    """Those of `manifest` that are there, in its order."""
    rows = await connection.fetch(ARRIVED, article_id, revision.fetched_at, revision.engine_release, list(manifest))
    by_id = {statement.statement_id: statement for statement in (_statement(row["event"]) for row in rows)}
    return [by_id[key] for key in dict.fromkeys(manifest) if key in by_id]


async def clear_arrivals(connection: "Connection", article_id: UUID, upto: Revision) -> None:
    await connection.execute(CLEAR, article_id, upto.fetched_at, upto.engine_release)


async def held(connection: "Connection", article_id: UUID) -> dict[UUID, Statement]:
    """The active statements, as they were published."""
    rows = await connection.fetch(HELD, article_id)
    return {statement.statement_id: statement for statement in (_statement(row["event"]) for row in rows)}


async def upsert(connection: "Connection", statements: Sequence[Statement], now: datetime) -> None:
    if statements:
        await connection.executemany(UPSERT, [_row(statement, now) for statement in statements])


async def move_on(connection: "Connection", statement_ids: Sequence[UUID], revision: Revision) -> None:
    if statement_ids:
        await connection.execute(MOVE_ON, list(statement_ids), revision.fetched_at, revision.engine_release)


async def retract(connection: "Connection", retractions: Sequence[Retraction], revision: Revision, now: datetime) -> None:
    rows = [
        (r.statement_id, revision.fetched_at, revision.engine_release, r.reason.value, r.replaced_by, now) for r in retractions
    ]
    if rows:
        await connection.executemany(RETRACT, rows)


async def taken_down(connection: "Connection", statement_ids: Sequence[UUID]) -> set[UUID]:
    rows = await connection.fetch(TAKEN_DOWN, [str(key) for key in statement_ids])
    return {UUID(row["subject"]) for row in rows}


def _statement(event: str) -> Statement:
    return Statement.model_validate_json(event, extra="ignore")


def _row(statement: Statement, now: datetime) -> tuple[object, ...]:
    return (
        statement.statement_id,
        statement.article.article_id,
        statement.revision.fetched_at,
        statement.revision.engine_release,
        statement.status.value,
        statement.kind.value,
        statement.text,
        statement.language,
        statement.speaker.name,
        statement.speaker.key,
        statement.speaker.type.value,
        statement.said_at.value if statement.said_at else None,
        statement.article.publisher.domain,
        moment(statement.article.published_at, not_after=statement.provenance.fetched_at),
        statement.data_json().decode(),
        now,
    )
