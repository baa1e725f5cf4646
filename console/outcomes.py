"""What became of each of many decisions, or would: as values, on the screen, as an exit status."""

from typing import TYPE_CHECKING, Literal

from console import laws, show, words
from console.failures import IN_PART, REFUSED, UNREACHABLE
from domain.rules import Comparison
from domain.values import StreamId, Vnd, value
from domain.waits import Wait
from language.catalogue import tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.table import Table

Status = Literal[
    "would-record", "would-refuse", "recorded", "before", "left", "refused", "in-flight", "not-sent"
]
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


def exit_status(answers: tuple[Answered, ...]) -> int:
    """Whether all, some or none went through, or would."""
    good = sum(one.status in ("would-record", "recorded", "before", "left") for one in answers)
    if good == len(answers):
        return 0
    if any(one.status in ("in-flight", "not-sent") for one in answers):
        return UNREACHABLE
    return IN_PART if good else REFUSED


def draw(found: Bulk, *, preview: bool) -> None:
    """What the laws differ in, each answer, and how to repeat them all."""
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
        screen.print(tr("to leave them, which is durable: the same with --no-wait and this id"))
    if preview and exit_status(answers) == REFUSED:
        return
    again = tr("record them with") if preview else tr("repeat them safely with")
    screen.print(f"[dim]{again}: --id {show.clean(found.bulk)}[/]")


def _table(answers: tuple[Answered, ...]) -> "Table":
    table = show.table(
        tr("Case"), tr("Amount"), tr("Outcome"), tr("Because, or next"), numbers=(1,)
    )
    for one in answers:
        table.add_row(
            show.under(show.case(one.stream), show.clean(one.about)),
            show.money(one.amount),
            _outcome(one),
            _why(one) if one.because else _next(one),
        )
    return table


def _outcome(one: Answered) -> str:
    said = show.word(_SAID, one.status)
    return f"[bold red]{said}[/]" if one.status in ("refused", "would-refuse") else said


def _why(one: Answered) -> str:
    return show.under(show.clean(in_their_language(one.because)), one.rule or "")


def _next(one: Answered) -> str:
    no_limit = tr("no limit")
    lines = [
        f"{show.post(wait.post)}, {show.last_day(wait.due) or no_limit}" for wait in one.waits[:2]
    ]
    lines += [
        tr("{plan}: {left} left", plan=show.case(plan), left=show.money(left))
        for plan, left in one.left
    ]
    if one.position is not None:
        lines.append(tr("event {position}", position=one.position))
    return "\n".join(lines)
