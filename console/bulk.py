"""Many decisions at once: each with its own answer, under ids that follow from one bulk id."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from console import show
from console.failures import REFUSED, Failure
from console.options import Moment
from console.outcomes import Answered, Bulk, Status, draw, exit_status
from console.signing import With, named
from domain.refusal import Refused
from domain.rules import Comparison
from domain.streams import Command, Envelope
from domain.values import Act, Document, Post, StreamId, Vnd, value
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session
    from storage.rehearsal import Effect, Rehearsal

_MOST = 500


@value
class Item:
    """One of the many: what is decided about, under a name that makes its decision id.

    `since` is when it began to wait.
    """

    stream: StreamId
    name: str
    command: Command
    about: str
    amount: Vnd | None = None
    since: datetime | None = None


def _nothing(_session: "Session") -> None:
    """There is nothing to be done first."""


def _unchanged(_seen: "Rehearsal", _effects: "tuple[Effect, ...]") -> Iterable[Comparison]:
    return ()


@value
class Several:
    """What a command line asks for: which of the many, found on one snapshot, and how it is said.

    `see` lists what there is to choose from; `begin` is done before any of it is recorded;
    `explain` compares the laws that cases go over to.
    """

    verb: str
    find: "Callable[[Rehearsal, Post], Iterable[Item]]"
    preview: bool
    see: str
    begin: "Callable[[Session], None]" = _nothing
    explain: "Callable[[Rehearsal, tuple[Effect, ...]], Iterable[Comparison]]" = _unchanged


@value
class Given:
    """The options that every one of the decisions takes."""

    by: Post
    at: Moment | None
    basis: Document | None
    bulk: str | None
    wait: bool
    how: With


def carry_out(session: "Session", wanted: Several, given: Given, output: str) -> None:
    """Preview or record; the exit status says whether all, some or none went through."""
    bulk = given.bulk or f"bulk-{uuid.uuid4().hex[:12]}"
    told = _Telling(session, wanted, given, bulk)
    if not wanted.preview:
        if output != "json":
            # Said first: whoever is interrupted repeats the rest under it.
            typer.echo(tr("all of them: --id {bulk}", bulk=show.plain(bulk)))
        wanted.begin(session)
    answers = tuple(told.foretell() if wanted.preview else told.record())
    found = Bulk(bulk=bulk, answers=answers, laws=told.laws)
    if output == "json":
        show.json(found)
    else:
        draw(found, preview=wanted.preview)
    raise typer.Exit(exit_status(answers))


class _Telling:
    """One bulk on its way."""

    def __init__(self, session: "Session", wanted: Several, given: Given, bulk: str) -> None:
        from storage import queries

        self._session, self._wanted, self._given = session, wanted, given
        self.laws: tuple[Comparison, ...] = ()
        self._prefix = f"{bulk}:{wanted.verb}:"
        self._earlier = queries.decided_under(session.engine, f"{bulk}:")
        others = [name for name in self._earlier if not name.startswith(self._prefix)]
        if others:
            raise Refused("already_exists", f"--id: {bulk} was used for another verb: {others[0]}")
        strangers = {row.by for row in self._earlier.values()} - {str(given.by)}
        if strangers:
            raise Refused("already_exists", f"--id: {bulk} was used by {min(strangers)}")
        # Whoever repeats a bulk repeats its moment; what came to wait since is no part of it.
        self._first = min((row.at for row in self._earlier.values()), default=None)
        chosen = given.at.no_later_than(session.now) if given.at else None
        self._at = (chosen or self._first or session.now).astimezone(UTC)

    def foretell(self) -> Iterator[Answered]:
        """What would become of each, tried in order on one snapshot."""
        with self._snapshot() as rehearsal:
            items = self._items(rehearsal)
            tried = [(item, self._played(rehearsal, item)) for item in items]
            effects = tuple(effect for _, effect in tried)
            self.laws = tuple(self._wanted.explain(rehearsal, effects))
        for item, effect in tried:
            yield replace(
                self._answered(item, "would-refuse" if effect.rule else "would-record"),
                rule=effect.rule,
                because=effect.because,
                before=effect.before,
                waits=effect.waits,
                left=effect.left,
            )

    def record(self) -> Iterator[Answered]:
        """Each handed in by itself; what was recorded under this bulk before is not sent again."""
        with self._snapshot() as rehearsal:
            items = self._items(rehearsal)
        for name, row in self._earlier.items():
            yield Answered(
                stream=row.stream, about="", amount=None, decision_id=name,
                status="before" if row.rule is None else "refused",
                position=row.position, rule=row.rule, because=row.because,
            )  # fmt: skip
        fresh = [item for item in items if self._id(item) not in self._earlier]
        for item in fresh[:1]:
            # Whoever has no key hears of it before anything is sent.
            self._named(item)
        unattended = False
        for item in fresh:
            if unattended:
                yield self._answered(item, "not-sent")
                continue
            answer = self._handed_in(item)
            # Each would be waited for in vain.
            unattended = answer.status == "in-flight"
            yield answer

    def _handed_in(self, item: Item) -> Answered:
        from console.sending import hand_in
        from office import door
        from storage.log import Unavailable

        answered = self._answered(item, "in-flight")
        try:
            envelope = self._signed(item)
        except Refused as refused:
            return replace(answered, status="refused", rule=refused.rule, because=refused.because)
        except Failure as failure:
            return replace(answered, status="not-sent", because=str(failure))
        try:
            if not self._given.wait:
                self._session.leave(envelope)
                return replace(answered, status="left")
            decided = hand_in(self._session, envelope)
        except Refused as refused:
            return replace(answered, status="refused", rule=refused.rule, because=refused.because)
        except door.NoCase as gone:
            return replace(answered, status="refused", rule="not_found", because=str(gone))
        except (Failure, door.Unattended, door.Unreachable, Unavailable) as failure:
            return replace(answered, because=str(failure))
        return replace(answered, status="recorded", position=decided.position, waits=decided.waits)

    def _signed(self, item: Item) -> Envelope:
        """Each is signed for itself: what was shown of it is what counts of it."""
        from console.sending import Wanted, made

        given, at = self._given, Moment(at=self._at, whole_day=False)
        sent = Wanted(stream=item.stream, command=item.command)
        return made(
            self._session, sent, given.by, at, given.basis, self._id(item), given.how,
            waits=given.wait,
        )  # fmt: skip

    def _answered(self, item: Item, status: Status) -> Answered:
        return Answered(
            stream=item.stream,
            about=item.about,
            amount=item.amount,
            status=status,
            decision_id=self._id(item),
        )

    def _snapshot(self) -> "AbstractContextManager[Rehearsal]":
        from storage import policies
        from storage.rehearsal import rehearsal

        return rehearsal(self._session.engine, policies.load(), self._session.now)

    def _items(self, rehearsal: "Rehearsal") -> tuple[Item, ...]:
        first = self._first
        items = tuple(
            item
            for item in self._wanted.find(rehearsal, self._given.by)
            if first is None or item.since is None or item.since <= first
        )
        if not items and not self._earlier:
            raise Failure(
                tr("--where: nothing of the kind waits") + " [nothing_to_do]",
                tr("see `{command}`", command=self._wanted.see),
                REFUSED,
            )
        if len(items) > _MOST:
            raise Failure(
                tr("--where: {n} are too many; at most {most}", n=len(items), most=_MOST),
                tr("add a condition"),
                REFUSED,
            )
        return items

    def _played(self, rehearsal: "Rehearsal", item: Item) -> "Effect":
        return rehearsal.play(self._named(item))

    def _named(self, item: Item) -> Envelope:
        """A decision as the person's who would sign it."""
        act = Act(by=self._given.by, at=self._at, document=self._given.basis)
        envelope = Envelope(
            decision_id=self._id(item), stream=item.stream, act=act, command=item.command
        )
        return named(self._session, envelope, self._given.how)

    def _id(self, item: Item) -> str:
        return f"{self._prefix}{item.stream}:{item.name}"
