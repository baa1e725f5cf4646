"""The runbook of a restored record, from the dump to the second acceptance, on real servers."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from domain.policy import Policy
from domain.refusal import Refused
from domain.restore import Trusted
from domain.values import DossierKind, StreamId
from office.session import open_session
from stack import endpoints, up
from storage import checkpoints, log, queries
from storage.outside import Outside
from storage.record import Record
from tests.conftest import envelope, tell
from tests.console.terminal import Terminal
from tests.domain.story import PLANNING, PROJECT, REGISTER, TOTAL, Asked, approve, at, submit
from tests.stack.test_backup import run
from tests.stack.test_stack import home  # noqa: F401  # the fixture

POLICY = DossierKind.INVESTMENT_POLICY
SUBMIT = submit(POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(POLICY, "appraise", PLANNING, "2024-01-08")
PAPER = ("--document", "15/NQ-HĐND;2024-06-01;HĐND")
ACCEPT = ("reconcile", "--accept", *PAPER, "--as")


def ask(at_home: Path, asked: Asked, *, wait: bool = True) -> None:
    with open_session(at_home) as session:
        if wait:
            session.decide(envelope(asked), timedelta(seconds=20))
        else:
            session.leave(envelope(asked, "left"))


def version(at_home: Path) -> int:
    engine = log.engine(endpoints.database_url(at_home))
    try:
        found = queries.standing(engine, StreamId(PROJECT))
        assert found is not None
        return found.version
    finally:
        engine.dispose()


def test_a_server_that_was_killed_has_lost_nothing_that_was_signed(
    home: Path,  # noqa: F811
    policy: Policy,
) -> None:
    running = up.up(home, worker=False)
    outside = Outside(home)
    engine = log.engine(endpoints.database_url(home))
    try:
        record = Record(engine, policy, outside)
        tell(record, REGISTER)
        assert checkpoints.take(engine, outside) is not None

        assert running.postgres is not None
        os.kill(running.postgres.pid, signal.SIGKILL)
        up.up(home, worker=False)

        tell(record, SUBMIT)
        assert isinstance(record.examine(at("2024-06-01")), Trusted)
        assert checkpoints.take(engine, outside) is not None
    finally:
        engine.dispose()


def test_a_record_restored_from_a_dump_waits_for_two_officials(home: Path) -> None:  # noqa: F811
    # given: a dump, a decision after it, and a checkpoint
    up.up(home)
    terminal = Terminal(home)
    plain = endpoints.database_url(home, "owner").replace("+psycopg", "")
    dump = str(home / "record.dump")
    ask(home, REGISTER)
    run("pg_dump", "--format=custom", f"--file={dump}", plain)
    ask(home, SUBMIT)
    assert terminal.run("audit", "checkpoint").status == 0

    # when: the dump is restored as the runbook says
    up.down(home)
    up.up(home, worker=False)
    admin = f"{plain.rpartition('/')[0]}/postgres"
    run("psql", admin, "-c", "ALTER DATABASE ntm RENAME TO ntm_before_restore")
    run("psql", admin, "-c", "CREATE DATABASE ntm")
    run("pg_restore", "--exit-on-error", f"--dbname={plain}", dump)
    up.up(home)

    # then: it is named, people can read, and nobody can decide
    named = terminal.run("reconcile")
    assert named.status == 1
    assert "the record was restored to 1" in named.out
    assert "ahead of the record" in named.out
    assert "restored" in terminal.run("status").out
    assert terminal.run("doctor").status == 1
    assert terminal.run("project", "show", "AD01-GT").status == 0
    assert "accept-restore" in terminal.run("inbox", "--as", "treasury@hai-phong", "-o", "json").out
    with pytest.raises(Refused, match=r"\[restored\]$"):
        ask(home, SUBMIT)
    assert terminal.run("audit", "checkpoint").status == 1
    ask(home, SUBMIT, wait=False)

    # one official is not enough, the same twice is one
    assert terminal.run(*ACCEPT, "treasury@hai-phong").status == 0
    twice = terminal.run(*ACCEPT, "treasury@hai-phong")
    assert twice.status == 1
    assert "[separation_of_duties]" in twice.err
    assert terminal.run("reconcile", "--accept", "--as", "chair@hai-phong").status == 2
    with pytest.raises(Refused, match=r"\[restored\]$"):
        ask(home, SUBMIT)
    assert version(home) == 1

    # two are; what was left meanwhile is decided now, and every case reads the record anew
    assert "taken again" in terminal.run(*ACCEPT, "chair@hai-phong").out
    terminal.run("reconcile", "--repair")
    settled = terminal.run("reconcile")
    assert (settled.status, settled.err) == (0, "")
    ask(home, APPRAISE)
    with open_session(home) as session:
        assert queries.is_decided(session.engine, "left")

    # and the audit explains it for ever
    assert terminal.run("audit", "checkpoint").status == 0
    verified = terminal.run("audit", "verify")
    assert (verified.status, verified.err) == (0, "")
    assert "accepted: the record was restored to " in verified.out
    assert "treasury@hai-phong" in verified.out
    assert terminal.run("store", "verify").status == 0
