"""`ntm question`: what places cannot settle, gathered and reported, and what the city decides."""

from typing import TYPE_CHECKING, Annotated

import typer

from console import questions
from console.failures import absent
from console.groups import group
from console.options import Reason, Site, calendar_day, code, refuse
from console.options import site as read_site
from console.questions import Question
from console.sending import Find, Wanted, deciding
from domain.clearance import Clearing
from domain.question_forms import (
    Command,
    Concern,
    ConsolidateQuestions,
    IssueDirective,
    RaiseQuestion,
    ReportQuestion,
    ReturnQuestion,
    WithdrawQuestion,
)
from domain.streams import clearance_stream, question_stream
from domain.values import (
    Cause,
    Directive,
    ObstacleId,
    Outcome,
    Payer,
    Post,
    ProgrammeId,
    QuestionId,
)

if TYPE_CHECKING:
    from office.session import Session

app = group("Kiến nghị chính sách · policy questions.")

app.command("list", epilog="Ví dụ · example: ntm question list --as chair@hai-phong")(
    questions.questions
)
app.command(epilog="Ví dụ · example: ntm question show KN01")(questions.show)

Text = Annotated[str, typer.Option(metavar="TEXT", help="Nội dung · in words.")]


def _concern(text: str) -> Concern:
    """`PROJECT/SECTION:OBSTACLE,OBSTACLE`."""
    place, colon, names = text.partition(":")
    if not colon or not names:
        raise refuse(text, "viết · write PROJECT/SECTION:OBSTACLE,…: AD01-GT/T2:V1,V2")
    where: Site = read_site(place)
    obstacles = tuple(ObstacleId(code(name)) for name in names.split(","))
    return Concern(project=where.project, section=where.section, obstacles=obstacles)


def _for(question: str, command: Command) -> Wanted:
    return Wanted(stream=question_stream(QuestionId(question)), command=command)


@app.command(
    "raise",
    epilog="Ví dụ · example: ntm question raise KN01 AD01-GT/T2:V1,V2 AD02-GT/T1:V1"
    " --cause power-line-mv --text 'Vốn di chuyển cột trung thế?' --as investor@an-duong",
)
@deciding
def raise_(
    question: Question,
    obstacles: Annotated[
        list[Concern],
        typer.Argument(
            parser=_concern,
            metavar="PROJECT/SECTION:OBSTACLE,…...",
            help="Vướng mắc nào · which obstacles.",
        ),
    ],
    cause: Annotated[Cause, typer.Option(help="Nguyên nhân · cause.")],
    text: Text,
) -> Find:
    """Kiến nghị: các vướng mắc này chờ trả lời · ask the city; the obstacles wait for it."""

    def find(session: "Session", _by: Post, _decision_id: str | None) -> Wanted:
        command = RaiseQuestion(
            question=QuestionId(question),
            programme=_programme(session, obstacles[0]),
            cause=cause,
            text=text,
            concerns=tuple(obstacles),
        )
        return _for(question, command)

    return find


@app.command(
    epilog="Ví dụ · example: ntm question consolidate KN01 KN02 KN03 --as agriculture@hai-phong"
)
@deciding
def consolidate(
    question: Question,
    others: Annotated[
        list[str], typer.Argument(parser=code, metavar="OTHER...", help="Gộp vào · taken in.")
    ],
) -> Wanted:
    """Gộp kiến nghị giống nhau · make like questions part of this one."""
    return _for(question, ConsolidateQuestions(questions=tuple(map(QuestionId, others))))


@app.command(
    epilog="Ví dụ · example: ntm question report KN01 --text '20 đoạn vướng cột điện'"
    " --document '88/BC-SNN;2024-04-01;Sở Nông nghiệp và PTNT' --as agriculture@hai-phong"
)
@deciding
def report(question: Question, text: Text) -> Wanted:
    """Báo cáo UBND thành phố · report to the city; needs --document."""
    return _for(question, ReportQuestion(text=text))


@app.command(
    epilog="Ví dụ · example: ntm question answer KN01 --outcome removes --payer programme"
    " --text 'Dùng vốn chương trình' --from 2024-04-20"
    " --document '07/CT-UBND;2024-04-15;UBND thành phố' --as chair@hai-phong"
)
@deciding
def answer(
    question: Question,
    outcome: Annotated[
        Outcome, typer.Option(help="Tháo gỡ, cho làm có điều kiện, hay không · what it does.")
    ],
    text: Text,
    effective: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Hiệu lực từ · in force from.")
    ],
    payer: Annotated[
        Payer | None, typer.Option(help="Ai trả tiền di chuyển cột · who pays for the poles.")
    ] = None,
) -> Wanted:
    """Chỉ đạo, tới mọi đoạn đang chờ · decide by directive; needs --document."""
    directive = Directive(
        outcome=outcome, text=text, effective_from=calendar_day(effective), payer=payer
    )
    return _for(question, IssueDirective(directive=directive))


@app.command(
    "return",
    epilog="Ví dụ · example: ntm question return KN01 --reason 'chưa có số cột từng xã'"
    " --as chair@hai-phong",
)
@deciding
def send_back(question: Question, reason: Reason) -> Wanted:
    """Trả lại Sở để bổ sung · send back to the department for more."""
    return _for(question, ReturnQuestion(reason=reason))


@app.command(
    epilog="Ví dụ · example: ntm question withdraw KN01 --reason 'đã thỏa thuận'"
    " --as investor@an-duong"
)
@deciding
def withdraw(question: Question, reason: Reason) -> Wanted:
    """Rút kiến nghị · withdraw; its obstacles wait no more."""
    return _for(question, WithdrawQuestion(reason=reason))


def _programme(session: "Session", first: Concern) -> ProgrammeId:
    stream = clearance_stream(first.project, first.section)
    standing = session.picture().standing(stream)
    if standing is None or not isinstance(standing.state, Clearing):
        place = f"{first.project}/{first.section}"
        raise absent("PROJECT/SECTION", place, "xem · see `ntm clearance list`")
    return standing.state.charter.programme
