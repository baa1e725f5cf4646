"""Officials on the command line: founded, enrolled, appointed, lent, and what each sees."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import Engine

from domain.keys import PublicKey
from domain.policy import Policy
from signing import sshsig
from storage.record import Record
from tests.conftest import NewDatabase, tell
from tests.console.terminal import Answer, Terminal
from tests.domain.story import TO_APPROVAL

PAPER = ("--document", "01/QĐ-UBND;2024-01-02;UBND thành phố")
REGISTRAR = "registrar@hai-phong"


class Desk:
    """A record with a project, the shell of its officials, and their keys."""

    def __init__(self, engine: Engine, place: Path) -> None:
        self.place = place
        self.terminal = Terminal(place / "home")
        self.url = engine.url.render_as_string(hide_password=False)
        self.keys: dict[str, PublicKey] = {}
        for name in ("an", "binh", "chi", "lan", "minh", "next"):
            private = Ed25519PrivateKey.generate()
            form = (Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
            (place / name).write_bytes(private.private_bytes(*form))
            (place / name).chmod(0o600)
            self.keys[name] = sshsig.key_of(private)
            (place / f"{name}.pub").write_text(sshsig.line(self.keys[name]) + f" {name}\n", "utf-8")

    def run(self, *words: str, by: str = "", key: str = "") -> Answer:
        more = (*(("--as", by) if by else ()), *(("--key", self.file(key)) if key else ()))
        return self.terminal.run(*words, *more, NTM_DATABASE_URL=self.url, COLUMNS="80")

    def does(self, *words: str, by: str, key: str = "") -> str:
        answer = self.run(*words, by=by, key=key)
        assert answer.status == 0, (words, answer)
        return answer.out

    def asks(self, *words: str) -> Any:
        return self.terminal.asks(*words, NTM_DATABASE_URL=self.url)

    def file(self, name: str) -> str:
        return str(self.place / name)

    def print_of(self, name: str) -> str:
        return self.keys[name].fingerprint


@pytest.fixture(scope="module")
def desk(
    new_database: NewDatabase, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """The registry is founded; Lan holds the city's chair, and Minh is enrolled."""
    with new_database() as engine:
        tell(Record(engine, policy), *TO_APPROVAL)
        found = Desk(engine, tmp_path_factory.mktemp("desk"))
        registrars = [
            part
            for code, name in (("CB-0001", "an"), ("CB-0002", "binh"), ("CB-0003", "chi"))
            for part in ("--registrar", f"{code};Người giữ sổ;{found.file(name)}.pub")
        ]
        found.does("official", "found", *registrars, *PAPER, by="chair@hai-phong")
        for code, name in (("CB-0017", "lan"), ("CB-0018", "minh")):
            new = ("enrol", code, "--name", "Cán bộ", "--public", f"{found.file(name)}.pub")
            found.does("official", *new, by=REGISTRAR, key="an")
            yes = ("confirm", code, "--fingerprint", found.print_of(name))
            found.does("official", *yes, by=REGISTRAR, key="binh")
        post = ("CB-0017", "chair@hai-phong", "--from", "2024-01-02")
        found.does("official", "appoint", *post, *PAPER, by=REGISTRAR, key="an")
        same = ("confirm", "CB-0017", "--post", "chair@hai-phong", "--from", "2024-01-02")
        found.does("official", *same, by=REGISTRAR, key="chi")
        yield found


def test_a_registry_that_nobody_founded_is_said_to_be_none(engine: Engine, tmp_path: Path) -> None:
    answer = Desk(engine, tmp_path).run("official", "list")

    assert (answer.status, answer.out) == (1, "")
    assert "ntm official found" in answer.err


def test_officials_are_listed_with_their_posts(desk: Desk) -> None:
    found = {one["official"]: one for one in desk.asks("official", "list")["officials"]}

    assert set(found) == {"CB-0001", "CB-0002", "CB-0003", "CB-0017", "CB-0018"}
    assert found["CB-0017"]["posts"] == [{"role": "chair", "unit": "hai-phong"}]
    assert all(one["can_sign"] for one in found.values())
    assert "CB-0017" in desk.run("official", "list", "--post", "chair@hai-phong").out
    assert "CB-0001" not in desk.run("official", "list", "--post", "chair@hai-phong").out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("enrol", "CB-0099", "--public", "{lan}.pub"), 2, "--name"),
        (("enrol", "CB-0099", "--name", "X", "--public", "{lan}"), 2, "*.pub"),
        (("enrol", "CB-0099", "--name", "X", "--public", "{lan}.pub"), 1, "already_exists"),
        (("confirm", "CB-0018", "--fingerprint", "MD5:aa"), 2, "SHA256:"),
        (("confirm", "CB-0018"), 2, "--fingerprint"),
        (("appoint", "CB-0018", "chair@hai-phog", "--from", "2024-01-02"), 1, "document"),
        (("appoint", "CB-0018", "chair@an-duong", "--from", "2025-07-01", *PAPER), 1, "no more"),
        (("delegate", "UQ", "CB-1", "--from", "x", "--until", "x"), 2, "YYYY-MM-DD"),
        (
            ("delegate", "UQ", "CB-1", "--from", "2030-01-01", "--until", "2030-01-02",
             "--command", "Aprove"),
            2,
            "did you mean",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(desk: Desk, words: tuple[str, ...], status: int, said: str) -> None:
    told = [word.replace("{lan}", desk.file("lan")) for word in words]

    answer = desk.run("official", *told, by=REGISTRAR, key="an")

    assert answer.status == status, answer
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_the_proposer_does_not_confirm_and_sees_that_another_has_to(desk: Desk) -> None:
    new = ("enrol", "CB-0030", "--name", "Mới", "--public", f"{desk.file('next')}.pub")
    desk.does("official", *new, by=REGISTRAR, key="an")
    yes = ("confirm", "CB-0030", "--fingerprint", desk.print_of("next"))

    answer = desk.run("official", *yes, by=REGISTRAR, key="an")
    assert (answer.status, "separation_of_duties" in answer.err) == (1, True)
    (mine,) = desk.asks("inbox", "--as", "CB-0001")["waits"]
    (theirs,) = desk.asks("inbox", "--as", "CB-0002")["waits"]
    assert (mine["barred"], theirs["barred"]) == (True, False)
    assert "another person" in desk.run("inbox", "--as", "CB-0001").out
    assert "phải do người" in desk.run("inbox", "--as", "CB-0001", "--lang", "vi").out
    desk.does("official", "decline", desk.print_of("next"), "--reason", "sai", by=REGISTRAR,
              key="binh")  # fmt: skip
    assert desk.asks("inbox", "--as", "CB-0002")["waits"] == []


def test_a_delegate_sees_what_waits_for_the_giver_and_signs_in_that_name(desk: Desk) -> None:
    lend = ("delegate", "UQ-03", "CB-0018", "--from", "2100-01-01", "--until", "2100-01-31")
    said = desk.does("official", *lend, *PAPER, by="chair@hai-phong", key="lan")

    assert "CB-0017, chair@hai-phong" in said
    found = desk.asks("official", "show", "CB-0018")
    assert [one["delegation"] for one in found["received"]] == ["UQ-03"]
    assert [one["delegation"] for one in desk.asks("official", "show", "CB-0017")["given"]] == [
        "UQ-03"
    ]
    shown = desk.run("official", "show", "CB-0018").out
    assert "received" in shown
    desk.does("official", "end-delegation", "UQ-03", "--reason", "về sớm", by="chair@hai-phong",
              key="lan")  # fmt: skip
    (ended,) = desk.asks("official", "show", "CB-0018")["received"]
    assert ended["ended_on"] is not None


def test_what_nobody_can_end_is_shown_to_those_who_can_help(desk: Desk) -> None:
    waits = desk.asks("inbox", "--all")["waits"]
    left = desk.asks("inbox", "--as", "agriculture@hai-phong")["vacant"]

    # The investor signs the contract, and nobody has been appointed.
    assert {(row["wait"]["stream"], row["wait"]["key"]) for row in left} == {
        (row["wait"]["stream"], row["wait"]["key"]) for row in waits
    }
    assert all(row["free"] == [] for row in left)
    assert "nobody can end them" in desk.run("inbox", "--as", REGISTRAR).out
    assert desk.asks("inbox", "--as", "treasury@hai-phong")["vacant"] == []


def test_the_preview_of_a_day_names_what_is_left_with_nobody(desk: Desk) -> None:
    answer = desk.run("unit", "preview", "--on", "2100-01-01")

    assert answer.status == 1
    assert "NOBODY" in answer.out
    assert "an-duong" in desk.run("unit", "list").out


def test_an_official_nobody_enrolled_has_no_inbox(desk: Desk) -> None:
    answer = desk.run("inbox", "--as", "CB-9999")

    assert (answer.status, "not_found" in answer.err) == (1, True)
