"""Mail on its way to a real server."""

import unicodedata
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from activities import mail
from activities.contacts import Mail, Secret
from activities.letters import Letter
from domain.delivery import Channel, Failed, Sent, Trouble
from domain.notices import Template
from tests.activities.office import MORNING, Office, by_mail, notice
from tests.activities.receivers import Mailbox, certificate, free_port, mailbox
from tests.domain.story import CHAIR

LETTER = Letter(subject="AD01-GT: Kho bạc đã chi", text="Kính gửi chủ đầu tư,\n\nĐã chi.")


def to(box: Mailbox | int) -> Mail:
    port = box if isinstance(box, int) else box.port
    return Mail(
        host="127.0.0.1",
        port=port,
        sender="ntm@example.vn",
        security="none",
        timeout_seconds=1,
    )


def sent(server: Mail, address: str = "cdt@example.vn") -> object:
    return mail.send(server, address, LETTER, "abc", MORNING)


def body(letter: EmailMessage) -> str:
    content = letter.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_a_letter_arrives_as_it_was_written(office: Office) -> None:
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(), notice(2, CHAIR))

        assert office.send(Channel.MAIL) == 2
        english, vietnamese = sorted(box.letters, key=lambda one: "cdt" in str(one["To"]))

    assert vietnamese["Subject"] == "AD01-GT/3: Kho bạc đã chi 1.000.000.000 đồng"
    assert body(vietnamese) == (
        "Kính gửi investor@an-duong,\n\n"
        "Kho bạc Nhà nước đã chi 1.000.000.000 đồng cho đề nghị thanh toán AD01-GT/3,"
        " ngày 04/03/2024.\n\n"
        "Xem: ntm pay show AD01-GT/3\n\n"
        "[payment/AD01-GT/3#1]\n"
    )
    assert unicodedata.is_normalized("NFC", vietnamese["Subject"] + body(vietnamese))
    assert english["Subject"] == "AD01-GT/3: 1,000,000,000 đồng paid by the State Treasury"
    assert vietnamese["Auto-Submitted"] == "auto-generated"
    assert vietnamese["Message-ID"] != english["Message-ID"]
    # Any relay takes it: seven bits, RFC 2047 in the headers.
    assert all((envelope.content or b"").isascii() for envelope in box.envelopes)
    assert office.message().state == "sent"


@pytest.mark.parametrize("evil", ["\r\nBcc: thief@example.com", "\nBcc: a@b.c", "\x00\u2028x"])
def test_no_fact_becomes_a_header(office: Office, evil: str) -> None:
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(1, template=Template.DECISION_REFUSED, rule=f"x{evil}"))

        assert office.send(Channel.MAIL) == 1
        (letter,) = box.letters

    assert letter["Bcc"] is None
    assert [envelope.rcpt_tos for envelope in box.envelopes] == [["cdt@example.vn"]]
    assert not letter.defects


def test_a_subject_of_two_lines_cannot_be_built() -> None:
    evil = replace(LETTER, subject="a\nBcc: thief@example.com")

    with pytest.raises(ValueError, match="linefeed"):
        mail.written(to(25), "cdt@example.vn", evil, "abc", MORNING)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("451 come back later", Failed(trouble=Trouble.SERVER)),
        ("552 too large", Failed(trouble=Trouble.REFUSED, for_good=True)),
        ("250 OK", Sent()),
    ],
)
def test_what_the_server_answers_is_the_outcome(answer: str, outcome: object) -> None:
    with mailbox() as box:
        box.answers.append(answer)

        assert sent(to(box)) == outcome


def test_an_unknown_mailbox_is_refused_for_good() -> None:
    with mailbox() as box:
        box.unknown.add("cdt@example.vn")

        assert sent(to(box)) == Failed(trouble=Trouble.REFUSED, for_good=True)
        assert sent(to(box), "other@example.vn") == Sent()


def test_a_server_that_is_away_may_come_back() -> None:
    assert sent(to(free_port())) == Failed(trouble=Trouble.UNREACHABLE)


def test_over_tls_with_a_login_and_never_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, ca_file = certificate(tmp_path / "tls")
    monkeypatch.setenv("NTM_TEST_PASSWORD", "long-password")
    with mailbox(context) as box:
        secure = replace(
            to(box),
            security="starttls",
            ca_file=str(ca_file),
            user="ntm",
            password=Secret(variable="NTM_TEST_PASSWORD"),
        )

        assert sent(secure) == Sent()
        assert box.logins == [("ntm", "long-password")]
        assert sent(replace(secure, ca_file=None)) == Failed(trouble=Trouble.TLS)
        monkeypatch.setenv("NTM_TEST_PASSWORD", "sai")
        assert sent(secure) == Failed(trouble=Trouble.CREDENTIALS)
        monkeypatch.delenv("NTM_TEST_PASSWORD")
        assert sent(secure) == Failed(trouble=Trouble.CREDENTIALS)
        assert len(box.envelopes) == 1

    with mailbox() as plain:
        # It offers no encryption: nothing is said to it.
        assert sent(replace(secure, port=plain.port)) == Failed(trouble=Trouble.TLS)
        assert plain.envelopes == []
