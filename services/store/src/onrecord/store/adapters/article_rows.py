"""SQL on articles and their revisions. Every function runs inside a transaction that holds the article's lock."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from onrecord.contracts import Article, OutcomeKind, Revision, StatementArticle
from onrecord.store.domain.dates import moment
from onrecord.store.domain.outcomes import Standing
from onrecord.store.domain.tombstones import domains_of, urls_of

if TYPE_CHECKING:
    from onrecord.store.adapters.postgres import Connection

LOOK = """
SELECT a.fetched_at, a.engine_release, a.version, a.text_sha256, a.manifest,
    EXISTS (SELECT FROM tombstones WHERE (subject_type = 'url' AND subject = ANY($2::text[]))
        OR (subject_type = 'domain' AND subject = ANY($3::text[]))) AS taken_down
FROM (SELECT $1::uuid AS article_id) one LEFT JOIN articles a USING (article_id)
"""
ARRIVE = """
INSERT INTO article_revisions (article_id, fetched_at, engine_release, item_id, item_revision, manifest, text_sha256,
    traceparent, event, arrived_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING
"""
READY = """
SELECT EXISTS (SELECT FROM article_revisions r WHERE article_id = $1 AND fetched_at = $2 AND engine_release = $3 AND NOT complete
    AND NOT EXISTS (SELECT FROM unnest(r.manifest) AS part (id) WHERE NOT EXISTS (SELECT FROM statement_arrivals s
        WHERE s.article_id = $1 AND s.fetched_at = $2 AND s.engine_release = $3 AND s.statement_id = part.id)))
"""
WAITING = """
SELECT event::text AS event, traceparent FROM article_revisions
WHERE article_id = $1 AND NOT complete AND (fetched_at, engine_release) <= ($2, $3)
ORDER BY fetched_at DESC, engine_release DESC, arrived_at, item_id, item_revision
"""
KNOWN_ITEM = """
SELECT EXISTS (SELECT FROM article_revisions WHERE article_id = $1 AND item_id = $2 AND complete
    AND outcome IN ('stored', 'unchanged', 'duplicate'))
"""
FINISH = """
UPDATE article_revisions SET complete = true, outcome = $6, event = NULL, closed_at = $7
WHERE article_id = $1 AND fetched_at = $2 AND engine_release = $3 AND item_id = $4 AND item_revision = $5
"""
UPSERT = """
INSERT INTO articles (article_id, fetched_at, engine_release, version, item_id, item_revision, lane, status, url, canonical_url,
    title, publisher_name, publisher_domain, language, at, text, text_sha256, manifest, rights, provenance, event,
    first_stored_at, stored_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $22)
ON CONFLICT (article_id) DO UPDATE SET
    fetched_at = excluded.fetched_at, engine_release = excluded.engine_release, version = excluded.version,
    item_id = excluded.item_id, item_revision = excluded.item_revision, lane = excluded.lane, status = excluded.status,
    url = excluded.url, canonical_url = excluded.canonical_url, title = excluded.title,
    publisher_name = excluded.publisher_name, publisher_domain = excluded.publisher_domain, language = excluded.language,
    at = excluded.at, text = excluded.text, text_sha256 = excluded.text_sha256, manifest = excluded.manifest,
    rights = excluded.rights, provenance = excluded.provenance, event = excluded.event, stored_at = excluded.stored_at
WHERE (excluded.fetched_at, excluded.engine_release) > (articles.fetched_at, articles.engine_release)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A revision that came and waits for its statements; `traceparent` is that of its own item's life."""

    article: Article
    traceparent: str | None


async def look(connection: "Connection", article: Article | StatementArticle) -> tuple[Standing | None, bool]:
    """The article as it is stored, and whether it was taken down."""
    row = await connection.fetchrow(LOOK, article.article_id, urls_of(article), domains_of(article))
    assert row is not None
    if row["version"] is None:
        return None, row["taken_down"]
    revision = Revision(fetched_at=row["fetched_at"], engine_release=row["engine_release"])
    return Standing(revision, row["version"], row["text_sha256"], tuple(row["manifest"])), row["taken_down"]


async def arrive(connection: "Connection", article: Article, traceparent: str | None, now: datetime) -> bool:
    """False where this very revision came before, for this very item."""
    tag = await connection.execute(
        ARRIVE,
        article.article_id,
        article.revision.fetched_at,
        article.revision.engine_release,
        article.provenance.item_id,
        article.provenance.item_revision,
        sorted(set(article.statement_ids)),
        article.text_sha256,
        traceparent,
        article.data_json().decode(),
        now,
    )
    return tag.endswith(" 1")


async def ready(connection: "Connection", article_id: UUID, revision: Revision) -> bool:
    """The article of this revision waits, and every statement of its manifest is there."""
    found: bool = await connection.fetchval(READY, article_id, revision.fetched_at, revision.engine_release)
    return found


async def waiting(connection: "Connection", article_id: UUID, upto: Revision) -> list[Waiting]:
    """Newest first."""
    rows = await connection.fetch(WAITING, article_id, upto.fetched_at, upto.engine_release)
    return [Waiting(Article.model_validate_json(row["event"], extra="ignore"), row["traceparent"]) for row in rows]


async def known_item(connection: "Connection", article: Article) -> bool:
    found: bool = await connection.fetchval(KNOWN_ITEM, article.article_id, article.provenance.item_id)
    return found


async def finish(connection: "Connection", article: Article, kind: OutcomeKind, now: datetime) -> None:
    revision, provenance = article.revision, article.provenance
    where = (article.article_id, revision.fetched_at, revision.engine_release, provenance.item_id, provenance.item_revision)
    await connection.execute(FINISH, *where, kind.value, now)


async def upsert(connection: "Connection", article: Article, version: int, now: datetime) -> None:
    await connection.execute(
        UPSERT,
        article.article_id,
        article.revision.fetched_at,
        article.revision.engine_release,
        version,
        article.provenance.item_id,
        article.provenance.item_revision,
        article.lane.value,
        article.status.value,
        article.url,
        article.canonical_url,
        article.title,
        article.publisher.name,
        article.publisher.domain,
        article.language,
        moment(article.published_at, not_after=article.provenance.fetched_at),
        article.text,
        article.text_sha256,
        sorted(set(article.statement_ids)),
        article.rights.model_dump_json(exclude_none=True) if article.rights else None,
        article.provenance.model_dump_json(exclude_none=True),
        article.model_dump_json(exclude_none=True, exclude={"text"}),
        now,
    )
