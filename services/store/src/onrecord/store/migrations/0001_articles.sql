-- One row per article: the newest complete revision. `version` counts the revisions that changed something, for people.
CREATE TABLE articles (
    article_id uuid PRIMARY KEY,
    fetched_at timestamptz NOT NULL,
    engine_release integer NOT NULL,
    version integer NOT NULL,
    item_id uuid NOT NULL,
    item_revision integer NOT NULL,
    lane text NOT NULL,
    status text NOT NULL,
    url text NOT NULL,
    canonical_url text,
    title text NOT NULL,
    publisher_name text NOT NULL,
    publisher_domain text NOT NULL,
    language text NOT NULL,
    at timestamptz NOT NULL,
    text text NOT NULL,
    text_sha256 text NOT NULL,
    manifest uuid[] NOT NULL,
    rights jsonb,
    provenance jsonb NOT NULL,
    event jsonb NOT NULL,
    first_stored_at timestamptz NOT NULL,
    stored_at timestamptz NOT NULL
);
CREATE INDEX articles_at ON articles (at, article_id);
CREATE INDEX articles_outlet ON articles (publisher_domain, at, article_id);
-- Addresses may be longer than an index entry.
CREATE INDEX articles_url ON articles (md5(url));
CREATE INDEX articles_canonical_url ON articles (md5(canonical_url)) WHERE canonical_url IS NOT NULL;

-- Every revision that came, by every item that led to it. `event` is there while the revision waits for its statements.
CREATE TABLE article_revisions (
    article_id uuid NOT NULL,
    fetched_at timestamptz NOT NULL,
    engine_release integer NOT NULL,
    item_id uuid NOT NULL,
    item_revision integer NOT NULL,
    manifest uuid[] NOT NULL,
    text_sha256 text NOT NULL,
    complete boolean NOT NULL DEFAULT false,
    outcome text,
    traceparent text,
    event jsonb,
    arrived_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (article_id, fetched_at, engine_release, item_id, item_revision)
);
CREATE INDEX article_revisions_item ON article_revisions (item_id, item_revision);
CREATE INDEX article_revisions_waiting ON article_revisions (arrived_at) WHERE NOT complete;
