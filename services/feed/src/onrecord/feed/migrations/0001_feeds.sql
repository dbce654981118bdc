CREATE TABLE feeds (
    feed_id uuid PRIMARY KEY,
    url text NOT NULL UNIQUE,
    poll_url text NOT NULL,
    title text,
    language text,
    etag text,
    last_modified text,
    body_sha256 text,
    min_interval_s double precision NOT NULL,
    schedule jsonb NOT NULL DEFAULT '{}',
    health jsonb NOT NULL DEFAULT '{}',
    polls bigint NOT NULL DEFAULT 0,
    last_polled_at timestamptz,
    last_result text,
    last_detail text,
    next_poll_at timestamptz NOT NULL,
    leased_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    stopped boolean NOT NULL DEFAULT false,
    added_at timestamptz NOT NULL
);
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE NOT stopped;

CREATE TABLE items (
    item_id uuid PRIMARY KEY,
    feed_id uuid NOT NULL REFERENCES feeds ON DELETE CASCADE,
    identity text NOT NULL,
    link text NOT NULL,
    content_hash text NOT NULL,
    revision int NOT NULL,
    published_at timestamptz,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    outcome text,
    validators jsonb
);
CREATE INDEX items_by_identity ON items (feed_id, identity);
CREATE INDEX items_by_link ON items (feed_id, link);

-- One row per item revision from its discovery to its outcome.
CREATE TABLE in_flight (
    item_id uuid NOT NULL,
    item_revision int NOT NULL,
    event bytea NOT NULL,
    deadline timestamptz NOT NULL,
    emissions int NOT NULL DEFAULT 1,
    PRIMARY KEY (item_id, item_revision)
);
CREATE INDEX in_flight_due ON in_flight (deadline);
