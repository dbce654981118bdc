-- What was taken down stays down: no revision brings it back.
CREATE TABLE tombstones (
    subject_type text NOT NULL CHECK (subject_type IN ('url', 'domain', 'statement')),
    subject text NOT NULL,
    requested_at timestamptz NOT NULL,
    reason text,
    PRIMARY KEY (subject_type, subject)
);
