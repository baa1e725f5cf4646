"""`ntm audit` as people use it: on a record of their own, and far from it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.record import Record
from tests.conftest import envelope, hand_in, tell
from tests.console.terminal import Answer, Terminal
from tests.domain.story import TO_CLEARANCE, TO_CONTRACT

DECISION = "the-decision"


@dataclass(frozen=True)
class Desk:
    """A terminal, the record it works on, and a place for files."""

    terminal: Terminal
    engine: Engine
    place: Path

    def audit(self, *words: str) -> Answer:
        url = self.engine.url.render_as_string(hide_password=False)
        return self.terminal.run("audit", *words, NTM_DATABASE_URL=url)

    def file(self, name: str) -> str:
        return str(self.place / name)


@pytest.fixture
def desk(record: Record, engine: Engine, tmp_path: Path) -> Desk:
    tell(record, *TO_CONTRACT)
    hand_in(record, envelope(TO_CLEARANCE[-2], DECISION))
    return Desk(terminal=Terminal(tmp_path / "home"), engine=engine, place=tmp_path)


def alter(engine: Engine) -> None:
    with engine.begin() as connection:
        for statement in (
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "UPDATE events SET kind = 'Other' WHERE position = 5",
            "ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_append_only",
        ):
            connection.execute(text(statement))


def test_a_log_is_signed_kept_and_held_against_what_was_kept(desk: Desk) -> None:
    signed = desk.audit("checkpoint", "--to", desk.file("a.note"))
    verified = desk.audit("verify", "--checkpoint", desk.file("a.note"))

    assert (signed.status, signed.err) == (0, "")
    assert (verified.status, verified.err) == (0, "")
    assert "intact: events " in verified.out
    assert "nguyên vẹn: " in desk.audit("verify", "--lang", "vi").out
    assert Path(desk.file("a.note")).read_text("utf-8").startswith("ntm-record\n")


def test_a_checkpoint_without_a_file_is_the_note_itself(desk: Desk) -> None:
    assert desk.audit("checkpoint").out == desk.audit("checkpoint").out != ""


def test_the_first_broken_event_is_named_in_one_line_and_nothing_is_signed(desk: Desk) -> None:
    desk.audit("checkpoint")
    alter(desk.engine)

    for words in (("verify",), ("checkpoint", "--to", desk.file("b.note"))):
        answer = desk.audit(*words)

        assert (answer.status, answer.out) == (1, "")
        line = answer.err.splitlines()[0]
        assert "position 5, project/" in line
        assert ": is not what its hash says" in line
    assert not Path(desk.file("b.note")).exists()


def test_every_break_is_told_to_programs(desk: Desk) -> None:
    desk.audit("checkpoint")
    alter(desk.engine)

    answer = desk.audit("verify", "--output", "json")

    assert answer.status == 1
    found = json.loads(answer.out)
    assert [(one["wrong"], one["position"]) for one in found["breaks"]] == [
        ("hash", 5),
        ("root", 1),
    ]


def test_a_decision_is_proven_far_from_the_record(desk: Desk) -> None:
    # given
    key = desk.audit("key").out.strip()
    desk.audit("checkpoint")
    written = desk.audit("bundle", DECISION, "--to", desk.file("d.json"))
    assert (written.status, written.err) == (0, "")

    # when: another home, no servers
    elsewhere = Terminal(desk.place / "elsewhere")
    plain = elsewhere.run("audit", "verify", "--offline", desk.file("d.json"))
    trusting = elsewhere.run("audit", "verify", "--offline", desk.file("d.json"), "--key", key)

    # then
    assert (plain.status, trusting.status) == (0, 0)
    assert f"proven: {DECISION}" in plain.out
    assert f"key: {key}; compare it with the key that you keep" in plain.out
    assert trusting.out.endswith(f"{key}\n")
    assert not elsewhere.home.exists()


def test_an_altered_bundle_is_refused(desk: Desk) -> None:
    desk.audit("checkpoint")
    desk.audit("bundle", DECISION, "--to", desk.file("d.json"))
    file = Path(desk.file("d.json"))
    file.write_text(file.read_text("utf-8").replace("investor", "chair"), "utf-8")

    answer = desk.audit("verify", "--offline", str(file))

    assert (answer.status, answer.out) == (1, "")
    assert "the bundle is not right: " in answer.err


def test_a_bundle_waits_for_a_checkpoint_and_for_a_decision(desk: Desk) -> None:
    early = desk.audit("bundle", DECISION, "--to", desk.file("d.json"))
    unknown = desk.audit("bundle", "unheard-of", "--to", desk.file("d.json"))

    assert (early.status, unknown.status) == (1, 1)
    assert "no checkpoint covers this decision" in early.err
    assert "there is no 'unheard-of'" in unknown.err
    assert not Path(desk.file("d.json")).exists()


def test_what_cannot_be_read_or_would_be_lost_is_wrong_usage(desk: Desk) -> None:
    desk.audit("checkpoint", "--to", desk.file("a.note"))
    Path(desk.file("bytes")).write_bytes(b"\xff")

    for *words, said in (
        ("checkpoint", "--to", desk.file("a.note"), "evidence is not overwritten"),
        ("bundle", DECISION, "--to", desk.file("a.note"), "evidence is not overwritten"),
        ("checkpoint", "--to", desk.file("nowhere/a.note"), "No such file or directory"),
        ("verify", "--checkpoint", desk.file("absent"), "No such file or directory"),
        ("verify", "--checkpoint", desk.file("bytes"), "it is not UTF-8"),
        ("verify", "--offline", desk.file("absent"), "No such file or directory"),
        (
            *("verify", "--offline", desk.file("a.note"), "--checkpoint", desk.file("a.note")),
            "it does not go with --offline",
        ),
        ("verify", "--key", "x", "as `ntm audit key` prints it"),
    ):
        answer = desk.audit(*words)

        assert (answer.status, answer.out) == (2, ""), words
        assert said in answer.err
        assert "Traceback" not in answer.err


def test_signatures_are_not_taken_on_trust_where_there_is_no_key(desk: Desk) -> None:
    key = desk.audit("key").out.strip()
    desk.audit("checkpoint")
    (desk.terminal.home / "audit-key").unlink()

    without = desk.audit("verify")
    given = desk.audit("verify", "--key", key)

    assert (without.status, given.status) == (2, 0)
    assert "give --key" in without.err


def test_a_lost_key_is_not_replaced_in_silence(desk: Desk) -> None:
    desk.audit("checkpoint")
    (desk.terminal.home / "audit-key").unlink()

    answer = desk.audit("checkpoint")

    assert (answer.status, answer.out) == (1, "")
    assert "another one has signed before" in answer.err
    assert not (desk.terminal.home / "audit-key").exists()


def test_a_key_that_others_may_read_is_not_used(desk: Desk) -> None:
    desk.audit("key")
    (desk.terminal.home / "audit-key").chmod(0o644)

    answer = desk.audit("checkpoint")

    assert (answer.status, answer.out) == (2, "")
    assert "chmod 600" in answer.err


def test_a_key_is_rotated_and_what_the_old_one_signed_stays_good(desk: Desk) -> None:
    assert desk.audit("key", "rotate").status == 2
    old = desk.audit("key").out.strip()
    desk.audit("checkpoint", "--to", desk.file("a.note"))
    desk.audit("bundle", DECISION, "--to", desk.file("a.json"))

    turned = desk.audit("key", "rotate", "--to", desk.file("new.key"))

    new = desk.audit("key").out.strip()
    assert (turned.status, turned.err) == (0, "")
    assert new != old
    assert new in turned.out
    assert desk.audit("verify", "--checkpoint", desk.file("a.note")).status == 0
    # by whoever has kept the first key, and by whoever has only the new one and the statement
    offline = ("verify", "--offline", desk.file("a.json"), "--key")
    assert desk.audit(*offline, old).status == 0
    assert desk.audit(*offline, new).status == 1
    assert desk.audit(*offline, new, "--rotated", desk.file("new.key")).status == 0
    assert desk.audit(*offline, new, "--rotated", desk.file("a.note")).status == 2


def test_a_lost_key_is_followed_by_one_that_says_so(desk: Desk) -> None:
    old = desk.audit("key").out.strip()
    note = desk.audit("checkpoint").out
    assert desk.audit("key", "rotate", "--lost", old).status == 2
    (desk.terminal.home / "audit-key").unlink()

    assert desk.audit("key", "rotate").status == 2
    assert desk.audit("key", "rotate", "--lost", old).status == 0

    new = desk.audit("key").out.strip()
    assert new != old
    assert desk.audit("checkpoint").status == 0
    assert desk.audit("verify").status == 0
    Path(desk.file("old.note")).write_text(note, "utf-8")
    assert desk.audit("verify", "--checkpoint", desk.file("old.note")).status == 0


def test_a_checkpoint_is_kept_outside_of_the_database_too(desk: Desk) -> None:
    note = desk.audit("checkpoint").out

    kept = [file.read_text("utf-8") for file in (desk.terminal.home / "notes").rglob("*.note")]

    assert kept == [note]
