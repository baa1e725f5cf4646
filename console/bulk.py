"""Many decisions at once: each with its own answer, under ids that follow from one bulk id."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import typer

from console import laws, show, words
from console.failures import IN_PART, REFUSED, UNREACHABLE, Failure
from console.options import Moment
from domain.refusal import Refused
from domain.rules import Comparison
from domain.streams import Command, Envelope
from domain.values import Act, Document, Post, StreamId, Vnd, value
from domain.waits import Wait

if TYPE_CHECKING:
    from rich.table import Table

    from office.session import Session
    from storage.rehearsal import Effect, Rehearsal

Status = Literal[
    "would-record", "would-refuse", "recorded", "before", "left", "refused", "in-flight", "not-sent"
]
_MOST = 500
_SAID: dict[str, words.Word] = {
    "would-record": ("sẽ ghi", "would be recorded"),
    "would-refuse": ("sẽ bị từ chối", "would be refused"),
    "recorded": ("đã ghi", "recorded"),
    "before": ("đã ghi từ trước", "recorded before"),
    "left": ("đã gửi, không chờ", "left, not waited for"),
    "refused": ("bị từ chối", "refused"),
    "in-flight": ("chưa trả lời", "not answered yet"),
    "not-sent": ("chưa gửi", "not sent"),
}


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


@value
class Answered:
    """What became of one, or would; `because` in words where it was refused."""

    stream: StreamId
    about: str
    amount: Vnd | None
    status: Status
    decision_id: str
    position: int | None = None
    rule: str | None = None
    because: str = ""
    before: tuple[Wait, ...] = ()
    waits: tuple[Wait, ...] = ()
    left: tuple[tuple[StreamId, Vnd], ...] = ()


@value
class Bulk:
    """Every one of them, under the id that repeats them all safely."""

    bulk: str
    answers: tuple[Answered, ...]
    laws: tuple[Comparison, ...] = ()


def carry_out(session: "Session", wanted: Several, given: Given, output: str) -> None:
    """Preview or record; the exit status says whether all, some or none went through."""
    bulk = given.bulk or f"bulk-{uuid.uuid4().hex[:12]}"
    told = _Telling(session, wanted, given, bulk)
    if not wanted.preview:
        wanted.begin(session)
    answers = tuple(told.foretell() if wanted.preview else told.record())
    found = Bulk(bulk=bulk, answers=answers, laws=told.laws)
    if output == "json":
        show.json(found)
    else:
        _print(found, wanted)
    raise typer.Exit(_status(answers))


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
        unattended = False
        for item in items:
            if self._id(item) in self._earlier:
                continue
            if unattended:
                yield self._answered(item, "not-sent")
                continue
            answer = self._handed_in(item)
            # Each would be waited for in vain.
            unattended = answer.status == "in-flight"
            yield answer

    def _handed_in(self, item: Item) -> Answered:
        from console.sending import Wanted, decide_as, leave_as
        from office import door

        sent = Wanted(stream=item.stream, command=item.command)
        by, basis, name = self._given.by, self._given.basis, self._id(item)
        at = Moment(at=self._at, whole_day=False)
        try:
            if not self._given.wait:
                leave_as(self._session, sent, by, at, basis, name)
                return self._answered(item, "left")
            decided = decide_as(self._session, sent, by, at, basis, name)
        except Refused as refused:
            answered = self._answered(item, "refused")
            return replace(answered, rule=refused.rule, because=refused.because)
        except door.NoCase as gone:
            return replace(self._answered(item, "refused"), rule="not_found", because=str(gone))
        except (Failure, door.Unattended) as failure:
            return replace(self._answered(item, "in-flight"), because=str(failure))
        return replace(
            self._answered(item, "recorded"), position=decided.position, waits=decided.waits
        )

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
                "--where: không có gì như vậy · nothing of the kind waits [nothing_to_do]",
                f"xem · see `{self._wanted.see}`",
                REFUSED,
            )
        if len(items) > _MOST:
            raise Failure(
                f"--where: {len(items)} việc, quá nhiều · are too many; up to {_MOST}",
                "thêm điều kiện · narrow it down",
                REFUSED,
            )
        return items

    def _played(self, rehearsal: "Rehearsal", item: Item) -> "Effect":
        act = Act(by=self._given.by, at=self._at, document=self._given.basis)
        envelope = Envelope(
            decision_id=self._id(item), stream=item.stream, act=act, command=item.command
        )
        return rehearsal.play(envelope)

    def _id(self, item: Item) -> str:
        return f"{self._prefix}{item.stream}:{item.name}"


def _status(answers: tuple[Answered, ...]) -> int:
    good = sum(one.status in ("would-record", "recorded", "before", "left") for one in answers)
    if good == len(answers):
        return 0
    if any(one.status in ("in-flight", "not-sent") for one in answers):
        return UNREACHABLE
    return IN_PART if good else REFUSED


def _print(found: Bulk, wanted: Several) -> None:
    answers, screen = found.answers, show.screen()
    for comparison in found.laws:
        screen.print(laws.table(comparison))
    if found.laws:
        screen.print(laws.moved((one.before, one.waits) for one in answers))
    screen.print(_table(answers))
    counts = dict.fromkeys((one.status for one in answers), 0)
    for one in answers:
        counts[one.status] += 1
    said = "; ".join(f"{count} {words.said(_SAID, status)}" for status, count in counts.items())
    screen.print(f"[bold]{said}[/]")
    if any(one.status == "in-flight" for one in answers):
        screen.print("để lại, không chờ · leave them, durable: the same with --no-wait and this id")
    if wanted.preview and _status(answers) == REFUSED:
        return
    again = "ghi · record them with" if wanted.preview else "lặp lại an toàn · repeat safely with"
    screen.print(f"[dim]{again}: --id {show.clean(found.bulk)}[/]")


def _table(answers: tuple[Answered, ...]) -> "Table":
    table = show.table(
        "Hồ sơ · case", "Số tiền · amount", "Kết quả · outcome", "Vì, tiếp theo · because, next",
        numbers=(1,),
    )  # fmt: skip
    for one in answers:
        table.add_row(
            show.under(show.case(one.stream), show.clean(one.about)),
            show.money(one.amount),
            _outcome(one),
            show.under(show.clean(one.because), one.rule or "") if one.because else _next(one),
        )
    return table


def _outcome(one: Answered) -> str:
    said = show.both(_SAID, one.status)
    return f"[bold red]{said}[/]" if one.status in ("refused", "would-refuse") else said


def _next(one: Answered) -> str:
    lines = [
        f"{show.post(wait.post)}, {show.last_day(wait.due) or 'không hạn · no limit'}"
        for wait in one.waits[:2]
    ]
    lines += [f"{show.case(plan)}: còn · left {show.money(left)}" for plan, left in one.left]
    if one.position is not None:
        lines.append(f"event {one.position}")
    return "\n".join(lines)
