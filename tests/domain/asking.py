"""Sections of many projects whose poles stand in the way, and the question they wait for."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.obstacles import Blocks, RecordObstacle
from domain.project import OpenClearance, RegisterProject
from domain.question_forms import (
    Concern,
    ConsolidateQuestions,
    IssueDirective,
    RaiseQuestion,
    ReportQuestion,
)
from domain.streams import clearance_stream, project_stream, question_stream
from domain.utilities import RegisterUtilities, UtilityEntry
from domain.values import (
    Cause,
    Directive,
    Document,
    ObstacleId,
    Outcome,
    Payer,
    Post,
    ProjectId,
    QuestionId,
    StreamId,
    UtilityId,
    Vnd,
)
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CHARTER,
    CITY_CHAIR,
    INVESTOR,
    POWER_COMPANY,
    PROGRAMME,
    ROAD,
    TO_APPROVAL,
    WORKS,
    Asked,
    act,
)

ASKER = BOARD
MOVER = POWER_COMPANY
QUESTION = QuestionId("KN01")
ASKED = question_stream(QUESTION)
POLES = ObstacleId("V1")
MONEY = ObstacleId("V2")
LINE = UtilityId("DT1")
DIRECTIVE_PAPER = Document(
    symbol="07/CT-UBND", issued_on=date(2024, 4, 15), issuer="UBND thành phố"
)
REPORT_PAPER = Document(
    symbol="88/BC-SNN", issued_on=date(2024, 4, 1), issuer="Sở Nông nghiệp và PTNT"
)
REMOVES = Directive(
    outcome=Outcome.REMOVES,
    text="the programme pays, the power company moves the poles by June",
    effective_from=date(2024, 4, 20),
    payer=Payer.PROGRAMME,
)
RELEASES = replace(REMOVES, outcome=Outcome.RELEASES)
REFUSES = replace(REMOVES, outcome=Outcome.REFUSES, payer=None)


def section(project: ProjectId) -> StreamId:
    return clearance_stream(project, ROAD)


def hindered(project: ProjectId) -> tuple[Asked, ...]:
    """A project whose road has one medium-voltage line in its way, and nobody to pay for it."""
    charter = replace(CHARTER, project=project)
    stream = section(project)
    line = UtilityEntry(utility=LINE, voltage="MV", poles=20, estimate=Vnd(4_200_000_000))
    named = Blocks(utilities=(LINE,))
    investor = act(INVESTOR, "2024-02-01")
    approved = tuple(
        (project_stream(project), command, by)
        for stream, command, by in TO_APPROVAL
        if stream == project_stream(CHARTER.project) and not isinstance(command, RegisterProject)
    )
    return (
        (
            project_stream(project),
            RegisterProject(charter=charter, works=WORKS),
            act(INVESTOR, "2024-01-02"),
        ),
        *approved,
        (project_stream(project), OpenClearance(section=ROAD), investor),
        (stream, RegisterUtilities(utilities=(line,)), investor),
        (
            stream,
            RecordObstacle(obstacle=POLES, cause=Cause.POWER_LINE_MV, blocks=named),
            investor,
        ),
        (
            stream,
            RecordObstacle(obstacle=MONEY, cause=Cause.NO_RELOCATION_FUNDING, blocks=named),
            investor,
        ),
    )


def concern(project: ProjectId, *obstacles: ObstacleId) -> Concern:
    return Concern(project=project, section=ROAD, obstacles=obstacles or (POLES, MONEY))


def raised(
    concerns: Iterable[Concern],
    question: QuestionId = QUESTION,
    by: Post = ASKER,
    day: str = "2024-03-01",
) -> Asked:
    command = RaiseQuestion(
        question=question,
        programme=PROGRAMME,
        cause=Cause.POWER_LINE_MV,
        text="who pays for moving the poles?",
        concerns=tuple(concerns),
    )
    return question_stream(question), command, act(by, day)


def consolidated(*questions: QuestionId, day: str = "2024-03-05") -> Asked:
    return ASKED, ConsolidateQuestions(questions=questions), act(AGRICULTURE, day)


REPORT: Asked = (
    ASKED,
    ReportQuestion(text="20 sections wait for poles that nobody pays for"),
    act(AGRICULTURE, "2024-03-08", REPORT_PAPER),
)


def directed(directive: Directive = REMOVES, day: str = "2024-03-15") -> Asked:
    return ASKED, IssueDirective(directive=directive), act(CITY_CHAIR, day, DIRECTIVE_PAPER)
