"""What rests on a paper: by a decision of its own, through its programme, or through the plan."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from domain.approval import SubmitDossier
from domain.candidates import Candidate
from domain.programme_forms import (
    Commune,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
    SelectCommunes,
)
from domain.project import RegisterProject
from domain.streams import programme_stream
from domain.travel import NOW, View
from domain.values import (
    Act,
    CohortId,
    CommuneId,
    Document,
    DossierKind,
    ProjectId,
    StreamId,
    UnitCode,
    Vnd,
)
from storage import papers
from storage.record import Record
from storage.travel import Picture
from tests.conftest import envelope, hand_in, tell
from tests.domain.story import (
    AGRICULTURE,
    ALLOCATE,
    CHARTER,
    CITY_CHAIR,
    INVESTOR,
    PAPER,
    PROGRAMME,
    PROJECT,
    REGISTER,
    TOTAL,
    WORKS,
    Asked,
    act,
    at,
)

CHOSEN, LEFT = CommuneId("AD01"), CommuneId("AD09")
MINE, OTHER = CHARTER.project, ProjectId("AD09-GT")
COUNCIL_PAPER = replace(PAPER, symbol="02/2023/NQ-HĐND")
PLAN_PAPER = replace(PAPER, symbol="15/2024/NQ-HĐND")
FOUNDING = replace(PAPER, symbol="88/QĐ-TTg")
STREAM = programme_stream(PROGRAMME)


def commune(code: CommuneId) -> Commune:
    return Commune(commune=code, name=code, district=UnitCode("an-duong"), synthetic=True)


STORY: tuple[Asked, ...] = (
    (
        STREAM,
        RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=2),
        act(AGRICULTURE, "2024-01-01", FOUNDING),
    ),
    (
        STREAM,
        RegisterCohort(
            cohort=CohortId("2024"), year=2024, size=2, communes=(commune(CHOSEN), commune(LEFT))
        ),
        act(AGRICULTURE, "2024-01-01", None),
    ),
    (
        STREAM,
        ProposeCandidates(
            cohort=CohortId("2024"),
            candidates=tuple(
                Candidate(commune=code, cost=Vnd(1), measures=(), synthetic=True)
                for code in (CHOSEN, LEFT)
            ),
        ),
        act(AGRICULTURE, "2024-01-01", None),
    ),
    (
        STREAM,
        SelectCommunes(
            cohort=CohortId("2024"), ceiling=Vnd(1), chosen=(CHOSEN,), why_deferred="vốn"
        ),
        act(CITY_CHAIR, "2024-01-02", COUNCIL_PAPER),
    ),
    REGISTER,
    (ALLOCATE[0], ALLOCATE[1], act(CITY_CHAIR, "2024-01-03", PLAN_PAPER)),
)


@pytest.fixture
def record(record: Record) -> Record:
    """A commune that was chosen and has capital, and one that was deferred."""
    tell(record, *STORY)
    charter = replace(CHARTER, project=OTHER, commune=LEFT)
    command = RegisterProject(charter=charter, works=WORKS)
    by = act(INVESTOR, "2024-01-04", None)
    hand_in(record, envelope((StreamId(f"project/{OTHER}"), command, by)))
    return record


def picture(engine: Engine, view: View = NOW) -> Picture:
    return Picture(engine, view, datetime.now(UTC))


@pytest.mark.parametrize(
    ("paper", "projects"),
    [
        (FOUNDING, {MINE, OTHER}),
        (COUNCIL_PAPER, {MINE}),
        (PLAN_PAPER, {MINE}),
        (PAPER, {MINE}),
        (replace(PAPER, symbol="02/2023"), set()),
        (replace(PAPER, symbol="02/2023/nq-hđnd"), set()),
        (replace(PAPER, symbol="02/2023/NQ-HĐND1"), set()),
    ],
    ids=["founding", "selection", "plan", "its own", "a part", "another case", "more"],
)
def test_a_paper_is_rested_on_by(record: Record, paper: Document, projects: set[ProjectId]) -> None:
    assert set(papers.resting(picture(record.engine), paper.symbol)) == projects


def test_why_it_rests_on_it_is_named(record: Record) -> None:
    (why,) = papers.resting(picture(record.engine), COUNCIL_PAPER.symbol)[MINE]

    assert (why.stream, why.events, why.document) == (STREAM, ("CommunesSelected",), COUNCIL_PAPER)


def test_before_a_paper_was_cited_nothing_rested_on_it(record: Record) -> None:
    then = View(as_of=at("2024-01-02") - timedelta(seconds=1), known_at=None)

    assert papers.resting(picture(record.engine, then), COUNCIL_PAPER.symbol) == {}


def test_every_paper_is_listed_once_with_its_decisions(record: Record) -> None:
    tell(record, (PROJECT, *_submitted()))

    every = papers.papers(papers.cited(picture(record.engine)))
    found = {row.document.symbol: row.decisions for row in every}

    assert found == {"02/2023/NQ-HĐND": 1, "15/2024/NQ-HĐND": 1, "88/QĐ-TTg": 1, "12/QĐ-UBND": 2}


def test_the_newest_papers_of_a_case_come_first_and_once(record: Record) -> None:
    tell(record, (PROJECT, *_submitted(replace(PAPER, symbol="03/TTr-BQL"))))

    found = papers.newest(picture(record.engine), [PROJECT, STREAM, StreamId("project/NONE")], 2)

    assert {stream: [one.symbol for one in few] for stream, few in found.items()} == {
        PROJECT: ["03/TTr-BQL", "12/QĐ-UBND"],
        STREAM: ["02/2023/NQ-HĐND", "88/QĐ-TTg"],
    }


def _submitted(paper: Document = PAPER) -> tuple[SubmitDossier, Act]:
    dossier = SubmitDossier(dossier=DossierKind.INVESTMENT_POLICY, amount=TOTAL)
    return dossier, act(INVESTOR, "2024-01-05", paper)
