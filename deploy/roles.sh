#!/bin/sh
# Run once, by the PostgreSQL image, in a new volume: two roles that cannot see each other's data.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv ntm_password NTM_DB_PASSWORD

-- temporal-sql-tool creates Temporal's own databases.
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
CREATE ROLE ntm LOGIN PASSWORD :'ntm_password';

CREATE DATABASE ntm OWNER ntm;
REVOKE ALL ON DATABASE ntm FROM PUBLIC;
SQL
