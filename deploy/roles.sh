#!/bin/sh
# Run by the PostgreSQL image in a new volume, and harmless when it is run again: the roles of
# Temporal and of NTM, which cannot see each other's data, and NTM's database.
#
#   ntm          owns the record; migrations only
#   ntm_worker   records: the worker, and commands that record by themselves
#   ntm_viewer   reads: every other command
#
# Roles belong to the server and are in no dump of one database: run this before a restore into a
# fresh server.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv owner_password NTM_DB_PASSWORD
\getenv recorder_password NTM_RECORDER_PASSWORD
\getenv reader_password NTM_READER_PASSWORD

-- temporal-sql-tool creates Temporal's own databases. The groups are those of migration 0003,
-- which may not create roles here.
SELECT format('CREATE ROLE %I %s', wanted.name, wanted.may)
FROM (VALUES (1, 'temporal', format('LOGIN CREATEDB PASSWORD %L', :'temporal_password')),
             (2, 'ntm', format('LOGIN PASSWORD %L', :'owner_password')),
             (3, 'ntm_recorder', 'NOLOGIN'),
             (4, 'ntm_reader', 'NOLOGIN'),
             (5, 'ntm_worker',
                 format('LOGIN PASSWORD %L IN ROLE ntm_recorder', :'recorder_password')),
             (6, 'ntm_viewer', format('LOGIN PASSWORD %L IN ROLE ntm_reader', :'reader_password'))
     ) AS wanted(place, name, may)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
ORDER BY place \gexec

SELECT 'CREATE DATABASE ntm OWNER ntm'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ntm') \gexec

REVOKE ALL ON DATABASE ntm FROM PUBLIC;
GRANT CONNECT ON DATABASE ntm TO ntm_recorder, ntm_reader;
SQL
