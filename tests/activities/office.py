"""An office with an outbox, contacts of its own and a worker's sender."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from activities.notices import Notices
from domain.delivery import Channel
from domain.notices import Notice, Template
from domain.policy import Policy
from domain.values import Post, StreamId
from storage import deliveries, journey, log, read_models, texts
from storage.deliveries import Message
from tests.domain.story import BOARD, CHAIR, INVESTOR, at

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
OLD_SECRET = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="
MORNING = at("2024-03-04", "09:00")
"""A Monday on which everybody works."""

LETTER = {
    "number": "1", "level": "1", "name": "reminder", "document": "01/NV", "working_days": "15",
    "reasons": "no-progress, step-overdue",
    "text_vi": "Đoạn AD01-GT/T1 không có tiến triển từ ngày 02/02/2024, đã 15 ngày làm việc.",
    "text_en": "Section AD01-GT/T1 has made no progress since 02/02/2024, for 15 working days.",
    "answer_due": "2024-03-09T00:00:00+07:00",
}  # fmt: skip

FACTS = {
    Template.STEP_OPENED: {
        "dossier": "project", "step": "appraise", "due": "2024-02-16T00:00:00+07:00",
    },
    Template.STEP_OVERDUE: {
        "dossier": "settlement", "step": "verify", "due": "2024-02-16T00:00:00+07:00",
    },
    Template.STEP_ESCALATED: {
        "dossier": "settlement", "step": "verify", "due": "2024-02-16T00:00:00+07:00",
        "late": "finance@an-duong",
    },
    Template.DECISION_RECALLED: {"dossier": "project", "by": "chair@an-duong"},
    Template.OPINION_ASKED: {
        "dossier": "project", "step": "appraise", "asked_by": "chair@an-duong",
        "due": "2024-02-16T00:00:00+07:00",
    },
    Template.OPINION_GIVEN: {"dossier": "project", "step": "appraise", "of": "power-company@hp"},
    Template.ESCALATION: LETTER,
    Template.ESCALATION_COPY: {**LETTER, "addressee": str(BOARD)},
    Template.ANSWER_OVERDUE: {
        "number": "1", "document": "01/NV", "due": "2024-03-09T00:00:00+07:00",
    },
    Template.PAYMENT_PAID: {"cash": "1000000000"},
    Template.PAYMENT_REFUSED: {"reason": "bà Nguyễn Thị A chưa ký"},
    Template.DECISION_REFUSED: {
        "command": "CheckPayment", "rule": "out_of_turn", "because": "H001 is paid",
    },
    Template.QUESTION_OPENED: {
        "question": "KN01", "cause": "power-line-mv", "stage": "report",
        "due": "2024-04-01T00:00:00+07:00",
    },
    Template.QUESTION_OVERDUE: {
        "question": "KN01", "cause": "power-line-mv", "stage": "decide",
        "due": "2024-04-01T00:00:00+07:00", "holder": "chair@hai-phong",
    },
    Template.QUESTION_MERGED: {"question": "KN02", "cause": "power-line-mv", "into": "KN01"},
    Template.DIRECTIVE: {
        "question": "KN01", "outcome": "releases", "effective_from": "2024-04-20",
        "document": "07/CT-UBND", "obstacles": "V1, V2", "gone": "–",
    },
    Template.DUTY_OVERDUE: {
        "task": "recover-advance", "post": str(INVESTOR), "due": "2024-03-09T00:00:00+07:00",
        "amount": "1000000000",
    },
    Template.GUARANTEE_EXPIRING: {"valid_to": "2024-12-31", "amount": "1000000000"},
    Template.DONE_FOR_YOU: {
        "event": "StepApproved", "official": "CB-0018", "giver": "CB-0017", "delegation": "UQ-03",
    },
}  # fmt: skip
"""Facts of every kind of message."""


def notice(
    number: int = 1,
    to: Post = INVESTOR,
    template: Template = Template.PAYMENT_PAID,
    **facts: str,
) -> Notice:
    """A message about a payment, or about whatever the template is."""
    stream = StreamId("payment/AD01-GT/3")
    return Notice(
        key=f"{stream}#{number}",
        to=to,
        template=template,
        stream=stream,
        facts=tuple({**FACTS[template], **facts}.items()),
    )


@dataclass
class Office:
    """What a worker of one home sends."""

    engine: Engine
    home: Path
    policy: Policy
    all_urgent: bool = False

    def owe(self, *notices: Notice, at: datetime = MORNING) -> None:
        with log.look(self.engine) as connection, connection.begin():
            journey.send(connection, *(read_models.owe(notice, at) for notice in notices))

    def contacts(self, text: str) -> None:
        (self.home / "contacts.toml").write_text(text, "utf-8")

    def secret(self, name: str, text: str) -> Path:
        path = self.home / name
        path.write_text(text, "utf-8")
        return path

    def sender(self) -> Notices:
        known = texts.load()
        if self.all_urgent:
            urgent = {name: replace(one, urgent=True) for name, one in known.by_template.items()}
            known = replace(known, by_template=urgent)
        file = self.home / "contacts.toml"
        return Notices(self.engine, self.home / "notices", file, known, self.policy.calendar)

    def send(self, channel: Channel, at: datetime = MORNING) -> int:
        """One pass of a new worker."""
        return self.sender().deliver(channel, at)

    def message(self, number: int = 1) -> Message:
        found = deliveries.message(self.engine, f"payment/AD01-GT/3#{number}")
        assert found is not None
        return found

    def dropped(self, to: Post) -> list[str]:
        file = self.home / "notices" / f"{to}.txt"
        return file.read_text("utf-8").splitlines() if file.exists() else []


def by_mail(port: int, more: str = "", *, contacts: str | None = None) -> str:
    """Contacts that are reached by mail."""
    people = contacts or (
        f'[[contact]]\npost = "{INVESTOR}"\nmail = "cdt@example.vn"\n'
        f'[[contact]]\npost = "{BOARD}"\nmail = "gpmb@example.vn"\n'
        f'[[contact]]\npost = "{CHAIR}"\nmail = "ct@example.vn"\nlanguage = "en"\n'
    )
    return f"""
{people}
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "ntm@example.vn"
timeout_seconds = 2
{more}
"""


def by_webhook(port: int, secret: Path, more: str = "") -> str:
    """Everybody is reached by one webhook."""
    return f"""
[[contact]]
post = "*@*"
webhooks = ["chat"]
[webhook.chat]
url = "http://127.0.0.1:{port}/ntm"
secrets = [{{ file = "{secret}" }}]
timeout_seconds = 0.5
{more}
"""
