"""`ntm approve`, `ntm return`, `ntm reject`: the word of the post that something waits for."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Annotated

import typer

from console import show, words
from console.failures import REFUSED, Failure
from console.options import Minutes, Reason
from console.sending import Find, Wanted, deciding
from domain.approval import ApproveStep, RejectDossier, ReturnDossier
from domain.dossier_waits import step_of
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment
from domain.streams import Command
from domain.values import Post, StreamId
from domain.waits import Task, Wait

if TYPE_CHECKING:
    from office.session import Session

Item = Annotated[
    str,
    typer.Argument(
        metavar="ITEM",
        help="Dự án, đề nghị thanh toán hoặc chuỗi · project, payment or stream:"
        " AD01-GT, AD01-GT/3, project/AD01-GT.",
    ),
]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="STEP", help="Về bước trước · to this earlier step: appraise."),
]
_ROOMS = ("project", "payment", "clearance")
_DECIDABLE = (Task.DECIDE_DOSSIER, Task.CHECK_PAYMENT, Task.CONFIRM_TREASURY)


@deciding
def approve(item: Item, minutes: Minutes = None) -> Find:
    """Đồng ý việc đang chờ mình · say yes to what waits for this post."""

    def yes(wait: Wait) -> Command:
        if wait.task is not Task.DECIDE_DOSSIER:
            _only_of_a_dossier("--minutes", minutes)
        match wait.task:
            case Task.CHECK_PAYMENT:
                return CheckPayment(amount=wait.amount)
            case Task.CONFIRM_TREASURY:
                return ConfirmPaid(amount=wait.amount)
            case _:
                dossier, step = step_of(wait)
                return ApproveStep(
                    dossier=dossier,
                    step=step,
                    round=wait.round,
                    amount=wait.amount,
                    minutes=minutes,
                )

    return lambda session, by, name: _answer(session, by, name, item, yes)


@deciding
def send_back(item: Item, reason: Reason, to: To = None) -> Find:
    """Trả lại để sửa, nêu lý do · send back for revision; a payment is refused."""

    def back(wait: Wait) -> Command:
        if wait.task is not Task.DECIDE_DOSSIER:
            _only_of_a_dossier("--to", to)
            return RefusePayment(reason=reason, amount=wait.amount)
        dossier, step = step_of(wait)
        return ReturnDossier(
            dossier=dossier,
            step=step,
            reason=reason,
            round=wait.round,
            amount=wait.amount,
            to=to,
        )

    return lambda session, by, name: _answer(session, by, name, item, back)


@deciding
def reject(item: Item, reason: Reason, minutes: Minutes = None) -> Find:
    """Từ chối hẳn, nêu lý do · say no for good."""

    def no(wait: Wait) -> Command:
        if wait.task is not Task.DECIDE_DOSSIER:
            _only_of_a_dossier("--minutes", minutes)
            return RefusePayment(reason=reason, amount=wait.amount)
        dossier, step = step_of(wait)
        return RejectDossier(
            dossier=dossier,
            step=step,
            reason=reason,
            round=wait.round,
            amount=wait.amount,
            minutes=minutes,
        )

    return lambda session, by, name: _answer(session, by, name, item, no)


def _only_of_a_dossier(option: str, given: object) -> None:
    if given is not None:
        raise typer.BadParameter("chỉ với hồ sơ · only of a dossier", param_hint=option)


def _answer(
    session: "Session",
    by: Post,
    decision_id: str | None,
    item: str,
    say: Callable[[Wait], Command],
) -> Wanted:
    wait = the_one(session, by, decision_id, item)
    return Wanted(stream=wait.stream, command=say(wait))


def the_one(
    session: "Session",
    by: Post,
    decision_id: str | None,
    item: str,
    tasks: Collection[Task] = _DECIDABLE,
) -> Wait:
    """The one wait of a post on an item, or a failure that says who is waited for instead."""
    from storage import queries

    streams = _streams(item)
    known = [s for s in streams if queries.standing(session.engine, s) is not None]
    if not known:
        raise Failure(
            f"ITEM: không có · there is no {show.plain(item)!r} [not_found]",
            "xem · see `ntm project list`, `ntm inbox`",
            REFUSED,
        )
    found = [wait for stream in known for wait in session.waits_of(stream, decision_id)]
    mine = [wait for wait in found if wait.post == by and wait.task in tasks]
    # One post may hold two lanes of a step; it speaks once.
    if len({(wait.stream, *wait.key.split("/")[:2]) for wait in mine}) == 1:
        return mine[0]
    if mine:
        raise Failure(
            f"{item}: {len(mine)} việc cùng chờ · things wait for {by} [out_of_turn]",
            "chọn một · choose one: " + ", ".join(sorted({wait.stream for wait in mine})),
            REFUSED,
        )
    raise Failure(
        f"{show.plain(item)}: không có gì chờ · nothing waits for {by} here [out_of_turn]",
        _who_is_waited_for(found),
        REFUSED,
    )


def _streams(item: str) -> tuple[StreamId, ...]:
    """What an item may mean: a stream, or the short name of a project, payment or section."""
    if item.partition("/")[0] in _ROOMS:
        return (StreamId(item),)
    rooms = ("payment", "clearance") if "/" in item else ("project",)
    return tuple(StreamId(f"{room}/{item}") for room in rooms)


def _who_is_waited_for(waits: list[Wait]) -> str:
    if not waits:
        return "không chờ ai · nobody is waited for"
    names = dict.fromkeys(f"{wait.post} ({words.said(words.TASKS, wait.task)})" for wait in waits)
    return "đang chờ · waited for: " + "; ".join(names)
