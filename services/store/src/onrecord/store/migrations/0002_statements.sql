-- Changes are numbered by transaction and sequence, so that a reader which stays below the oldest running
-- transaction never passes over one that commits late.
CREATE SEQUENCE statement_changes;

-- One row per statement: what `statement.latest` says. `active` is false once the newest manifest no longer has it.
CREATE TABLE statements (
    statement_id uuid PRIMARY KEY,
    article_id uuid NOT NULL,
    fetched_at timestamptz NOT NULL,
    engine_release integer NOT NULL,
    active boolean NOT NULL DEFAULT true,
    retracted_reason text,
    replaced_by uuid,
    status text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    language text NOT NULL,
    speaker_name text,
    speaker_key text,
    speaker_type text NOT NULL,
    said_at text,
    publisher_domain text NOT NULL,
    at timestamptz NOT NULL,
    event jsonb NOT NULL,
    first_stored_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL,
    changed_tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    changed_seq bigint NOT NULL DEFAULT nextval('statement_changes'),
    -- A tsvector holds at most 1 MiB; the cut keeps a giant statement from failing its article.
    search tsvector NOT NULL GENERATED ALWAYS AS (
        CASE WHEN language LIKE 'en%'
            THEN to_tsvector('english', left(text, 100000) || ' ' || coalesce(left(speaker_name, 1000), ''))
            ELSE to_tsvector('simple', left(text, 100000) || ' ' || coalesce(left(speaker_name, 1000), ''))
        END
    ) STORED,
    speaker_search tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', coalesce(left(speaker_name, 1000), ''))) STORED
);
CREATE INDEX statements_article ON statements (article_id);
CREATE INDEX statements_at ON statements (at, statement_id) WHERE active;
CREATE INDEX statements_outlet ON statements (publisher_domain, at, statement_id) WHERE active;
CREATE INDEX statements_speaker ON statements (md5(speaker_key), at, statement_id) WHERE active AND speaker_key IS NOT NULL;
CREATE INDEX statements_changed ON statements (changed_tx, changed_seq);
CREATE INDEX statements_search ON statements USING gin (search);
CREATE INDEX statements_speaker_search ON statements USING gin (speaker_search);

-- Statements of revisions that are not complete yet. Nobody reads them until their article closes the revision.
CREATE TABLE statement_arrivals (
    article_id uuid NOT NULL,
    fetched_at timestamptz NOT NULL,
    engine_release integer NOT NULL,
    statement_id uuid NOT NULL,
    event jsonb NOT NULL,
    arrived_at timestamptz NOT NULL,
    PRIMARY KEY (article_id, fetched_at, engine_release, statement_id)
);
CREATE INDEX statement_arrivals_age ON statement_arrivals (arrived_at);
