"""Signed webhooks on their way to a real receiver."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from activities import webhook
from activities.contacts import Secret, Webhook
from domain.delivery import Channel, Failed, Sent, Trouble
from domain.notices import Template
from tests.activities.office import MORNING, OLD_SECRET, SECRET, Office, by_webhook, notice
from tests.activities.receivers import Hook, Post, certificate, free_port, receiving

LATER = timedelta(seconds=120)


def verifies(post: Post, secret: str) -> bool:
    """What a receiver does who has read the specification of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode()
    mark = hmac.new(key, content + post.body, hashlib.sha256).digest()
    wanted = f"v1,{base64.b64encode(mark).decode()}"
    return wanted in post.headers["webhook-signature"].split(" ")


def hook_to(port: int, secret: Path, *more: Path) -> Webhook:
    return Webhook(
        url=f"http://127.0.0.1:{port}/ntm",
        secrets=tuple(Secret(file=str(one)) for one in (secret, *more)),
        timeout_seconds=0.5,
    )


def sent(hook: Webhook) -> object:
    return webhook.send(hook, {"type": "ntm.notice"}, "abc", MORNING)


def test_a_message_arrives_signed_and_whole(office: Office) -> None:
    with receiving() as hook:
        office.contacts(by_webhook(hook.port, office.secret("key", SECRET)))
        office.owe(notice(1, template=Template.DECISION_REFUSED))

        assert office.send(Channel.WEBHOOK) == 1
        (post,) = hook.posts

    assert verifies(post, SECRET)
    assert not verifies(post, OLD_SECRET)
    assert not verifies(replace(post, body=post.body + b" "), SECRET)
    assert not verifies(replace(post, headers={**post.headers, "webhook-id": "x"}), SECRET)
    assert post.headers["idempotency-key"] == post.headers["webhook-id"]
    assert post.headers["content-type"] == "application/json"
    told = json.loads(post.body)
    assert told["type"] == "ntm.notice"
    assert told["data"]["subject"] == "AD01-GT/3: quyết định đã gửi bị từ chối (out_of_turn)"
    assert told["data"]["messages"] == [
        {
            "key": "payment/AD01-GT/3#1",
            "template": "decision-refused",
            "stream": "payment/AD01-GT/3",
            "since": "2024-03-04T09:00:00+07:00",
            # What was typed freely stays in the house.
            "facts": {"command": "CheckPayment", "rule": "out_of_turn"},
        }
    ]
    assert "H001" not in post.body.decode()


def test_while_secrets_change_both_verify(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text(SECRET)
    old.write_text(OLD_SECRET)
    with receiving() as hook:
        assert sent(hook_to(hook.port, new, old)) == Sent()
        (post,) = hook.posts

    assert verifies(post, SECRET)
    assert verifies(post, OLD_SECRET)


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, Sent()),
        (500, {}, Failed(trouble=Trouble.SERVER)),
        (503, {"Retry-After": "120"}, Failed(trouble=Trouble.SERVER, wait=LATER)),
        (429, {"Retry-After": "9" * 40}, Failed(trouble=Trouble.SERVER, wait=timedelta(days=1))),
        (
            429,
            {"Retry-After": format_datetime(MORNING + LATER)},
            Failed(trouble=Trouble.SERVER, wait=LATER),
        ),
        (429, {"Retry-After": "soon"}, Failed(trouble=Trouble.SERVER)),
        (408, {}, Failed(trouble=Trouble.SERVER)),
        (400, {}, Failed(trouble=Trouble.REFUSED, for_good=True)),
        (404, {"Retry-After": "5"}, Failed(trouble=Trouble.REFUSED, for_good=True)),
    ],
)
def test_what_the_receiver_answers_is_the_outcome(
    tmp_path: Path, status: int, headers: dict[str, str], outcome: object
) -> None:
    (tmp_path / "key").write_text(SECRET)
    with receiving() as hook:
        hook.answers.append((status, headers))

        assert sent(hook_to(hook.port, tmp_path / "key")) == outcome


def test_it_is_never_led_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    with receiving() as hook, receiving() as elsewhere:
        hook.answers.append((307, {"Location": f"http://127.0.0.1:{elsewhere.port}/"}))

        outcome = sent(hook_to(hook.port, tmp_path / "key"))

    assert outcome == Failed(trouble=Trouble.REFUSED, for_good=True)
    assert elsewhere.posts == []


def test_whoever_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET)
    with receiving() as hook:
        hook.answers.append(None)
        assert sent(hook_to(hook.port, tmp_path / "key")) == Failed(trouble=Trouble.TIMEOUT)

    away = hook_to(free_port(), tmp_path / "key")
    assert sent(away) == Failed(trouble=Trouble.UNREACHABLE)
    assert sent(hook_to(1, tmp_path / "gone")) == Failed(trouble=Trouble.CREDENTIALS)


def test_only_a_trusted_certificate_is_told_anything(tmp_path: Path) -> None:
    context, ca_file = certificate(tmp_path / "tls")
    (tmp_path / "key").write_text(SECRET)
    hook: Hook
    with receiving(context) as hook:
        secure = hook_to(hook.port, tmp_path / "key")
        secure = replace(secure, url=f"https://127.0.0.1:{hook.port}/", ca_file=str(ca_file))

        assert sent(secure) == Sent()
        assert sent(replace(secure, ca_file=None)) == Failed(trouble=Trouble.TLS)
        assert len(hook.posts) == 1
