"""Thirteen communes at once, with a worker and without one; watched while it happens."""

import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.capital import AllocateCapital
from domain.positions import Allocation
from domain.project import RegisterProject
from domain.values import CommuneId, PaymentKind, ProjectId, Vnd
from stack import endpoints, home
from storage import log, policies
from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.console.terminal import NTM, Terminal
from tests.domain.story import (
    CAPITAL,
    CHARTER,
    CITY_CHAIR,
    PROGRAMME,
    TO_SUPPORT_PLAN,
    WORKS,
    Asked,
    act,
    request,
)

FINANCE, TREASURY, CHAIR = "finance@an-duong", "treasury@hai-phong", "chair@hai-phong"
COMMUNES = tuple(range(1, 14))
POOR = ("AD04-GT", "AD09-GT")
"""Whose share of the year's capital is less than what is asked for."""
WHERE = "kind=payment amount<=50000000"
BULK = ("approve", "--where", WHERE, "--at", "2024-03-06", "--as", FINANCE)
PAPER = ("--document", "12/QĐ-UBND;2024-03-01;UBND")


@pytest.fixture(scope="module")
def office() -> Iterator[Terminal]:
    """Thirteen projects, each with a payment that waits for the district's finance."""
    place = Path(tempfile.mkdtemp(prefix="ntm-test-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    terminal = Terminal(place / "home")
    try:
        assert terminal.runs_cold("up").status == 0
        _begin(terminal)
        terminal.does("resume")
        yield terminal
    finally:
        terminal.runs_cold("down")
        shutil.rmtree(place)


def _begin(terminal: Terminal) -> None:
    engine = log.engine(endpoints.database_url(terminal.home))
    try:
        record = Record(engine, policies.load())
        lines = tuple(
            Allocation(
                project=_name(nth), commune=CommuneId(f"AD{nth:02}"), cohort=CHARTER.cohort,
                amount=Vnd(30_000_000 if _name(nth) in POOR else 900_000_000), synthetic=True,
            )
            for nth in COMMUNES
        )  # fmt: skip
        plan = AllocateCapital(programme=PROGRAMME, year=2024, lines=lines)
        tell(record, (CAPITAL, plan, act(CITY_CHAIR, "2024-01-02")))
        asked = request(1, PaymentKind.COMPENSATION, 50_000_000, "2024-03-05")
        for nth in COMMUNES:
            for one in (*TO_SUPPORT_PLAN, asked):
                if one[0] != CAPITAL:
                    hand_in(record, envelope(_at_home(one, nth), project=_name(nth)))
    finally:
        engine.dispose()


def _name(nth: int) -> ProjectId:
    return ProjectId(f"AD{nth:02}-GT")


def _at_home(asked: Asked, nth: int) -> Asked:
    """The story's step, told of another commune."""
    stream, command, by = asked
    if isinstance(command, RegisterProject):
        charter = replace(CHARTER, commune=CommuneId(f"AD{nth:02}"))
        return stream, RegisterProject(charter=charter, works=WORKS), by
    return asked


def _bulk(terminal: Terminal, *words: str, status: int) -> Any:
    answer = terminal.run(*words, "--output", "json")
    assert (answer.status, answer.err) == (status, ""), answer
    return json.loads(answer.out)


def _counted(bulk: Any) -> dict[str, int]:
    found = [one["status"] for one in bulk["answers"]]
    return {status: found.count(status) for status in dict.fromkeys(found)}


def _refused(bulk: Any) -> dict[str, tuple[str, str]]:
    return {
        one["stream"].split("/")[1]: (one["rule"], one["because"])
        for one in bulk["answers"]
        if one["rule"]
    }


def test_of_thirteen_the_two_that_break_a_ceiling_are_explained_and_eleven_recorded(
    office: Terminal,
) -> None:
    foretold = _bulk(office, *BULK, "--preview", status=4)
    assert _counted(foretold) == {"would-record": 11, "would-refuse": 2}
    assert "12/QĐ-UBND" not in office.does("inbox", by=TREASURY)

    done = _bulk(office, *BULK, *PAPER, "--id", foretold["bulk"], status=4)
    assert _counted(done) == {"recorded": 11, "refused": 2}
    assert _refused(done) == _refused(foretold)
    assert set(_refused(done)) == set(POOR)
    assert {rule for rule, _ in _refused(done).values()} == {"capital_ceiling"}
    assert "30,000,000 of the year's capital is left" in _refused(done)[POOR[0]][1]
    assert len(office.asks("inbox", "--as", TREASURY)["waits"]) == 11

    # Repeated, nothing counts twice: not even for those who could be paid by now.
    again = _bulk(office, *BULK, *PAPER, "--id", foretold["bulk"], status=4)
    assert _counted(again) == {"before": 11, "refused": 2}
    assert len(office.asks("inbox", "--as", TREASURY)["waits"]) == 11
    checked = [one["decision_id"] for one in done["answers"] if one["status"] == "recorded"]
    assert sorted(checked) == sorted(
        one["decision_id"] for one in again["answers"] if one["status"] == "before"
    )

    other = ("return", "--where", "kind=payment", "--reason", "x", "--as", FINANCE)
    answer = office.run(*other, "--id", foretold["bulk"])
    assert (answer.status, "[already_exists]" in answer.err) == (1, True)


def test_a_table_of_many_keeps_to_the_width_and_says_how_to_repeat(office: Terminal) -> None:
    shown = office.run(
        "approve", "--where", "project=AD04-GT", "--at", "2024-03-06", "--as", FINANCE,
        "--preview", COLUMNS="80", NO_COLOR="1",
    )  # fmt: skip

    assert shown.status == 1
    assert "would be refused" in shown.out
    assert "\x1b" not in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_what_rests_on_a_paper_is_found_by_its_whole_symbol(office: Terminal) -> None:
    papers = {row["document"]["symbol"] for row in office.asks("basis", "list")}
    assert "12/QĐ-UBND" in papers

    assert len(office.asks("project", "list", "--basis", "12/QĐ-UBND")) == 13
    part = office.run("project", "list", "--basis", "12/QĐ")
    assert (part.status, "did you mean 12/QĐ-UBND?" in part.err) == (1, True)
    eth = office.run("project", "list", "--basis", "12/QÐ-UBND")
    assert (eth.status, "U+00D0" in eth.err) == (2, True)


def test_the_hash_of_a_file_is_recorded_and_never_what_it_holds(
    office: Terminal, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF canary")
    link = tmp_path / "link.pdf"
    link.symlink_to(scan)
    paid = ("approve", "AD01-GT/1", "--at", "2024-03-07", "--as", TREASURY)
    files = ("--file", str(scan), "--file", str(link))

    alone = office.run(*paid, *files)
    folder = office.run(*paid, *PAPER, "--file", str(tmp_path))
    gone = office.run(*paid, *PAPER, "--file", str(tmp_path / "none"))
    office.does(*paid, *PAPER, *files)

    assert (alone.status, folder.status, gone.status) == (2, 2, 2)
    last = office.asks("events", "payment/AD01-GT/1")[-1]
    hashed = sha256(b"%PDF canary").hexdigest()
    assert last["fact"]["act"]["document"]["files"] == [hashed]
    assert "canary" not in json.dumps(office.asks("events", "payment/AD01-GT/1"))


def test_a_case_goes_over_to_another_law_only_if_there_is_another(office: Terminal) -> None:
    adopt = ("policy", "adopt", "--case", "project/AD01-GT", *PAPER, "--as", CHAIR)

    found = _bulk(office, *adopt, "--preview", status=1)

    assert [one["rule"] for one in found["answers"]] == ["nothing_to_do"]
    unknown = _bulk(office, *adopt, "--to", "0123456789ab", status=1)
    assert [one["rule"] for one in unknown["answers"]] == ["not_found"]


def test_an_inbox_follows_the_record_and_ends_with_ctrl_c(office: Terminal) -> None:
    watching = subprocess.Popen(
        [NTM, "inbox", "--as", TREASURY, "--watch", "--output", "json"],
        env={"NTM_HOME": str(office.home), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert watching.stdout is not None
        before = json.loads(watching.stdout.readline())
        office.does("approve", "AD02-GT/1", "--at", "2024-03-07", "--as", TREASURY)
        after = json.loads(watching.stdout.readline())
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=10)
    finally:
        watching.kill()

    assert len(after["waits"]) == len(before["waits"]) - 1
    assert (watching.returncode, errors) == (0, "")


def test_nobody_at_work_is_said_within_seconds_and_a_decision_can_be_left(
    office: Terminal,
) -> None:
    worker = home.remembered(office.home).worker
    assert worker is not None
    subprocess.run(["kill", str(worker.pid)], check=True)
    _until_gone(worker.pid)
    decide = ("approve", "AD03-GT/1", "--at", "2024-03-07", "--as", TREASURY, "--id", "yes-3")

    began = time.monotonic()
    alone = office.run(*decide)
    took = time.monotonic() - began
    assert (alone.status, took < 10) == (3, True), (alone, took)
    assert "nobody is working" in alone.err
    assert "--no-wait --id yes-3" in alone.err
    assert len(alone.err.splitlines()) == 3

    many = ("approve", "--where", "project=AD05-GT|AD06-GT", "--at", "2024-03-07", "--as", TREASURY)
    bulk = _bulk(office, *many, "--id", "b5", status=3)
    assert _counted(bulk) == {"in-flight": 1, "not-sent": 1}
    office.does(*decide, "--no-wait")
    assert _counted(_bulk(office, *many, "--id", "b5", "--no-wait", status=0)) == {"left": 2}

    assert office.runs_cold("up").status == 0
    _until_none_waits(office, "AD03-GT", "AD05-GT", "AD06-GT")
    assert "recorded before" in office.does(*decide)
    assert _counted(_bulk(office, *many, "--id", "b5", status=0)) == {"before": 2}
    for name in ("AD03-GT", "AD05-GT", "AD06-GT"):
        kinds = [row["fact"]["event"]["kind"] for row in office.asks("events", f"payment/{name}/1")]
        assert kinds.count("PaymentPaid") == 1


def _until_gone(pid: int) -> None:
    deadline = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def _until_none_waits(office: Terminal, *names: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        waits = office.asks("inbox", "--as", TREASURY)["waits"]
        if not {row["wait"]["stream"].split("/")[1] for row in waits} & set(names):
            return
    raise AssertionError(waits)
