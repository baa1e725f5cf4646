"""Who comes to the embedded PostgreSQL: the owner to migrate, the worker to record, the rest."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from stack import cluster, endpoints, logins, postgres, processes, up, work
from stack import home as places
from stack.endpoints import NotRunning
from storage import migrate

ELSEWHERE = ("TEMPORAL_NAMESPACE", *endpoints.TEMPORAL_VARIABLES)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in (*ELSEWHERE, *endpoints.DATABASE_VARIABLES.values()):
        monkeypatch.delenv(name, raising=False)
    place = Path(tempfile.mkdtemp(prefix="ntm-test-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    yield place / "home"
    up.down(place / "home")
    shutil.rmtree(place)


def ask(url: str, sql: str) -> list[str]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        answer = connection.execute(sql.encode())
        return [str(row[0]) for row in answer.fetchall()] if answer.description else []


def each_login_may_what_its_group_may(home: Path) -> None:
    owner = endpoints.database_url(home, "owner")
    for role, login in logins.LOGINS.items():
        url = endpoints.database_url(home, role)
        assert ask(url, "SELECT current_user") == [login]
        assert ask(url, "SELECT count(*) FROM events") == ["0"]
    rights = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE"
    assert ask(owner, f"{rights} rolname LIKE 'ntm\\_%'") == ["False"] * 4
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(endpoints.database_url(home, "recorder"), "DELETE FROM events")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(endpoints.database_url(home, "reader"), "DELETE FROM outbox")


def passwords_are_kept_apart(home: Path) -> list[Path]:
    """Three of them, and nobody else's to read."""
    files = sorted(home.glob("*.password"))
    assert len({file.read_text() for file in files}) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    log = places.log(home, "postgres").read_text("utf-8", "replace")
    assert not any(file.read_text().strip() in log for file in files)
    return files


def test_the_worker_records_and_only_migrations_own(home: Path) -> None:
    # given
    running = up.up(home)
    owner = endpoints.database_url(home, "owner")

    # the worker is the recorder, and was never told the owner's password
    at_the_record = "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'ntm'"
    assert set(ask(owner, at_the_record)) == {"ntm", "ntm_worker"}
    assert running.worker is not None
    told = processes.environment(running.worker)
    assert urlsplit(told["NTM_DATABASE_URL"]).username == "ntm_worker"
    assert cluster.password(home) not in "".join(told.values())
    owned = "SELECT count(*) FROM pg_tables WHERE tableowner <> 'ntm' AND schemaname = 'public'"
    assert ask(owner, owned) == ["0"]

    each_login_may_what_its_group_may(home)
    files = passwords_are_kept_apart(home)

    # a home of before there were such logins has them after the next `up`, and its worker too
    files = [file for file in files if "ntm_" in file.name]
    for file in files:
        file.unlink()
    with pytest.raises(NotRunning, match="run `ntm up`"):
        endpoints.database_url(home, "reader")
    again = up.up(home)
    assert again.worker != running.worker
    assert again.postgres == running.postgres
    assert ask(endpoints.database_url(home, "reader"), "SELECT current_user") == ["ntm_viewer"]


def test_an_external_url_serves_everybody_unless_there_are_others(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_OWNER_DATABASE_URL", "postgresql://nobody@nowhere/ntm")
    assert endpoints.external_database("owner") is None

    monkeypatch.delenv("NTM_OWNER_DATABASE_URL")
    monkeypatch.setenv("NTM_DATABASE_URL", "postgres://all@db/ntm")
    every = {role: endpoints.database_url(home, role) for role in logins.LOGINS}
    assert set(every.values()) == {"postgresql+psycopg://all@db/ntm"}

    monkeypatch.setenv("NTM_OWNER_DATABASE_URL", "postgresql://owner@db/ntm")
    monkeypatch.setenv("NTM_READER_DATABASE_URL", "postgresql://reader@db/ntm")
    names = {r: urlsplit(endpoints.database_url(home, r)).username for r in logins.LOGINS}
    assert names == {"owner": "owner", "recorder": "all", "reader": "reader"}

    monkeypatch.setenv("TEMPORAL_ADDRESS", "nowhere:7233")
    inherited = {**work._inherited(), **work._told(home)}
    assert not any("owner@" in value for value in inherited.values())
    assert inherited["NTM_DATABASE_URL"] == "postgresql+psycopg://all@db/ntm"
    assert "NTM_OWNER_DATABASE_URL" in os.environ


def test_a_migration_that_may_not_create_roles_says_so_and_goes_on(home: Path) -> None:
    # given: a server on which we own a database and nothing else
    places.prepare(home)
    ports = places.choose_ports(None, frozenset())
    process = postgres.start(home, ports)
    try:
        admin = postgres.url(home, ports.postgres, "postgres")
        ask(admin, "CREATE ROLE plain LOGIN PASSWORD 'x'")
        ask(admin, "CREATE DATABASE theirs OWNER plain")
        url = f"postgresql+psycopg://plain:x@127.0.0.1:{ports.postgres}/theirs"
        told: list[str] = []

        # when
        migrate.upgrade(url, told.append)

        # then
        assert [line.split(":")[0] for line in told] == [
            "role ntm_recorder was not created",
            "role ntm_reader was not created",
        ]
        assert all("plain may not create roles" in line for line in told)
        assert ask(url, "SELECT count(*) FROM events") == ["0"]
        assert ask(url, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'ntm\\_%'") == []
    finally:
        postgres.stop(process)
