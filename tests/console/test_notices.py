"""`ntm notices` and what the doctor says of letters, on a database that the environment names."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.delivery import Channel
from domain.policy import Policy
from office import doctor
from tests.activities.office import Office, by_mail, notice
from tests.activities.receivers import free_port, mailbox
from tests.console.terminal import Answer, Terminal
from tests.domain.story import CHAIR, at

ONCE = "[retry]\nattempts = 1"
LATER = at("2024-03-05", "09:00")


class Desk(Office):
    """An office with a shell."""

    def run(self, *words: str) -> Answer:
        url = self.engine.url.render_as_string(hide_password=False)
        return Terminal(self.home).run(*words, NTM_DATABASE_URL=url)

    def asks(self, *words: str) -> Any:
        answer = self.run(*words, "--output", "json")
        assert (answer.status, answer.err) == (0, ""), words
        return json.loads(answer.out)

    def says(self, *words: str) -> str:
        answer = self.run(*words)
        assert (answer.status, answer.err) == (0, ""), words
        return answer.out

    def findings(self) -> dict[str, tuple[str, str]]:
        found = doctor._letters(self.engine, self.home / "contacts.toml")
        return {one.check: (one.level, one.about) for one in found}


@pytest.fixture
def desk(engine: Engine, policy: Policy, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path, policy)


def test_what_nobody_took_is_listed_shown_and_tried_again(desk: Desk) -> None:
    # given: one is given up, one went out
    people = (
        '[[contact]]\npost = "investor@*"\nmail = "cdt@example.vn"\n'
        f'[[contact]]\npost = "{CHAIR}"\ndrop = true\n'
    )
    desk.contacts(by_mail(free_port(), ONCE, contacts=people))
    desk.owe(notice(1), notice(2, CHAIR))
    desk.send(Channel.MAIL)
    desk.send(Channel.DROP)

    # the list
    (line,) = desk.asks("notices", "list")
    assert line["state"] == "given-up"
    assert line["message"]["notice"]["key"] == "payment/AD01-GT/3#1"
    (way,) = line["message"]["deliveries"]
    assert (way["channel"], way["trouble"], way["attempts"]) == ("mail", "unreachable", 1)
    assert desk.asks("notices", "list", "--given-up") == [line]
    assert len(desk.asks("notices", "list", "--all")) == 2
    assert desk.asks("notices", "list", "--as", str(CHAIR)) == []
    table = desk.says("notices", "list", "--all")
    assert "given up" in table
    assert "đã thôi gửi" in desk.says("--lang", "vi", "notices", "list", "--all")
    assert "2 messages" in table

    # one of them
    shown = desk.asks("notices", "show", "payment/AD01-GT/3#1")
    assert shown["subject"] == "AD01-GT/3: Kho bạc đã chi 1.000.000.000 đồng"
    said = desk.says("notices", "show", "payment/AD01-GT/3#1")
    assert "Xem: ntm pay show AD01-GT/3" in said
    assert ": cannot be reached\n" in said

    # again, once the server is back
    with mailbox() as box:
        desk.contacts(by_mail(box.port, ONCE, contacts=people))
        assert desk.asks("notices", "retry", "payment/AD01-GT/3#1")["ways"] == 1
        assert "waiting" in desk.says("notices", "show", "payment/AD01-GT/3#1")
        desk.send(Channel.MAIL, LATER)
        assert len(box.envelopes) == 1
    assert desk.asks("notices", "list") == []
    assert "nothing of it waits" in desk.says("notices", "retry", "payment/AD01-GT/3#1")


@pytest.mark.parametrize("verb", ["show", "retry"])
def test_a_message_that_nobody_owes_is_refused(desk: Desk, verb: str) -> None:
    answer = desk.run("notices", verb, "project/X#1")

    assert answer.status == 1
    assert "there is no 'project/X#1'" in answer.err


def test_contacts_that_cannot_be_used_are_named(desk: Desk) -> None:
    desk.owe(notice())
    desk.contacts("[mail]\nhost = 3")

    answer = desk.run("notices", "show", "payment/AD01-GT/3#1")

    assert answer.status == 2
    assert "mail.host: " in answer.err
    assert "correct contacts.toml" in answer.err


def test_the_doctor_counts_what_is_late_and_what_is_lost(desk: Desk) -> None:
    well = {"contacts": ("ok", "0"), "outbox": ("ok", ""), "letters": ("ok", "")}
    assert desk.findings() == well

    # nobody sends: late
    desk.owe(notice())
    assert desk.findings()["outbox"] == ("wrong", "1")

    # tried, and given up
    desk.contacts(by_mail(free_port(), ONCE))
    desk.send(Channel.MAIL)
    assert desk.findings() == {
        "contacts": ("ok", "3"),
        "outbox": ("ok", ""),
        "letters": ("wrong", "mail unreachable ×1"),
    }

    # the contacts are broken
    desk.contacts("[mail]\nhost = 3")
    level, about = desk.findings()["contacts"]
    assert level == "wrong"
    assert "mail.host" in about
