"""`ntm question`: what places cannot settle, gathered and reported, and what the city decides."""

from typing import TYPE_CHECKING, Annotated

import typer

from console import questions
from console.failures import absent
from console.groups import group
from console.helping import example
from console.options import Reason, Site, calendar_day, code, refuse, written
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
from language.catalogue import tr

if TYPE_CHECKING:
    from office.session import Session

app = group("Policy questions that places cannot settle, and the city's directives.")

app.command("list", epilog=example("ntm question list --as chair@hai-phong"))(questions.questions)
app.command(epilog=example("ntm question show KN01"))(questions.show)

Text = Annotated[str, typer.Option(metavar="TEXT", help="What it says, in words.")]


def _concern(text: str) -> Concern:
    """`PROJECT/SECTION:OBSTACLE,OBSTACLE`."""
    place, colon, names = text.partition(":")
    if not colon or not names:
        raise refuse(text, written("PROJECT/SECTION:OBSTACLE,…: AD01-GT/T2:V1,V2"))
    where: Site = read_site(place)
    obstacles = tuple(ObstacleId(code(name)) for name in names.split(","))
    return Concern(project=where.project, section=where.section, obstacles=obstacles)


def _for(question: str, command: Command) -> Wanted:
    return Wanted(stream=question_stream(QuestionId(question)), command=command)


@app.command(
    "raise",
    epilog=example(
        "ntm question raise KN01 AD01-GT/T2:V1,V2 AD02-GT/T1:V1 --cause power-line-mv"
        " --text 'Vốn di chuyển cột trung thế?' --as investor@an-duong"
    ),
)
@deciding
def raise_(
    question: Question,
    obstacles: Annotated[
        list[Concern],
        typer.Argument(
            parser=_concern,
            metavar="PROJECT/SECTION:OBSTACLE,…...",
            help="Which obstacles it is about.",
        ),
    ],
    cause: Annotated[Cause, typer.Option(help="The cause that they share.")],
    text: Text,
) -> Find:
    """Ask the city; these obstacles then wait for its answer."""

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


@app.command(epilog=example("ntm question consolidate KN01 KN02 KN03 --as agriculture@hai-phong"))
@deciding
def consolidate(
    question: Question,
    others: Annotated[
        list[str],
        typer.Argument(parser=code, metavar="OTHER...", help="Questions that become part of it."),
    ],
) -> Wanted:
    """Make like questions part of this one."""
    return _for(question, ConsolidateQuestions(questions=tuple(map(QuestionId, others))))


@app.command(
    epilog=example(
        "ntm question report KN01 --text '20 đoạn vướng cột điện'"
        " --document '88/BC-SNN;2024-04-01;Sở Nông nghiệp và PTNT' --as agriculture@hai-phong"
    )
)
@deciding
def report(question: Question, text: Text) -> Wanted:
    """Report a question to the city; needs --document."""
    return _for(question, ReportQuestion(text=text))


@app.command(
    epilog=example(
        "ntm question answer KN01 --outcome removes --payer programme"
        " --text 'Dùng vốn chương trình' --from 2024-04-20"
        " --document '07/CT-UBND;2024-04-15;UBND thành phố' --as chair@hai-phong"
    )
)
@deciding
def answer(
    question: Question,
    outcome: Annotated[Outcome, typer.Option(help="What it does to the obstacles that wait.")],
    text: Text,
    effective: Annotated[
        str, typer.Option("--from", metavar="DATE", help="Day from which it is in force.")
    ],
    payer: Annotated[Payer | None, typer.Option(help="Who pays for moving the poles.")] = None,
) -> Wanted:
    """Answer by a directive; needs --document. It reaches every section that waits."""
    directive = Directive(
        outcome=outcome, text=text, effective_from=calendar_day(effective), payer=payer
    )
    return _for(question, IssueDirective(directive=directive))


@app.command(
    "return",
    epilog=example(
        "ntm question return KN01 --reason 'chưa có số cột từng xã' --as chair@hai-phong"
    ),
)
@deciding
def send_back(question: Question, reason: Reason) -> Wanted:
    """Send a question back to the department for more."""
    return _for(question, ReturnQuestion(reason=reason))


@app.command(
    epilog=example("ntm question withdraw KN01 --reason 'đã thỏa thuận' --as investor@an-duong")
)
@deciding
def withdraw(question: Question, reason: Reason) -> Wanted:
    """Withdraw a question; its obstacles wait no more."""
    return _for(question, WithdrawQuestion(reason=reason))


def _programme(session: "Session", first: Concern) -> ProgrammeId:
    stream = clearance_stream(first.project, first.section)
    standing = session.picture().standing(stream)
    if standing is None or not isinstance(standing.state, Clearing):
        place = f"{first.project}/{first.section}"
        advice = tr("see `{command}`", command="ntm clearance list")
        raise absent("PROJECT/SECTION", place, advice)
    return standing.state.charter.programme
