#!/bin/sh
# Run by the image once, on an empty volume. Each role's password is the one in the DSN that its service is given.
set -eu

password_in() {
    dsn=$(cat "/run/secrets/$1")
    rest=${dsn#*://*:}
    printf '%s' "${rest%%@*}"
}

psql --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set "migrate_password=$(password_in migrate_database)" \
    --set "feed_password=$(password_in feed_database)" \
    --set "store_password=$(password_in store_database)" \
    --file /etc/onrecord/roles.sql
