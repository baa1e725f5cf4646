"""`ntm escalation`: who was pushed because clearance stalls, and what they answered."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from console import show
from console.groups import group
from console.looking import head, looking, mention
from console.options import InSite, MaybeAs, Output
from console.sending import Wanted, deciding, open_session
from domain.clearance import Clearing
from domain.escalation import AnswerEscalation
from domain.stall import Escalation
from domain.streams import clearance_stream
from domain.travel import View
from domain.values import StreamId, value

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

app = group("Đôn đốc, báo cáo cấp trên · escalations.")


@value
class Line:
    """One escalation of a section."""

    stream: StreamId
    number: int
    overdue: bool
    escalation: Escalation


@app.command("list")
@looking
def escalations(
    *,
    view: View,
    by: MaybeAs = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Cả đã trả lời · answered ones too.")
    ] = False,
    output: Output = "table",
) -> None:
    """Đôn đốc đang chờ trả lời · escalations that wait for an answer, the highest first."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(
            line
            for line in sorted(_lines(picture), key=_urgency)
            if (everything or line.escalation.answered_at is None)
            and by in (None, line.escalation.addressee)
        )
    mention(picture)
    if output == "json":
        show.json(lines, tuple[Line, ...])
        return
    head(picture, empty=not lines)
    screen = show.screen()
    screen.print(_table(lines))
    screen.print(f"[dim]{len(lines)} đôn đốc · escalations[/]")


@app.command(
    epilog="Ví dụ · example: ntm escalation answer AD01-GT/T2 3"
    " --answer 'Di chuyển cột trước 20/5' --as chair@an-duong"
)
@deciding
def answer(
    site: InSite,
    number: Annotated[int, typer.Argument(min=1, help="Số · number, from the list.")],
    text: Annotated[
        str, typer.Option("--answer", metavar="TEXT", help="Sẽ làm gì · what follows.")
    ],
) -> Wanted:
    """Trả lời đôn đốc · say what will be done, and by when."""
    command = AnswerEscalation(number=number, answer=text)
    return Wanted(stream=clearance_stream(site.project, site.section), command=command)


def _lines(picture: "Picture") -> Iterator[Line]:
    for standing in picture.standings("clearance"):
        if isinstance(standing.state, Clearing):
            for number, asked in standing.state.stall.escalations.items():
                late = asked.answered_at is None and asked.answer_due.at <= picture.now
                yield Line(stream=standing.stream, number=number, overdue=late, escalation=asked)


def _table(lines: tuple[Line, ...]) -> "Table":
    table = show.table(
        "Đoạn, số · section, no.",
        "Cấp · level",
        "Gửi · to",
        "Ngày · raised",
        "Trả lời · answer",
        whole=[0, 2, 3, 4],
    )
    for line in lines:
        asked = line.escalation
        state = "[bold red]QUÁ HẠN[/]" if line.overdue else "hạn · due"
        answered = show.day(asked.answered_at)
        table.add_row(
            show.under(
                show.clean(f"{line.stream.removeprefix('clearance/')} {line.number}"),
                show.clean(asked.document),
            ),
            show.clean(f"{asked.level}. {asked.name}"),
            show.post(asked.addressee),
            show.under(show.day(asked.raised_at), f"sau {asked.working_days} ngày"),
            answered or show.under(state, show.last_day(asked.answer_due.at)),
        )
    return table


def _urgency(line: Line) -> tuple[int, str, int]:
    return (-line.escalation.level, line.stream, line.number)
