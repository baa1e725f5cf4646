"""The runbook's backup of the record, with the programs that come along."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from domain.policy import Policy
from domain.values import DossierKind
from stack import cluster, endpoints, logins, postgres, up
from stack import home as places
from storage import log
from storage.record import Record
from tests.conftest import tell
from tests.domain.story import PROJECT, REGISTER, TOTAL, Asked, submit
from tests.stack.test_stack import home  # noqa: F401  # the fixture


def test_a_dumped_record_is_restored_and_still_append_only(home: Path, policy: Policy) -> None:  # noqa: F811
    up.up(home, worker=False)
    url = endpoints.database_url(home, "owner")
    plain, dump = url.replace("+psycopg", ""), str(home / "record.dump")
    first = log.engine(url)
    tell(Record(first, policy), REGISTER)

    run("pg_dump", "--format=custom", f"--file={dump}", plain)
    tell(Record(first, policy), submit_later())
    first.dispose()
    admin = f"{plain.rpartition('/')[0]}/postgres"
    run("psql", admin, "-c", "ALTER DATABASE ntm RENAME TO ntm_before_restore")
    run("psql", admin, "-c", "CREATE DATABASE ntm")
    run("pg_restore", "--exit-on-error", f"--dbname={plain}", dump)

    restored = log.engine(url)
    record = Record(restored, policy)
    assert record.fold(PROJECT).version == 1
    tell(record, submit_later())
    restored.dispose()
    with (
        psycopg.connect(plain) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="refused"),
    ):
        connection.execute("DELETE FROM events")


def test_a_dump_is_restored_into_a_fresh_server_once_it_has_the_roles(
    home: Path,  # noqa: F811
    policy: Policy,
    tmp_path: Path,
) -> None:
    # given: a dump, and a server that has never seen us
    up.up(home, worker=False)
    engine = log.engine(endpoints.database_url(home))
    tell(Record(engine, policy), REGISTER)
    engine.dispose()
    dump = str(tmp_path / "record.dump")
    run("pg_dump", "--format=custom", f"--file={dump}", _plain(home, "owner"))
    up.down(home)
    fresh = home.with_name("fresh")
    places.prepare(fresh)
    ports = places.choose_ports(None, frozenset())
    process = postgres.start(fresh, ports)
    try:
        url = postgres.url(fresh, ports.postgres).replace("+psycopg", "")

        # when: without the roles, it says which one it lacks
        with pytest.raises(subprocess.CalledProcessError) as failure:
            run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={url}", dump)
        assert b'role "ntm_re' in failure.value.stderr

        # and with them, as the production shape makes them, once or twice
        for _ in range(2):
            make_roles(fresh, ports.postgres)
        run("pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={url}", dump)

        # then: the recorder records, the reader reads, and neither may change anything
        recorder = log.engine(url_of(url, "ntm_worker"))
        tell(Record(recorder, policy), submit_later())
        recorder.dispose()
        with psycopg.connect(url_of(url, "ntm_viewer", "")) as connection:
            assert connection.execute("SELECT count(*) > 1 FROM events").fetchone() == (True,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM inbox")
    finally:
        postgres.stop(process)


def make_roles(at_home: Path, port: int) -> None:
    """`deploy/roles.sh`, as the image of PostgreSQL runs it."""
    names = ("TEMPORAL_DB", "NTM_DB", "NTM_RECORDER", "NTM_READER")
    told = {
        **{f"{name}_PASSWORD": "x" for name in names},
        "POSTGRES_USER": cluster.SUPERUSER,
        "PGHOST": "127.0.0.1",
        "PGPORT": str(port),
        "PGPASSWORD": cluster.password(at_home),
        "PATH": f"{cluster.programs()}:{os.environ['PATH']}",
    }
    script = Path(__file__).parents[2] / "deploy/roles.sh"
    subprocess.run([script], check=True, capture_output=True, env={**os.environ, **told})


def url_of(url: str, login: str, driver: str = "+psycopg") -> str:
    return f"postgresql{driver}://{login}:x@{url.rpartition('@')[2]}"


def _plain(at_home: Path, role: logins.Role) -> str:
    return endpoints.database_url(at_home, role).replace("+psycopg", "")


def submit_later() -> Asked:
    return submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")


def run(program: str, *words: str) -> None:
    subprocess.run([cluster.programs() / program, *words], check=True, capture_output=True)
