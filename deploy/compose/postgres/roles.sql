-- One role each for migrating, for feed, for store and for people who read. Run once, as the owner of the database:
--   psql -v migrate_password=… -v feed_password=… -v store_password=… -f roles.sql DSN
-- onrecord_migrate owns both schemas; a service may change rows of its own schema and nothing else.
\set ON_ERROR_STOP on
BEGIN;
CREATE ROLE onrecord_migrate LOGIN PASSWORD :'migrate_password';
CREATE ROLE onrecord_feed LOGIN PASSWORD :'feed_password';
CREATE ROLE onrecord_store LOGIN PASSWORD :'store_password';
CREATE ROLE onrecord_read NOLOGIN;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO onrecord_migrate, onrecord_feed, onrecord_store, onrecord_read', current_database()) \gexec
-- CREATE SCHEMA IF NOT EXISTS asks for the right even where the schema is there.
SELECT format('GRANT CREATE ON DATABASE %I TO onrecord_migrate', current_database()) \gexec

CREATE SCHEMA feed AUTHORIZATION onrecord_migrate;
CREATE SCHEMA store AUTHORIZATION onrecord_migrate;
GRANT USAGE ON SCHEMA feed TO onrecord_feed, onrecord_read;
GRANT USAGE ON SCHEMA store TO onrecord_store, onrecord_read;

ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_migrate IN SCHEMA feed GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO onrecord_feed;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_migrate IN SCHEMA feed GRANT USAGE, SELECT ON SEQUENCES TO onrecord_feed;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_migrate IN SCHEMA feed GRANT SELECT ON TABLES TO onrecord_read;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_migrate IN SCHEMA store GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO onrecord_store;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_migrate IN SCHEMA store GRANT USAGE, SELECT ON SEQUENCES TO onrecord_store;
ALTER DEFAULT PRIVILEGES FOR ROLE onrecord_migrate IN SCHEMA store GRANT SELECT ON TABLES TO onrecord_read;
COMMIT;
