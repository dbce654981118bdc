"""The API's SQL: constant texts with bound parameters only. A filter that is not asked for is a null parameter.

Plans are made anew for each call (`plan_cache_mode`), so an absent filter costs nothing.
"""

STATEMENT_COLUMNS = (
    "statement_id, active, status, at, first_stored_at, stored_at, retracted_reason, replaced_by, event::text AS event"
)

STATEMENTS = f"""
SELECT {STATEMENT_COLUMNS} FROM statements
WHERE active AND status = 'usable'
    AND ($1::text IS NULL OR speaker_search @@ plainto_tsquery('simple', $1))
    AND ($2::text IS NULL OR (speaker_key IS NOT NULL AND md5(speaker_key) = md5($2) AND speaker_key = $2))
    AND ($3::text IS NULL OR publisher_domain = $3)
    AND ($4::timestamptz IS NULL OR at >= $4)
    AND ($5::timestamptz IS NULL OR at < $5)
    AND ($6::text IS NULL OR (language LIKE 'en%' AND search @@ websearch_to_tsquery('english', $6))
        OR (language NOT LIKE 'en%' AND search @@ websearch_to_tsquery('simple', $6)))
    AND ($7::text IS NULL OR kind = $7)
    AND ($8::timestamptz IS NULL OR (at, statement_id) < ($8, $9::uuid))
ORDER BY at DESC, statement_id DESC LIMIT $10
"""  # noqa: S608 - the one inserted text is a constant list of columns
STATEMENT = f"SELECT {STATEMENT_COLUMNS} FROM statements WHERE statement_id = $1"  # noqa: S608
STATEMENTS_OF_ARTICLE = f"""
SELECT {STATEMENT_COLUMNS} FROM statements WHERE article_id = $1 AND active AND status = 'usable'
ORDER BY (event #>> '{{content,0,field}}') DESC, (event #>> '{{content,0,start}}')::int, statement_id
"""  # noqa: S608

ARTICLE_COLUMNS = """article_id, version, url, canonical_url, title, publisher_name, publisher_domain, language, at, status,
    cardinality(manifest) AS statement_count, item_id, item_revision, fetched_at, engine_release,
    text_sha256, first_stored_at, stored_at"""
ARTICLES = f"""
SELECT {ARTICLE_COLUMNS} FROM articles
WHERE status = 'usable'
    AND ($1::text IS NULL OR publisher_domain = $1)
    AND ($2::timestamptz IS NULL OR at >= $2)
    AND ($3::timestamptz IS NULL OR at < $3)
    AND ($4::text IS NULL OR (md5(url) = md5($4) AND url = $4)
        OR (canonical_url IS NOT NULL AND md5(canonical_url) = md5($4) AND canonical_url = $4))
    AND ($5::timestamptz IS NULL OR (at, article_id) < ($5, $6::uuid))
ORDER BY at DESC, article_id DESC LIMIT $7
"""  # noqa: S608
ARTICLE = f"SELECT {ARTICLE_COLUMNS}, text FROM articles WHERE article_id = $1"  # noqa: S608

LEDGER = """
SELECT outcome, count(*) AS items, count(*) FILTER (WHERE outcome IS NULL AND deferred_until > now()) AS deferred
FROM ledger GROUP BY outcome
"""

DEAD_LETTERS = """
SELECT item_id, item_revision, feed_url, feed_title, link, title, service, outcome_reason AS reason, ended_at FROM ledger
WHERE outcome = 'dead_letter' ORDER BY ended_at DESC, item_id, item_revision LIMIT $1
"""
FEEDS = """
SELECT feed_url, max(feed_title) AS feed_title, sum(items)::bigint AS items, sum(in_flight)::bigint AS in_flight,
    sum(deferred)::bigint AS deferred, max(discovered_at) AS last_discovered_at, max(ended_at) AS last_ended_at,
    coalesce(jsonb_object_agg(outcome, items) FILTER (WHERE outcome IS NOT NULL), '{}')::text AS outcomes,
    count(*) OVER () AS total
FROM (
    SELECT feed_url, outcome, max(feed_title) AS feed_title, count(*) AS items, max(discovered_at) AS discovered_at,
        max(ended_at) AS ended_at, count(*) FILTER (WHERE outcome IS NULL) AS in_flight,
        count(*) FILTER (WHERE outcome IS NULL AND deferred_until > now()) AS deferred
    FROM ledger WHERE feed_url IS NOT NULL GROUP BY feed_url, outcome
) counted GROUP BY feed_url ORDER BY last_discovered_at DESC, feed_url LIMIT $1
"""

ITEM = """
SELECT item_id, item_revision, feed_id, feed_url, feed_title, guid, link, title, published_at, discovered_at, reason, lane,
    outcome, service, outcome_reason, article_id, statements, ended_at, deferred_until, deferred_reason, deferred_attempt
FROM ledger WHERE item_id = $1 ORDER BY item_revision DESC LIMIT $2
"""
ITEMS_OF_URL = """
SELECT item_id FROM (
    SELECT item_id, seen_at FROM hops WHERE url IS NOT NULL AND md5(url) = md5($1) AND url = $1
    UNION ALL
    SELECT r.item_id, r.arrived_at FROM articles a JOIN article_revisions r USING (article_id)
    WHERE a.canonical_url IS NOT NULL AND md5(a.canonical_url) = md5($1) AND a.canonical_url = $1
) found GROUP BY item_id ORDER BY max(seen_at) DESC LIMIT $2
"""
HOPS = """
SELECT item_revision, ce_id, ce_type, ce_source, topic, subject, trace_id, url, occurred_at, recorded_at, seen_at,
    detail::text AS detail
FROM hops WHERE item_id = $1 ORDER BY seen_at, occurred_at LIMIT $2
"""
AUDIT = """
SELECT item_revision, outcome, service, reason, ended_at, effective_outcome FROM ledger_audit WHERE item_id = $1
ORDER BY ended_at
"""
REVISIONS_OF_ITEM = """
SELECT r.item_revision, r.article_id, r.fetched_at, r.engine_release, r.complete, r.outcome, r.arrived_at, r.closed_at,
    cardinality(r.manifest) AS expected,
    CASE WHEN r.complete THEN cardinality(r.manifest) ELSE (
        SELECT count(*) FROM statement_arrivals s WHERE s.article_id = r.article_id AND s.fetched_at = r.fetched_at
            AND s.engine_release = r.engine_release AND s.statement_id = ANY(r.manifest)) END AS arrived
FROM article_revisions r WHERE r.item_id = $1 ORDER BY r.arrived_at LIMIT $2
"""

# A transaction that still runs may commit a lower number later: read only below the oldest of them.
CHANGES = f"""
SELECT changed_tx::text AS tx, changed_seq AS seq, {STATEMENT_COLUMNS} FROM statements
WHERE (changed_tx, changed_seq) > ($1::text::xid8, $2::bigint) AND changed_tx < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY changed_tx, changed_seq LIMIT $3
"""  # noqa: S608
HEAD = """
SELECT changed_tx::text AS tx, changed_seq AS seq FROM statements WHERE changed_tx < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY changed_tx DESC, changed_seq DESC LIMIT 1
"""
