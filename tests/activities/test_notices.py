"""The outbox on its way: retried, bundled, at decent hours, and by nobody twice at once."""

import asyncio
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.delivery import Channel, Failed, Retry, Route, Sent, Trouble
from domain.notices import Template
from storage import deliveries, log, outbox
from storage.outbox import Look
from tests.activities.office import MORNING, SECRET, Office, by_mail, by_webhook, notice
from tests.activities.receivers import Mailbox, free_port, mailbox, receiving
from tests.domain.story import BOARD, CHAIR, INVESTOR, at
from worker import _keep_sending

MINUTE = timedelta(minutes=1)
TWICE = "[retry]\nfirst_seconds = 60\ncap_seconds = 60\nattempts = 2"


def keys(box: Mailbox) -> list[list[str]]:
    """The keys that stand in each letter."""
    return [
        [line for line in letter.get_content().splitlines() if line.startswith("[")]
        for letter in box.letters
    ]


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.05)


def test_without_contacts_everybody_is_written_to_the_folder(office: Office) -> None:
    # A Sunday at night: a folder disturbs nobody.
    night = at("2024-03-03", "23:00")
    office.owe(notice(), notice(2, CHAIR), at=night)

    assert office.send(Channel.DROP, night) == 2
    assert office.send(Channel.DROP, night) == 0

    (line,) = office.dropped(CHAIR)
    said = "payment-paid payment/AD01-GT/3 cash=1000000000 [payment/AD01-GT/3#2]"
    assert line == f"2024-03-03T16:00:00+00:00 {said}"
    assert deliveries.messages(office.engine, unsent=True) == ()


def test_a_message_is_tried_again_under_the_same_id_until_it_is_taken(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with receiving() as hook:
        office.contacts(by_webhook(hook.port, office.secret("key", SECRET)))
        office.owe(notice())
        hook.answers.extend([(500, {}), (503, {"Retry-After": "7200"}), None])

        def tried(later: timedelta) -> tuple[int, Trouble | None]:
            office.send(Channel.WEBHOOK, MORNING + later)
            (way,) = office.message().deliveries
            return way.attempts, way.trouble

        assert tried(0 * MINUTE) == (1, Trouble.SERVER)
        assert tried(0.5 * MINUTE) == (1, Trouble.SERVER)
        assert tried(2 * MINUTE) == (2, Trouble.SERVER)
        # It asked for two hours, and is left alone for as long.
        assert tried(119 * MINUTE) == (2, Trouble.SERVER)
        assert tried(122 * MINUTE) == (3, Trouble.TIMEOUT)
        assert office.message().state == "failing"
        assert tried(130 * MINUTE) == (4, None)

        assert len({post.headers["webhook-id"] for post in hook.posts}) == 1
        assert len(hook.posts) == 4
    assert office.message().state == "sent"
    assert office.message().sent_at == MORNING + 130 * MINUTE
    logged = "".join(capsys.readouterr())
    assert "notice_waits" in logged
    assert not any(word in logged for word in (SECRET, SECRET[6:], "AD01", "cash", "investor"))


def test_what_nobody_takes_is_given_up_and_shown_until_somebody_tries_again(
    office: Office,
) -> None:
    port = free_port()
    office.contacts(by_mail(port, TWICE))
    office.owe(notice())

    for later in (0, 2, 4, 6):
        assert office.send(Channel.MAIL, MORNING + later * MINUTE) == 0
    lost = office.message()
    assert (lost.state, lost.sent_at, lost.deliveries[0].attempts) == ("given-up", None, 2)
    owed = deliveries.backlog(office.engine, MORNING, MORNING, only_urgent=False)
    assert (owed.given_up, owed.due) == (1, 0)
    assert owed.failing == ((Channel.MAIL, Trouble.UNREACHABLE, 1),)

    with mailbox() as box:
        office.contacts(by_mail(box.port))
        assert outbox.again(office.engine, lost.notice.key) == 1
        assert office.send(Channel.MAIL, MORNING + 8 * MINUTE) == 1
    assert office.message().state == "sent"
    assert outbox.again(office.engine, lost.notice.key) == 0


def test_what_is_refused_for_good_is_given_up_at_once_and_holds_up_nobody(office: Office) -> None:
    with mailbox() as box:
        box.unknown.add("cdt@example.vn")
        office.contacts(by_mail(box.port))
        office.owe(notice(), notice(2), notice(3, CHAIR))

        assert office.send(Channel.MAIL) == 1

    assert office.message(1).state == "given-up"
    assert office.message(2).state in ("given-up", "waiting")
    assert office.message(3).state == "sent"


def test_a_broken_channel_stops_no_other(office: Office) -> None:
    people = (
        f'[[contact]]\npost = "{INVESTOR}"\nmail = "cdt@example.vn"\ndrop = true\n'
        f'[[contact]]\npost = "{CHAIR}"\ndrop = true\n'
    )
    office.contacts(by_mail(free_port(), contacts=people))
    office.owe(notice(), notice(2, CHAIR))

    assert office.send(Channel.MAIL) == 0
    assert office.send(Channel.DROP) == 2

    assert office.message(2).state == "sent"
    # On one of its two ways only.
    assert office.message(1).state == "failing"
    assert office.message(1).sent_at is None


@pytest.mark.asyncio
async def test_a_mail_server_that_never_speaks_stops_neither_the_folder_nor_the_worker(
    office: Office,
) -> None:
    office.all_urgent = True
    with socket.create_server(("127.0.0.1", 0)) as silent:
        people = (
            f'[[contact]]\npost = "{INVESTOR}"\nmail = "cdt@example.vn"\n'
            f'[[contact]]\npost = "{CHAIR}"\ndrop = true\n'
        )
        office.contacts(by_mail(silent.getsockname()[1], contacts=people))
        office.owe(notice(), notice(2, CHAIR))
        sender, stop = office.sender(), asyncio.Event()

        async with asyncio.TaskGroup() as worker:
            for channel in Channel:
                worker.create_task(_keep_sending(sender, channel, stop))
            connection, _ = await asyncio.to_thread(silent.accept)
            # The mail server has been called, and says nothing for as long as this block lasts.
            office.owe(notice(3, CHAIR))
            await asyncio.to_thread(_until, lambda: len(office.dropped(CHAIR)) == 2)
            stop.set()
            connection.close()

    assert office.message(3).state == "sent"
    assert office.message(1).state in ("failing", "waiting")


def test_a_silent_receiver_is_asked_once_in_a_pass_and_the_others_have_theirs(
    office: Office,
) -> None:
    with receiving() as silent, receiving() as well:
        silent.answers.extend([None] * 5)
        secret = office.secret("key", SECRET)
        more = (
            f'[[contact]]\npost = "{CHAIR}"\nwebhooks = ["docs"]\n[webhook.docs]\n'
            f'url = "http://127.0.0.1:{well.port}/"\nsecrets = [{{ file = "{secret}" }}]'
        )
        office.contacts(by_webhook(silent.port, secret, more))
        office.owe(notice(1), notice(2), notice(3, BOARD), notice(4, CHAIR), notice(5, CHAIR))

        assert office.send(Channel.WEBHOOK) == 2

        assert (len(silent.posts), len(well.posts)) == (1, 2)


def test_a_folder_that_cannot_be_written_is_tried_again(office: Office) -> None:
    (office.home / "notices").write_text("in the way")
    office.owe(notice())

    assert office.send(Channel.DROP) == 0
    (office.home / "notices").unlink()
    assert office.send(Channel.DROP, MORNING + 2 * MINUTE) == 1

    assert len(office.dropped(INVESTOR)) == 1


def test_a_crash_between_sending_and_marking_sends_again_under_the_same_id(
    office: Office,
) -> None:
    with receiving() as hook:
        office.contacts(by_webhook(hook.port, office.secret("key", SECRET)))
        office.owe(notice())

        def lose_the_database() -> None:
            # Another connection than the sender's: it ends every one but its own.
            with office.engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )

        hook.on_post = lose_the_database
        with pytest.raises(log.Unavailable):
            office.send(Channel.WEBHOOK)
        hook.on_post = lambda: None
        assert office.message().sent_at is None

        assert office.send(Channel.WEBHOOK, MORNING + 2 * MINUTE) == 1

        first, second = hook.posts
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.body == second.body
    assert office.message().state == "sent"


def test_senders_at_once_send_everything_once(office: Office) -> None:
    with receiving() as hook:
        office.contacts(by_webhook(hook.port, office.secret("key", SECRET)))
        office.owe(*(notice(number) for number in range(20)))

        with ThreadPoolExecutor(4) as senders:
            sent = list(senders.map(office.send, [Channel.WEBHOOK] * 4, [MORNING] * 4))

        assert sum(sent) == 20
        assert len({post.headers["webhook-id"] for post in hook.posts}) == len(hook.posts) == 20


def test_two_ways_that_end_at_once_settle_their_message(office: Office) -> None:
    with receiving() as hook, mailbox() as box:
        more = (
            f'[[contact]]\npost = "{INVESTOR}"\nmail = "cdt@example.vn"\nwebhooks = ["chat"]\n'
            "drop = true\n[mail]\nhost = '127.0.0.1'\nsecurity = 'none'\nsender = 'a@b.vn'\n"
            f"port = {box.port}\n"
        )
        office.contacts(by_webhook(hook.port, office.secret("key", SECRET), more))
        office.owe(*(notice(number) for number in range(10)))

        with ThreadPoolExecutor(3) as senders:
            list(senders.map(office.send, Channel, [MORNING] * 3))
        for channel in Channel:
            office.send(channel)

        assert (len(hook.posts), len(box.envelopes)) == (10, 10)
    assert deliveries.messages(office.engine, unsent=True) == ()
    assert len(office.dropped(INVESTOR)) == 10


# Hours


def test_over_tet_nobody_is_written_to_and_afterwards_everybody(office: Office) -> None:
    eve = at("2024-02-07", "17:30")
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(), at=eve)

        for day in ("2024-02-07", "2024-02-08", "2024-02-09", "2024-02-12", "2024-02-14"):
            assert office.send(Channel.MAIL, at(day, "17:31")) == 0
            assert office.send(Channel.MAIL, at(day, "23:00")) == 0
        (way,) = office.message().deliveries
        assert way.not_before == at("2024-02-15", "07:30")
        assert office.send(Channel.MAIL, at("2024-02-15", "07:29")) == 0
        assert office.send(Channel.MAIL, at("2024-02-15", "07:30")) == 1

        assert len(box.envelopes) == 1


def test_what_was_left_over_waits_for_the_next_office_hours(office: Office) -> None:
    with mailbox() as box:
        box.answers.append("451 later")
        office.contacts(by_mail(box.port))
        office.owe(notice(), at=at("2024-03-08", "16:59"))

        assert office.send(Channel.MAIL, at("2024-03-08", "16:59")) == 0
        assert office.send(Channel.MAIL, at("2024-03-08", "17:10")) == 0
        assert office.send(Channel.MAIL, at("2024-03-09", "10:00")) == 0
        assert office.send(Channel.MAIL, at("2024-03-11", "07:30")) == 1


def test_what_is_urgent_goes_out_at_any_hour(office: Office) -> None:
    office.all_urgent = True
    night = at("2024-02-10", "03:00")
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(), at=night)

        assert office.send(Channel.MAIL, night) == 1


# Digests


def test_reminders_of_a_day_are_one_letter_in_the_morning(office: Office) -> None:
    late = Template.STEP_OVERDUE
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(1, template=late), notice(2, template=late), notice(9, BOARD, late))
        assert office.send(Channel.MAIL, MORNING) == 0
        office.owe(notice(3, template=late), notice(4, template=Template.PAYMENT_PAID))
        # Not a reminder: it goes out alone, and now.
        assert office.send(Channel.MAIL, MORNING + MINUTE) == 1

        box.answers.append("451 later")
        tomorrow = at("2024-03-05", "08:00")
        office.send(Channel.MAIL, tomorrow)
        office.send(Channel.MAIL, tomorrow + 5 * MINUTE)

        assert sorted(keys(box)[1:], key=len) == [
            ["[payment/AD01-GT/3#9]"],
            [f"[payment/AD01-GT/3#{number}]" for number in (1, 2, 3)],
        ]
        bundle = max(box.letters, key=lambda one: len(str(one.get_content())))
        assert bundle["Subject"] == "3 hồ sơ đã quá hạn"
    assert deliveries.messages(office.engine, unsent=True) == ()


def test_a_bundle_that_failed_keeps_its_id_and_its_members(office: Office) -> None:
    late = Template.STEP_OVERDUE
    with receiving() as hook:
        office.contacts(by_webhook(hook.port, office.secret("key", SECRET)))
        office.owe(notice(1, template=late), notice(2, template=late))
        office.send(Channel.WEBHOOK, MORNING)
        hook.answers.append((500, {}))
        tomorrow = at("2024-03-05", "08:00")
        office.send(Channel.WEBHOOK, tomorrow)
        # What comes meanwhile is of the next morning, and must not change the id.
        office.owe(notice(3, template=late), at=tomorrow)
        office.send(Channel.WEBHOOK, tomorrow + 5 * MINUTE)

        assert len({post.headers["webhook-id"] for post in hook.posts}) == 1
        assert len(hook.posts) == 2
        office.send(Channel.WEBHOOK, at("2024-03-06", "08:00"))
        assert len(hook.posts) == 3


# Contacts that change


def test_contacts_are_read_again_and_wrong_ones_leave_those_of_before(office: Office) -> None:
    sender = office.sender()
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(1))
        assert sender.deliver(Channel.MAIL, MORNING) == 1

        office.contacts("post = 3")
        office.owe(notice(2))
        assert sender.deliver(Channel.MAIL, MORNING) == 1

        # A worker that never knew any sends nothing to where it should not go.
        office.owe(notice(3))
        assert office.send(Channel.DROP) == 0
        assert office.message(3).deliveries == ()


def test_a_post_that_lost_its_address_waits_and_is_found_again(office: Office) -> None:
    with mailbox() as box:
        office.contacts(by_mail(box.port))
        office.owe(notice(), at=at("2024-03-02"))
        assert office.send(Channel.MAIL, at("2024-03-02")) == 0
        (office.home / "contacts.toml").unlink()

        assert office.send(Channel.MAIL, MORNING) == 0
        assert office.message().deliveries[0].trouble == Trouble.NO_ADDRESS
        outbox.again(office.engine, office.message().notice.key)
        assert office.send(Channel.DROP, MORNING) == 1

    assert office.message().state == "sent"


def test_a_defect_of_one_message_is_not_that_of_the_next(office: Office) -> None:
    office.owe(notice(1), notice(2))
    look = Look(channel=Channel.DROP, now=MORNING, real=MORNING, limit=10)
    way = Route(channel=Channel.DROP, not_before=MORNING, urgent=True)
    outbox.route(office.engine, MORNING, lambda _: (way,), MORNING)

    done = outbox.hand_over(
        office.engine,
        look,
        Retry(attempts=1),
        lambda parcel: (
            Sent()
            if parcel.messages[0].notice.key.endswith("2")
            else Failed(trouble=Trouble.DEFECT)
        ),
    )

    assert len(done) == 2
    assert (office.message(1).state, office.message(2).state) == ("given-up", "sent")


def test_a_message_of_a_newer_program_waits_for_it_and_holds_up_nobody(office: Office) -> None:
    office.contacts("[retry]\nfirst_seconds = 60\n")
    office.owe(notice(1), notice(2), notice(3))

    def rewrite(old: str, new: str, number: int) -> None:
        with office.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE outbox SET body = replace(body, '{old}', '{new}')"
                f" WHERE key LIKE '%%#{number}'"
            )

    # one before it was given a way, one after
    rewrite("payment-paid", "fax-sent", 1)
    way = Route(channel=Channel.DROP, not_before=MORNING, urgent=True)
    assert outbox.route(office.engine, MORNING, lambda _: (way,), MORNING) == 2
    rewrite("payment-paid", "fax-sent", 2)

    office.send(Channel.DROP)

    assert office.message(3).state == "sent"
    rewrite("fax-sent", "payment-paid", 1)
    rewrite("fax-sent", "payment-paid", 2)
    assert office.send(Channel.DROP, MORNING + 2 * MINUTE) == 2
