"""`ntm approve`, `ntm return`, `ntm reject`: the word of the post that something waits for."""

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import about, bulk, completing, show, where, words
from console.bulk import Several
from console.failures import REFUSED, Failure
from console.options import Minutes, Reason
from console.sending import Find, Wanted, deciding
from console.where import Where
from domain.approval import ApproveStep, RejectDossier, ReturnDossier
from domain.calendar import due_day, local_day
from domain.dossier_waits import step_of
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment, Submitted
from domain.streams import Command, State
from domain.values import Post, StreamId
from domain.waits import Task, Wait
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session
    from storage.rehearsal import Rehearsal

_KEYS = (
    "kind", "dossier", "step", "payment", "project", "programme", "cohort", "commune", "district",
    "year", "amount", "since", "due", "overdue", "task",
)  # fmt: skip

Item = Annotated[
    str,
    typer.Argument(
        metavar="ITEM",
        autocompletion=completing.items,
        help="A project, payment or stream: AD01-GT, AD01-GT/3, project/AD01-GT.",
    ),
]
MaybeItem = Annotated[str | None, *Item.__metadata__]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="STEP", help="Back to this earlier step: appraise."),
]
Of = Annotated[Where | None, where.option(*_KEYS)]
Preview = Annotated[bool, typer.Option("--preview", help="Only show what each would do.")]
_ROOMS = ("project", "payment", "clearance")
_DECIDABLE = (Task.DECIDE_DOSSIER, Task.CHECK_PAYMENT, Task.CONFIRM_TREASURY)


@deciding
def approve(
    item: MaybeItem = None, minutes: Minutes = None, chosen: Of = None, preview: Preview = False
) -> Find | Several:
    """Say yes to what waits for this post, or to many at once."""

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

    return _said("approve", item, chosen, preview, yes)


@deciding
def send_back(
    reason: Reason,
    item: MaybeItem = None,
    to: To = None,
    chosen: Of = None,
    preview: Preview = False,
) -> Find | Several:
    """Send back for revision, and say why; a payment is refused."""

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

    return _said("return", item, chosen, preview, back)


@deciding
def reject(
    reason: Reason,
    item: MaybeItem = None,
    minutes: Minutes = None,
    chosen: Of = None,
    preview: Preview = False,
) -> Find | Several:
    """Say no for good, and why."""

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

    return _said("reject", item, chosen, preview, no)


def _only_of_a_dossier(option: str, given: object) -> None:
    if given is not None:
        raise typer.BadParameter(tr("only of a dossier"), param_hint=option)


def _said(
    verb: str,
    item: str | None,
    chosen: Where | None,
    preview: bool,  # noqa: FBT001  # as the option came
    say: Callable[[Wait], Command],
) -> Find | Several:
    """The same word on the one item that is named, or on all that are chosen."""
    if (item is None) == (chosen is None):
        raise typer.BadParameter(tr("give exactly one of ITEM and --where"), param_hint="ITEM")
    if item is not None:
        if preview:
            raise typer.BadParameter(tr("only together with --where"), param_hint="--preview")
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
    spoken: set[tuple[str, ...]] = set()
    for wait in seen.inbox():
        if wait.task not in _DECIDABLE or _said_once(wait) in spoken:
            continue
        state = seen.state(wait.stream)
        if not seen.law.of(state).holds(by, wait.post, seen.today):
            continue
        if chosen.holds(_told(wait, state, seen)):
            spoken.add(_said_once(wait))
            due = tr("due {day}", day=show.last_day(wait.due)) if wait.due else ""
            told = (words.said(words.TASKS, wait.task), about.said(wait), due)
            yield bulk.Item(
                stream=wait.stream, name=wait.key, command=say(wait),
                about=", ".join(part for part in told if part),
                amount=wait.amount, since=wait.since,
            )  # fmt: skip


def _told(wait: Wait, state: State, seen: "Rehearsal") -> where.Told:
    told = where.of_case(wait.stream, state)
    if wait.task is Task.DECIDE_DOSSIER:
        dossier, step = step_of(wait)
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


def _said_once(wait: Wait) -> tuple[str, ...]:
    """What one post answers once: it may hold two lanes of a step."""
    return (wait.stream, *wait.key.split("/")[:2])


def _answer(
    session: "Session", by: Post, decision_id: str | None, item: str, say: Callable[[Wait], Command]
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
    """The one wait of a post, or of those whose duties it holds, on an item.

    A failure says who is waited for instead. A delegate speaks for the giver's post.
    """
    from storage import queries

    streams = _streams(item)
    known = [s for s in streams if queries.standing(session.engine, s) is not None]
    if not known:
        raise Failure(
            tr("ITEM: there is no {name}", name=repr(show.plain(item))) + " [not_found]",
            tr("see `ntm project list`, `ntm inbox`"),
            REFUSED,
        )
    found = [wait for stream in known for wait in session.waits_of(stream, decision_id)]
    laws = {stream: session.law_of(stream) for stream in known}
    today = local_day(session.now)
    mine = [
        wait
        for wait in found
        if wait.task in tasks and laws[wait.stream].holds(by, wait.post, today)
    ]
    if len({_said_once(wait) for wait in mine}) == 1:
        return mine[0]
    if mine:
        raise Failure(
            tr("{item}: {n} things wait for {post}", item=item, n=len(mine), post=by)
            + " [out_of_turn]",
            tr("choose one: {streams}", streams=", ".join(sorted({w.stream for w in mine}))),
            REFUSED,
        )
    raise Failure(
        tr("{item}: nothing waits for {post} here", item=show.plain(item), post=by)
        + " [out_of_turn]",
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
        return tr("nobody is waited for")
    names = dict.fromkeys(f"{wait.post} ({words.said(words.TASKS, wait.task)})" for wait in waits)
    return tr("waited for: {posts}", posts="; ".join(names))
