"""What people and reports ask of the record."""

from datetime import timedelta

from sqlalchemy import Engine

from domain.approval import Approved, UnderReview
from domain.clock import WALL_CLOCK, Clock
from domain.escalation import Escalate
from domain.notices import Template
from domain.project import Registered, Unregistered
from domain.streams import initial
from domain.travel import View
from domain.values import SYSTEM, Act, DossierKind, ProjectId
from domain.waits import Task
from storage import deliveries, queries, tables, travel
from storage.record import Record
from tests.conftest import of, tell
from tests.domain.story import (
    BOARD,
    CHAIR,
    CLEARANCE,
    COUNCIL,
    INVESTOR,
    OFFICER,
    PLANNING,
    PROJECT,
    REGISTER,
    TO_APPROVAL,
    TO_CLEARANCE,
    TOTAL,
    approve,
    at,
    submit,
)

POLICY = DossierKind.INVESTMENT_POLICY
SUBMIT = submit(POLICY, TOTAL, "2024-01-03")
APPRAISE = approve(POLICY, "appraise", PLANNING, "2024-01-08")
STALLED = (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-03-11")))


def test_an_inbox_holds_what_waits_for_a_post_and_the_most_urgent_comes_first(
    record: Record, engine: Engine
) -> None:
    tell(record, REGISTER)
    tell(record, REGISTER, SUBMIT, project=ProjectId("LATE"))
    tell(record, REGISTER, SUBMIT, APPRAISE, project=ProjectId("NEXT"))

    assert [wait.task for wait in queries.inbox(engine, INVESTOR)] == [Task.SUBMIT_DOSSIER]
    assert [wait.stream for wait in queries.inbox(engine, PLANNING)] == ["project/LATE"]
    assert [wait.stream for wait in queries.inbox(engine, COUNCIL)] == ["project/NEXT"]
    assert queries.inbox(engine, CHAIR) == ()
    assert [wait.stream for wait in queries.inbox(engine)] == [
        "project/LATE",
        "project/NEXT",
        PROJECT,
    ]


def test_a_case_is_shown_as_it_stood_on_a_day(record: Record, engine: Engine) -> None:
    tell(record, *TO_APPROVAL)

    def dossier(day: str) -> object:
        state = travel.fold(engine, PROJECT, View(as_of=at(day, "23:59"))).state
        return state.dossiers.get(POLICY) if isinstance(state, Registered) else state

    assert dossier("2024-01-01") == Unregistered()
    assert dossier("2024-01-02") is None
    assert isinstance(dossier("2024-01-03"), UnderReview)
    assert isinstance(dossier("2024-01-10"), Approved)
    assert travel.fold(engine, PROJECT).state == record.fold(PROJECT).state


def test_only_open_cases_have_a_life_to_resume(record: Record, engine: Engine) -> None:
    tell(record, *TO_APPROVAL)
    closed = ProjectId("DONE")
    tell(record, REGISTER, SUBMIT, project=closed)
    with engine.begin() as connection:
        connection.execute(
            tables.states.update()
            .where(tables.states.c.stream == of(PROJECT, closed))
            .values(is_open=False)
        )

    every = queries.standings(engine, "project")
    living = queries.standings(engine, "project", open_only=True)

    assert [standing.stream for standing in every] == [PROJECT, "project/DONE"]
    assert [standing.stream for standing in living] == [PROJECT]
    assert queries.standing(engine, PROJECT) == living[0]
    assert queries.standing(engine, of(PROJECT, ProjectId("none"))) is None


def test_each_event_owes_its_message_once(record: Record, engine: Engine) -> None:
    tell(record, *TO_CLEARANCE, STALLED)

    notices = [message.notice for message in deliveries.messages(engine, unsent=True)]
    stalled = [notice.to for notice in notices if notice.template is Template.ESCALATION]

    # The letter of the second rung also goes out as a copy.
    assert len({notice.key for notice in notices}) == len(notices) == 7
    assert sorted(stalled, key=str) == [BOARD, INVESTOR]


def test_the_clock_is_the_wall_clock_until_a_rehearsal_sets_another(engine: Engine) -> None:
    assert queries.clock(engine) == WALL_CLOCK

    fast = Clock(
        origin=at("2024-01-01"), started_at=at("2026-01-01"), rate=9.5, until=at("2025-01-01")
    )
    queries.set_clock(engine, fast)

    assert queries.clock(engine) == fast
    assert queries.clock(engine).now(at("2026-01-01") + timedelta(seconds=2)) == at(
        "2024-01-01"
    ) + timedelta(seconds=19)


def test_what_a_case_waits_for_is_asked_by_its_name(record: Record, engine: Engine) -> None:
    tell(record, *TO_CLEARANCE)

    (wait,) = queries.waits_of(engine, CLEARANCE)

    assert (wait.post, wait.task, wait.count) == (OFFICER, Task.AGREE_DONATION, 2)
    assert queries.waits_of(engine, of(CLEARANCE, ProjectId("none"))) == ()
    assert initial(CLEARANCE).kind == "NotBegun"
