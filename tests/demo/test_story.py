"""The whole year played in memory, under the real rules and the real law."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from demo.dataset import Dataset, founding, history, load
from demo.story import play, year
from domain.approval import DossierReturned, StepOverdue
from domain.calendar import HANOI, local_day
from domain.clearance import Clearing, SiteHandedOver
from domain.escalation import EscalationAnswered, EscalationRaised
from domain.inbox import waits
from domain.phase import Phase, phase
from domain.portfolio import portfolio
from domain.positions import Capital
from domain.programme_forms import Running
from domain.project import Registered
from domain.question import Asked, Status
from domain.referrals import DirectiveReceived
from domain.streams import Fact, State, evolve, initial, programme_stream, replay
from domain.tally import tally
from domain.values import CohortId, Extent, ProgrammeId, Role, StreamId
from domain.waits import Task
from storage.policies import load as law
from tests.demo.office import MemoryOffice

NEW_YEAR = datetime(2024, 1, 1, tzinfo=HANOI)
END = datetime(2025, 1, 1, tzinfo=HANOI)
CAPITAL = StreamId("capital/NTM-HP/2024")
SPOTLIGHT = StreamId("clearance/AD01-GT/T2")


async def played(data: Dataset, office: MemoryOffice) -> None:
    story = asyncio.create_task(play(data, office))
    await office.run(story, END)
    assert story.done()


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load()


def founded(data: Dataset, late: timedelta = timedelta()) -> MemoryOffice:
    office = MemoryOffice(law(), NEW_YEAR, late)
    for envelope in founding(data):
        office.record(envelope)
    for envelopes in history(data).values():
        for envelope in envelopes:
            office.record(envelope)
    return office


@pytest.fixture(scope="module")
def office(data: Dataset) -> MemoryOffice:
    office = founded(data)
    asyncio.run(played(data, office))
    return office


def test_the_thirteen_are_the_first_thirteen_of_forty_five(office: MemoryOffice) -> None:
    programme = office.state(programme_stream(ProgrammeId("NTM-HP")))

    assert isinstance(programme, Running)
    cohort = programme.cohorts[CohortId("2024")]
    assert [place.chosen for place in cohort.places] == [True] * 13 + [False] * 32
    assert all(place.left == 0 for place in cohort.places if not place.chosen)
    assert cohort.ceiling == cohort.total_investment == 1_495_000_000_000


def facts(office: MemoryOffice, stream: StreamId) -> list[Fact]:
    return [fact for fact in office.facts if fact.stream == stream]


def fold(told: Iterable[Fact], stream: StreamId) -> State:
    return replay((fact for fact in told if fact.stream == stream), initial(stream))


def projects(office: MemoryOffice) -> list[Registered]:
    return [state for state in office.streams().values() if isinstance(state, Registered)]


def sections(office: MemoryOffice) -> list[Clearing]:
    return [state for state in office.streams().values() if isinstance(state, Clearing)]


def lived(office: MemoryOffice, stream: StreamId) -> list[Phase]:
    """The phases of a project, in the order in which it came to them."""
    phases: dict[Phase, None] = {}
    state = initial(stream)
    for fact in facts(office, stream):
        state = evolve(state, fact.event, fact.act)
        assert isinstance(state, Registered)
        phases[phase(state)] = None
    return list(phases)


def test_the_published_figures_of_april_follow_from_the_record(office: MemoryOffice) -> None:
    day = date(2024, 4, 30)
    known = [fact for fact in office.facts if local_day(fact.act.at) <= day]
    programme, capital = fold(known, StreamId("programme/NTM-HP")), fold(known, CAPITAL)
    assert isinstance(programme, Running)
    assert isinstance(capital, Capital)

    report = portfolio(programme, capital, 2024, day)

    assert capital.allocated == 2_047_000_000_000
    assert capital.disbursed == 529_508_000_000
    assert report.rate.cut(1) == "25.8"
    assert [line.communes for line in report.lines] == [8, 35, 13]
    assert (report.chosen, report.deferred, report.unexplained_communes) == (13, 32, 2)


def test_the_spotlight_climbs_to_the_city_and_is_handed_over_in_full(office: MemoryOffice) -> None:
    told = [fact.event for fact in facts(office, SPOTLIGHT)]

    assert [e.level for e in told if isinstance(e, EscalationRaised)] == [1, 2, 3, 4]
    answered = [e.number for e in told if isinstance(e, EscalationAnswered)]
    assert answered == [3, 4, 1, 2]
    assert told[-1] == SiteHandedOver(extent=Extent.FULL)


def test_the_citys_directive_names_its_paper(office: MemoryOffice) -> None:
    papers = [
        fact.act.document.symbol
        for fact in facts(office, SPOTLIGHT)
        if fact.act.by.role is Role.CHAIR and fact.act.document
    ]

    assert papers.count("01/CĐ-UBND (tổng hợp)") == 3


def test_only_sections_of_the_story_stall(data: Dataset, office: MemoryOffice) -> None:
    stalled = {fact.stream for fact in office.facts if isinstance(fact.event, EscalationRaised)}

    assert stalled <= {f"clearance/{stall.section}" for stall in data.stalls}
    assert len(stalled) == 9


def test_four_sections_still_stand_at_the_end_of_the_year(office: MemoryOffice) -> None:
    standing = [section for section in sections(office) if section.released is None]

    assert len(sections(office)) == 39
    assert sorted(section.stall.level for section in standing) == [0, 1, 3, 5]


def test_one_directive_answers_two_districts_and_frees_three_sections(
    office: MemoryOffice,
) -> None:
    first, second = (office.state(StreamId(f"question/{name}")) for name in ("KN01", "KN02"))
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    assert (first.status, second.status) == (Status.ANSWERED, Status.MERGED)
    reached = {f.stream for f in office.facts if isinstance(f.event, DirectiveReceived)}
    assert reached == {SPOTLIGHT, "clearance/AD02-GT/T1", "clearance/TN01-GT/T1"}
    for stream in reached:
        section = office.state(stream)
        assert isinstance(section, Clearing)
        assert section.released is Extent.FULL


def test_a_question_of_autumn_lies_with_the_city_when_the_year_ends(office: MemoryOffice) -> None:
    asked = office.state(StreamId("question/KN03"))

    assert isinstance(asked, Asked)
    assert asked.status is Status.REPORTED
    assert asked.holder.role is Role.CHAIR


def test_no_stage_shows_more_households_than_have_to_pass_it(office: MemoryOffice) -> None:
    for section in sections(office):
        for count in tally((section,)).stages.values():
            assert count.households <= count.owed


def test_every_phase_is_lived_through(office: MemoryOffice) -> None:
    assert lived(office, StreamId("project/AD01-GT")) == [
        Phase.APPROVAL,
        Phase.CLEARANCE,
        Phase.CONSTRUCTION,
    ]
    assert lived(office, StreamId("project/C22-01")) == [
        Phase.APPROVAL,
        Phase.CONSTRUCTION,
        Phase.SETTLEMENT,
        Phase.CLOSED,
    ]


def test_the_year_ends_with_projects_in_four_phases(office: MemoryOffice) -> None:
    at_the_end = Counter(phase(state) for state in projects(office))

    assert at_the_end == {
        Phase.CLEARANCE: 4,
        Phase.CONSTRUCTION: 62,
        Phase.SETTLEMENT: 1,
        Phase.CLOSED: 2,
    }


def test_one_dossier_comes_back_and_one_is_late(office: MemoryOffice) -> None:
    returned = [f.stream for f in office.facts if isinstance(f.event, DossierReturned)]
    late = [fact.stream for fact in office.facts if isinstance(fact.event, StepOverdue)]

    assert returned == ["project/TN04-GT"]
    assert late == ["project/TN06-GT"]


def test_there_is_something_to_decide_when_the_year_ends(office: MemoryOffice) -> None:
    policy = law()
    tasks = {wait.task for state in office.streams().values() for wait in waits(state, policy)}

    assert tasks >= {
        Task.ANSWER_ESCALATION,
        Task.CHECK_PAYMENT,
        Task.CONFIRM_TREASURY,
        Task.DECIDE_DOSSIER,
        Task.DECIDE_QUESTION,
        Task.DECIDE_RELOCATION_FUNDING,
        Task.REMOVE_OBSTACLE,
    }


def test_the_year_is_even_enough_for_two_cores(office: MemoryOffice) -> None:
    days = Counter(local_day(envelope.act.at) for envelope in office.asked)

    assert len(office.asked) <= 1_800
    assert max(days[day] + days[day + timedelta(days=1)] for day in days) <= 40


def test_the_payments_of_the_year_follow_their_days(data: Dataset, office: MemoryOffice) -> None:
    paid = {f.stream: local_day(f.act.at) for f in office.facts if f.event.kind == "PaymentPaid"}

    assert paid == {
        f"payment/{row.payment}": row.paid_on for row in data.payments if row.paid_on is not None
    }


def test_a_story_played_again_adds_nothing(data: Dataset, office: MemoryOffice) -> None:
    before = len(office.facts)

    asyncio.run(played(data, office))

    assert len(office.facts) == before


@pytest.mark.parametrize("days", [3, 14, 30])
def test_a_slow_machine_moves_no_figure_and_no_decision_is_refused(
    data: Dataset, days: int
) -> None:
    office = founded(data, late=timedelta(days=days))

    asyncio.run(played(data, office))

    known = [fact for fact in office.facts if local_day(fact.act.at) <= date(2024, 4, 30)]
    capital = fold(known, CAPITAL)
    assert isinstance(capital, Capital)
    assert capital.disbursed == 529_508_000_000


def test_each_stream_keeps_the_order_of_its_days(data: Dataset) -> None:
    for row in data.projects:
        moments = [beat.act.at.astimezone(UTC) for beat in year(data, row.project)]
        assert moments == sorted(moments)
