-- One row per item revision: in = out + in flight. An outcome may come before its item does.
CREATE TABLE ledger (
    item_id uuid NOT NULL,
    item_revision integer NOT NULL,
    feed_id uuid,
    feed_url text,
    feed_title text,
    guid text,
    link text,
    title text,
    published_at timestamptz,
    discovered_at timestamptz,
    reason text,
    lane text,
    outcome text,
    strength smallint,
    service text,
    outcome_reason text,
    article_id uuid,
    statements integer,
    validators jsonb,
    ended_at timestamptz,
    deferred_until timestamptz,
    deferred_reason text,
    deferred_attempt integer,
    PRIMARY KEY (item_id, item_revision)
);
CREATE INDEX ledger_outcome ON ledger (outcome);
CREATE INDEX ledger_in_flight ON ledger (discovered_at) WHERE outcome IS NULL;
CREATE INDEX ledger_article ON ledger (article_id) WHERE article_id IS NOT NULL;

-- Outcomes that are not, or no longer, the effective one of their item revision.
CREATE TABLE ledger_audit (
    item_id uuid NOT NULL,
    item_revision integer NOT NULL,
    outcome text NOT NULL,
    service text NOT NULL,
    reason text,
    ended_at timestamptz NOT NULL,
    effective_outcome text NOT NULL,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (item_id, item_revision, service, outcome)
);

-- Every record of an item's life that the store saw, for `why`. A record sent again in a new trace is a row of its own.
CREATE TABLE hops (
    item_id uuid NOT NULL,
    item_revision integer NOT NULL,
    ce_id text NOT NULL,
    trace_id text NOT NULL,
    ce_type text NOT NULL,
    ce_source text,
    topic text NOT NULL,
    subject text NOT NULL,
    url text,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz,
    seen_at timestamptz NOT NULL,
    detail jsonb NOT NULL,
    PRIMARY KEY (item_id, item_revision, ce_id, trace_id)
);
CREATE INDEX hops_url ON hops (md5(url)) WHERE url IS NOT NULL;
