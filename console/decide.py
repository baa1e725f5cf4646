"""`ntm approve`, `ntm return`, `ntm reject`: the word of the post that something waits for."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import bulk, show, where, words
from console.bulk import Several
from console.failures import REFUSED, Failure
from console.options import Reason
from console.sending import Find, Wanted, deciding
from console.where import Where
from domain.approval import ApproveStep, RejectDossier, ReturnDossier
from domain.calendar import due_day, local_day
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment, Submitted
from domain.streams import Command, State
from domain.values import DossierKind, Post, StreamId
from domain.waits import Task, Wait

if TYPE_CHECKING:
    from office.session import Session
    from storage.rehearsal import Rehearsal

_KEYS = (
    "kind", "dossier", "step", "payment", "project", "programme", "cohort", "commune", "district",
    "year", "amount", "since", "due", "overdue", "task",
)  # fmt: skip

Item = Annotated[
    str | None,
    typer.Argument(
        metavar="ITEM",
        help="Dự án, đề nghị thanh toán hoặc chuỗi · project, payment or stream:"
        " AD01-GT, AD01-GT/3, project/AD01-GT.",
    ),
]
Of = Annotated[Where | None, where.option(*_KEYS)]
Preview = Annotated[
    bool, typer.Option("--preview", help="Chỉ xem trước · only show what each would do.")
]
_ROOMS = ("project", "payment", "clearance")
_DECIDABLE = (Task.DECIDE_DOSSIER, Task.CHECK_PAYMENT, Task.CONFIRM_TREASURY)


@deciding
def approve(item: Item = None, chosen: Of = None, preview: Preview = False) -> Find | Several:
    """Đồng ý việc đang chờ mình · say yes to what waits for this post, or to many at once."""
    return _said("approve", item, chosen, preview, _yes)


@deciding
def send_back(
    reason: Reason, item: Item = None, chosen: Of = None, preview: Preview = False
) -> Find | Several:
    """Trả lại để sửa, nêu lý do · send back for revision; a payment is refused."""

    def back(wait: Wait) -> Command:
        if wait.task is not Task.DECIDE_DOSSIER:
            return RefusePayment(reason=reason)
        dossier, step = _step(wait)
        return ReturnDossier(dossier=dossier, step=step, reason=reason)

    return _said("return", item, chosen, preview, back)


@deciding
def reject(
    reason: Reason, item: Item = None, chosen: Of = None, preview: Preview = False
) -> Find | Several:
    """Từ chối hẳn, nêu lý do · say no for good."""

    def no(wait: Wait) -> Command:
        if wait.task is not Task.DECIDE_DOSSIER:
            return RefusePayment(reason=reason)
        dossier, step = _step(wait)
        return RejectDossier(dossier=dossier, step=step, reason=reason)

    return _said("reject", item, chosen, preview, no)


def _yes(wait: Wait) -> Command:
    match wait.task:
        case Task.CHECK_PAYMENT:
            return CheckPayment()
        case Task.CONFIRM_TREASURY:
            return ConfirmPaid()
        case _:
            dossier, step = _step(wait)
            return ApproveStep(dossier=dossier, step=step)


def _said(
    verb: str,
    item: str | None,
    chosen: Where | None,
    preview: bool,  # noqa: FBT001  # as the option came
    say: Callable[[Wait], Command],
) -> Find | Several:
    """The same word on the one item that is named, or on all that are chosen."""
    if (item is None) == (chosen is None):
        raise typer.BadParameter(
            "cần đúng một · give exactly one of ITEM and --where", param_hint="ITEM"
        )
    if item is not None:
        if preview:
            raise typer.BadParameter("chỉ với · only with --where", param_hint="--preview")
        return lambda session, by, name: _answer(session, by, name, item, say)
    assert chosen is not None
    return Several(
        verb=verb,
        find=lambda seen, by: _waiting(seen, by, chosen, say),
        preview=preview,
        see="ntm inbox",
    )


def _waiting(
    seen: "Rehearsal", by: Post, chosen: Where, say: Callable[[Wait], Command]
) -> Iterator[bulk.Item]:
    """What waits for a post, or for those whose duties it holds, and is chosen."""
    for wait in seen.inbox():
        if wait.task not in _DECIDABLE:
            continue
        state = seen.state(wait.stream)
        if wait.post != by and not seen.law.of(state).holds(by, wait.post, seen.today):
            continue
        if chosen.holds(_told(wait, state, seen)):
            due = f"hạn · due {show.last_day(wait.due)}" if wait.due else ""
            told = (words.said(words.TASKS, wait.task), wait.about, due)
            yield bulk.Item(
                stream=wait.stream, name=wait.key, command=say(wait),
                about=", ".join(part for part in told if part),
                amount=wait.amount, since=wait.since,
            )  # fmt: skip


def _told(wait: Wait, state: State, seen: "Rehearsal") -> where.Told:
    told = where.of_case(wait.stream, state)
    if wait.task is Task.DECIDE_DOSSIER:
        dossier, step = _step(wait)
        told |= {"kind": "dossier", "dossier": dossier, "step": step}
    if isinstance(state, Submitted):
        told |= {"payment": state.payment_kind, "year": str(state.budget_year)}
    return told | {
        "task": wait.task,
        "amount": wait.amount,
        "since": local_day(wait.since),
        # A limit ends at midnight, which belongs to the day before.
        "due": wait.due and due_day(wait.due),
        "overdue": "yes" if wait.due is not None and wait.due <= seen.now else "no",
    }


def _step(wait: Wait) -> tuple[DossierKind, str]:
    dossier, _, step = wait.key.partition("/")
    return DossierKind(dossier), step


def _answer(
    session: "Session", by: Post, decision_id: str | None, item: str, say: Callable[[Wait], Command]
) -> Wanted:
    wait = _the_one(session, by, decision_id, item)
    return Wanted(stream=wait.stream, command=say(wait))


def _the_one(session: "Session", by: Post, decision_id: str | None, item: str) -> Wait:
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
    mine = [wait for wait in found if wait.post == by and wait.task in _DECIDABLE]
    if len(mine) == 1:
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
