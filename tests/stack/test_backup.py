"""The runbook's backup of the record, with the programs that come along."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from domain.policy import Policy
from domain.values import DossierKind
from stack import cluster, endpoints, up
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


def submit_later() -> Asked:
    return submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03")


def run(program: str, *words: str) -> None:
    subprocess.run([cluster.programs() / program, *words], check=True, capture_output=True)
