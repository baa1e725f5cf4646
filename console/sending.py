"""How a command line becomes a decision: who, when, on which paper, and what is answered."""

import inspect
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import typer

from console import show, words
from console.bulk import Given, Several, carry_out
from console.failures import UNREACHABLE, Failure, wrong
from console.options import (
    As,
    At,
    Basis,
    DecisionId,
    Files,
    Key,
    Moment,
    Output,
    Under,
    Wait,
    Yes,
)
from console.papers import with_files
from console.signing import With, signed
from domain.disbursement import RequestPayment
from domain.project import OpenClearance
from domain.streams import Command, Envelope, clearance_stream, payment_stream
from domain.values import Act, Document, Post, ProjectId, StreamId, value
from language.catalogue import tr

if TYPE_CHECKING:
    from domain import waits
    from office.session import Decided, Session

_PATIENCE = timedelta(seconds=20)


@value
class Wanted:
    """What a command line asks for: a command, and the stream it is for."""

    stream: StreamId
    command: Command


@value
class Left:
    """What was sent without waiting: durable, not yet decided."""

    decision_id: str
    stream: StreamId


Find = Callable[["Session", Post, str | None], Wanted]
"""The same, looked up in the record: by whom, and under which decision id if one was given."""


def deciding(ask: Callable[..., Wanted | Find | Several]) -> Callable[..., None]:
    """A command that decides: its own arguments, and the options that every decision takes.

    One that may show instead of decide takes the `output` of all of them.
    """
    shows = "output" in inspect.signature(ask).parameters

    def decide(  # noqa: PLR0913  # Typer reads the options from them
        *,
        by: As,
        at: At = None,
        basis: Basis = None,
        files: Files = None,
        decision_id: DecisionId = None,
        wait: Wait = True,
        key: Key = None,
        under: Under = None,
        yes: Yes = False,
        output: Output = "table",
        **own: object,
    ) -> None:
        with open_session() as session:
            check_post(session, by)
            if shows:
                own["output"] = output
            asked: Any = ask(**own)
            basis = with_files(basis, files)
            how = With(key=key, under=under, yes=yes)
            if isinstance(asked, Several):
                given = Given(by=by, at=at, basis=basis, bulk=decision_id, wait=wait, how=how)
                carry_out(session, asked, given, output)
            wanted = asked if isinstance(asked, Wanted) else asked(session, by, decision_id)
            envelope = _envelope(session, wanted, by, at, basis, decision_id)
            envelope = signed(session, envelope, how, waits=wait)
            if wait or not session.has_workflow(envelope):
                _tell(session, envelope, _decide(session, envelope), output)
            else:
                session.leave(envelope)
                _tell_left(envelope, output)

    options = [
        parameter
        for parameter in inspect.signature(decide).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    arguments = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(ask).parameters.values()
        if parameter.name != "output"
    ]
    every = [*arguments, *options]
    decide.__name__ = ask.__name__
    decide.__doc__ = ask.__doc__
    decide.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    decide.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]  # Typer reads it
    return decide


@contextmanager
def open_session() -> Iterator["Session"]:
    """The servers of this home."""
    from office.session import open_session as opened
    from stack import home

    with opened(home.locate()) as session:
        yield session


def check_post(session: "Session", post: Post, option: str = "--as") -> None:
    """A unit nobody knows is a slip of the pen, and worth saying before a rule says no."""
    units = session.units()
    if not units or post.unit in units:
        return
    from storage import policies

    known = sorted({*units, policies.load().seat})
    if post.unit in known:
        return
    near = get_close_matches(post.unit, known, n=3)
    meant = ", ".join(f"{post.role}@{unit}" for unit in near)
    some = tr("the units: {units}, …", units=", ".join(known[:8]))
    raise wrong(option, str(post), tr("did you mean {meant}?", meant=meant) if near else some)


def _envelope(
    session: "Session",
    wanted: Wanted,
    by: Post,
    at: Moment | None,
    basis: Document | None,
    decision_id: str | None,
) -> Envelope:
    recorded = session.acted_at(wanted.stream, decision_id) if decision_id and not at else None
    given = at.no_later_than(session.now) if at else None
    # In UTC whatever it came in: a repeated decision must be the same to the letter.
    when = (given or recorded or session.now).astimezone(UTC)
    return Envelope(
        decision_id=decision_id or str(uuid.uuid4()),
        stream=wanted.stream,
        act=Act(by=by, at=when, document=basis),
        command=wanted.command,
    )


def _decide(session: "Session", envelope: Envelope) -> "Decided":
    from office import door

    again = f"--id {envelope.decision_id} --at {envelope.act.at.isoformat()}"
    try:
        return session.decide(envelope, _PATIENCE)
    except door.Unattended:
        raise Failure(
            tr("nobody is working: no worker takes {decision}", decision=envelope.decision_id),
            tr(
                "leave it, which is durable: repeat with --no-wait {again}\n"
                "or start a worker with `ntm up`, and repeat without --no-wait",
                again=again,
            ),
            UNREACHABLE,
        ) from None
    except door.Pending:
        raise Failure(
            _in_flight(envelope),
            tr("repeat the command with: {again}", again=again),
            UNREACHABLE,
        ) from None


def _in_flight(envelope: Envelope) -> str:
    return tr("decision {decision} is in flight, not answered yet", decision=envelope.decision_id)


def _tell(session: "Session", envelope: Envelope, decided: "Decided", output: str) -> None:
    if output == "json":
        show.json(decided)
        return
    done = tr("recorded before") if decided.repeated else tr("recorded")
    typer.echo(show.plain(f"{done}: {where(decided.position, decided.version, decided.stream)}"))
    act = envelope.act
    if act.official:
        typer.echo(show.plain(_who(act)))
    following = _following(session, envelope, decided)
    for wait in following[:3]:
        typer.echo(tr("next: {wait}", wait=_who_and_when(wait)))
    if len(following) > 3:
        typer.echo(tr("and {n} more: ntm inbox --all", n=len(following) - 3))


def _who(act: Act) -> str:
    if act.delegation:
        return tr("who: {official} on behalf of {post}", official=act.official, post=act.by)
    return tr("who: {official}, {post}", official=act.official, post=act.by)


def where(position: int | None, version: int | None, stream: StreamId) -> str:
    """Where on record an event is."""
    return tr(
        "event {position}, version {version} of {stream}",
        position=position,
        version=version,
        stream=stream,
    )


def _following(
    session: "Session", envelope: Envelope, decided: "Decided"
) -> "tuple[waits.Wait, ...]":
    """What is waited for because of this decision; if nothing is new, all that is waited for."""
    from storage import queries

    match envelope.command:
        case OpenClearance(section=section):
            project = ProjectId(envelope.stream.partition("/")[2])
            opened = clearance_stream(project, section)
        case RequestPayment(payment=payment):
            opened = payment_stream(payment)
        case _:
            opened = envelope.stream
    found = decided.waits if opened == envelope.stream else queries.waits_of(session.engine, opened)
    new = tuple(wait for wait in found if wait.since >= envelope.act.at)
    return tuple(sorted(new or found, key=lambda wait: (wait.due is None, wait.due or wait.since)))


def _who_and_when(wait: "waits.Wait") -> str:
    task = words.said(words.TASKS, wait.task)
    due = tr(", due {day}", day=show.last_day(wait.due)) if wait.due else ""
    return show.plain(f"{wait.post}, {task}{due}")


def _tell_left(envelope: Envelope, output: str) -> None:
    if output == "json":
        show.json(Left(decision_id=envelope.decision_id, stream=envelope.stream))
        return
    name = show.plain(envelope.decision_id)
    typer.echo(tr("sent, not waited for: decision {decision}", decision=name))
    typer.echo(tr("a refusal will show in: ntm inbox --as {post}", post=envelope.act.by))


def made(  # noqa: PLR0913  # all that a decision is made of
    session: "Session",
    wanted: Wanted,
    by: Post,
    at: Moment | None,
    basis: Document | None,
    decision_id: str,
    how: With,
    *,
    waits: bool = True,
) -> Envelope:
    """One decision, signed, under an id that the caller knows how to make again."""
    envelope = _envelope(session, wanted, by, at, basis, decision_id)
    return signed(session, envelope, how, waits=waits)


def hand_in(session: "Session", envelope: Envelope) -> "Decided":
    """Have such a decision recorded. Raises `Refused`, `Failure`, or what `office.door` raises."""
    from office import door

    try:
        return session.decide(envelope, _PATIENCE)
    except door.Unattended:
        raise
    except door.Pending:
        raise Failure(
            _in_flight(envelope),
            tr("run this again: it is the same decision"),
            UNREACHABLE,
        ) from None
