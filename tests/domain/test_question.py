"""Policy questions: raised by places, gathered by the department, decided once by the city."""

from dataclasses import replace

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.alarms import alarm
from domain.clearance import Clearing
from domain.inbox import is_open, waits
from domain.notices import Template, notices
from domain.obstacles import Means, RemoveObstacle
from domain.question import Asked as Question
from domain.question import Status, Unasked
from domain.question_forms import (
    QuestionOverdue,
    RemindQuestion,
    ReportQuestion,
    ReturnQuestion,
    WithdrawQuestion,
)
from domain.referrals import DirectiveReceived
from domain.refusal import Refused, Rule
from domain.streams import Fact, question_stream
from domain.utilities import Relocation
from domain.values import (
    SYSTEM,
    Act,
    Cause,
    ObstacleId,
    Payer,
    Post,
    ProgrammeId,
    ProjectId,
    QuestionId,
    StreamId,
    UnitCode,
)
from domain.waits import Task
from tests.domain.asking import (
    ASKED,
    LINE,
    MONEY,
    POLES,
    QUESTION,
    REFUSES,
    RELEASES,
    REMOVES,
    REPORT,
    concern,
    consolidated,
    directed,
    hindered,
    raised,
    section,
)
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CHAIR,
    CITY_CHAIR,
    COUNCIL,
    INVESTOR,
    OFFICER,
    POLICY,
    POWER_COMPANY,
    Asked,
    World,
    act,
    ask,
    at,
    refused,
    told,
)

HERE, THERE = ProjectId("AD01-GT"), ProjectId("AD02-GT")
BEFORE = told(*hindered(HERE), *hindered(THERE))
BOTH = (concern(HERE), concern(THERE))
SECOND = QuestionId("KN02")
ONE_EACH = (raised([concern(HERE)]), raised([concern(THERE)], SECOND, INVESTOR, "2024-02-20"))
GO = (raised(BOTH), REPORT)


def question(world: World, stream: StreamId = ASKED) -> Question:
    state = world[stream]
    assert isinstance(state, Question)
    return state


def clearing(world: World, project: ProjectId = HERE) -> Clearing:
    state = world[section(project)]
    assert isinstance(state, Clearing)
    return state


def after(*asked: Asked) -> World:
    return told(*asked, given=BEFORE)


def test_obstacles_wait_for_the_question_that_was_raised_about_them() -> None:
    world = after(raised(BOTH))

    for project in (HERE, THERE):
        ground = clearing(world, project).ground
        assert ground.awaited() == (QUESTION,)
        referrals = [obstacle.referral for obstacle in ground.obstacles.values()]
        assert [referral and referral.by for referral in referrals] == [BOARD, BOARD]


def test_the_department_is_waited_for_and_the_owners_are_not() -> None:
    world = after(raised(BOTH))

    (wait,) = waits(question(world), POLICY)
    assert (wait.post, wait.task, wait.count) == (AGRICULTURE, Task.REPORT_QUESTION, 4)
    assert wait.due == POLICY.due("question.report", at("2024-03-01")).at
    tasks = {wait.task for wait in waits(clearing(world), POLICY)}
    assert Task.REMOVE_OBSTACLE not in tasks


def test_a_reported_question_waits_for_the_city() -> None:
    (wait,) = waits(question(after(*GO)), POLICY)

    assert (wait.post, wait.task) == (CITY_CHAIR, Task.DECIDE_QUESTION)
    assert wait.due == POLICY.due("question.decide", at("2024-03-08")).at


def test_a_question_the_city_returns_is_the_departments_again_with_a_limit_of_its_own() -> None:
    world = after(*GO, (ASKED, ReturnQuestion(reason="how many?"), act(CITY_CHAIR, "2024-03-12")))

    state = question(world)
    assert (state.status, state.holder) == (Status.RETURNED, AGRICULTURE)
    assert state.due == POLICY.due("question.report", at("2024-03-12"))


# What a directive does


def test_one_directive_removes_every_obstacle_and_pays_for_the_lines() -> None:
    world = after(*GO, directed())

    assert question(world).status is Status.ANSWERED
    assert not is_open(question(world))
    for project in (HERE, THERE):
        ground = clearing(world, project).ground
        assert ground.standing() == {}
        obstacle = ground.obstacles[POLES]
        assert (obstacle.means, obstacle.how) == (Means.DIRECTIVE, REMOVES.text)
        assert obstacle.document == "07/CT-UBND"
        line = ground.utilities[LINE]
        assert (line.status, line.source) == (Relocation.FUNDED, Payer.PROGRAMME)
        assert line.document == "07/CT-UBND"


def test_a_directive_that_releases_lets_the_owners_act_under_its_conditions() -> None:
    world = after(*GO, directed(RELEASES))

    ground = clearing(world).ground
    # The money is decided with it; the poles stand until they are moved.
    assert set(ground.standing()) == {POLES}
    answer = ground.obstacles[POLES].answer
    assert answer is not None
    assert (answer.question, answer.directive) == (QUESTION, RELEASES)
    # The owner could not act before: his limit begins anew.
    assert ground.obstacles[POLES].due == POLICY.due("obstacle.power-line", at("2024-03-15"))
    assert ground.awaited() == ()
    posts = {wait.post for wait in waits(clearing(world), POLICY) if "obstacle" in wait.key}
    assert posts == {POWER_COMPANY}
    assert clearing(world).stall.progress_at == at("2024-03-15")


def test_a_directive_that_refuses_leaves_the_obstacles_to_their_owners() -> None:
    world = after(*GO, directed(REFUSES))

    ground = clearing(world).ground
    assert set(ground.standing()) == {POLES, MONEY}
    assert ground.awaited() == ()
    assert ground.utilities[LINE].status is Relocation.UNFUNDED
    assert clearing(world).stall == clearing(after(*GO)).stall


def test_what_was_removed_in_the_meantime_holds_up_no_other() -> None:
    gone = RemoveObstacle(obstacle=POLES, how="the owner moved them")
    world, facts = ask(
        after(*GO, (section(HERE), gone, act(BOARD, "2024-03-14"))), directed(RELEASES)
    )

    received = {stream: event for stream, event in facts if isinstance(event, DirectiveReceived)}
    assert received[section(HERE)].gone == (POLES,)
    assert received[section(HERE)].obstacles == (MONEY,)
    assert received[section(THERE)].gone == ()
    assert clearing(world).ground.obstacles[POLES].how == "the owner moved them"


def test_a_question_may_be_asked_again_of_what_a_directive_left_standing() -> None:
    again = raised([concern(HERE, POLES)], SECOND, day="2024-03-20")

    assert clearing(after(*GO, directed(REFUSES), again)).ground.awaited() == (SECOND,)


# Gathering


def test_like_questions_become_one_and_their_obstacles_follow() -> None:
    world = after(*ONE_EACH, consolidated(SECOND))

    state, merged = question(world), question(world, question_stream(SECOND))
    assert (merged.status, merged.merged_into) == (Status.MERGED, QUESTION)
    assert state.merged == (SECOND,)
    assert [share.by for share in state.shares] == [BOARD, INVESTOR]
    assert clearing(world, THERE).ground.awaited() == (QUESTION,)
    assert not is_open(merged)


def test_the_older_deadline_goes_on() -> None:
    world = after(*ONE_EACH, consolidated(SECOND))

    assert question(world).due == POLICY.due("question.report", at("2024-02-20"))


def test_one_directive_answers_what_many_asked() -> None:
    world = after(*ONE_EACH, consolidated(SECOND), REPORT, directed())

    for project in (HERE, THERE):
        assert clearing(world, project).ground.standing() == {}


def test_an_obstacle_removed_before_its_question_is_merged_does_not_follow() -> None:
    gone = RemoveObstacle(obstacle=POLES, how="moved")
    world = after(*ONE_EACH, (section(THERE), gone, act(BOARD, "2024-03-04")), consolidated(SECOND))

    referral = clearing(world, THERE).ground.obstacles[POLES].referral
    assert referral is not None
    assert referral.question == SECOND
    assert clearing(world, THERE).ground.awaited() == (QUESTION,)


def test_a_withdrawn_question_lets_its_obstacles_go() -> None:
    world = after(
        raised(BOTH), (ASKED, WithdrawQuestion(reason="settled"), act(BOARD, "2024-03-02"))
    )

    assert question(world).status is Status.WITHDRAWN
    assert clearing(world).ground.awaited() == ()
    assert set(clearing(world).ground.standing()) == {POLES, MONEY}


# Deadlines and messages


def test_the_clock_wakes_at_the_end_of_each_step_and_reminds_once() -> None:
    world = after(raised(BOTH))
    woken = alarm(question(world), POLICY)
    assert woken is not None
    assert (woken.at, woken.command) == (question(world).due.at, RemindQuestion())

    late = (ASKED, RemindQuestion(), Act(by=SYSTEM, at=woken.at))
    world, ((_, event),) = ask(world, late)

    assert isinstance(event, QuestionOverdue)
    assert (event.stage, event.holder, event.above) == ("report", AGRICULTURE, CITY_CHAIR)
    assert alarm(question(world), POLICY) is None
    assert ask(world, late)[1] == ()
    assert (
        ask(after(raised(BOTH)), (ASKED, RemindQuestion(), Act(by=SYSTEM, at=at("2024-03-02"))))[1]
        == ()
    )


def owed(world: World, asked: Asked) -> list[tuple[Template, Post]]:
    world, facts = ask(world, asked)
    found = [
        notice
        for version, (stream, event) in enumerate(facts)
        for notice in notices(
            Fact(stream=stream, version=version, decision_id="d", act=asked[2], event=event),
            world[stream],
        )
    ]
    assert len({notice.key for notice in found}) == len(found)
    return [(notice.template, notice.to) for notice in found]


def test_each_is_told_what_concerns_him() -> None:
    merging = told(*ONE_EACH, given=BEFORE)
    gathered = told(consolidated(SECOND), given=merging)
    reported = told(REPORT, given=gathered)
    late = (ASKED, RemindQuestion(), Act(by=SYSTEM, at=question(reported).due.at))

    assert owed(BEFORE, raised(BOTH)) == [(Template.QUESTION_OPENED, AGRICULTURE)]
    assert owed(merging, consolidated(SECOND)) == [(Template.QUESTION_MERGED, INVESTOR)]
    assert owed(gathered, REPORT) == [(Template.QUESTION_OPENED, CITY_CHAIR)]
    assert owed(reported, late) == [
        (Template.QUESTION_OVERDUE, CITY_CHAIR),
        (Template.QUESTION_OVERDUE, COUNCIL),
    ]
    assert owed(reported, directed()) == [
        (Template.DIRECTIVE, BOARD),
        (Template.DIRECTIVE, INVESTOR),
    ]


# What is refused

ELSEWHERE = replace(BOARD, unit=UnitCode("thuy-nguyen"))
NO_MORE = WithdrawQuestion(reason="settled")
UNPAPERED = act(AGRICULTURE, "2024-03-08", document=None)


def changed(asked: Asked, **fields: object) -> Asked:
    stream, command, by = asked
    return stream, replace(command, **fields), by  # type: ignore[arg-type]  # fields of the command


@pytest.mark.parametrize(
    ("given", "asked", "rule"),
    [
        ((), raised([]), "input"),
        ((), raised([concern(HERE), concern(HERE)]), "input"),
        ((), raised([concern(HERE, POLES, POLES)]), "input"),
        ((), changed(raised(BOTH), text=" "), "input"),
        ((), raised([concern(HERE, ObstacleId("V9"))]), "not_found"),
        ((), raised([concern(ProjectId("AD09-GT"))]), "not_found"),
        ((), changed(raised(BOTH), cause=Cause.LAND_ORIGIN_UNCLEAR), "input"),
        ((), changed(raised(BOTH), programme=ProgrammeId("other")), "input"),
        ((), raised(BOTH, by=ELSEWHERE), "authority"),
        ((), raised(BOTH, by=replace(OFFICER, unit=UnitCode("an-duong"))), "authority"),
        ((), raised(BOTH, by=CHAIR), "authority"),
        ((), REPORT, "not_found"),
        ((raised(BOTH),), raised(BOTH), "already_exists"),
        ((raised(BOTH),), raised([concern(HERE)], SECOND), "already_exists"),
        ((raised(BOTH),), directed(), "out_of_turn"),
        ((raised(BOTH),), (REPORT[0], REPORT[1], act(CITY_CHAIR, "2024-03-08")), "authority"),
        ((raised(BOTH),), (REPORT[0], REPORT[1], UNPAPERED), "input"),
        ((raised(BOTH),), changed(REPORT, text=""), "input"),
        ((raised(BOTH),), consolidated(), "input"),
        ((raised(BOTH),), consolidated(QUESTION), "input"),
        ((raised(BOTH),), consolidated(SECOND), "not_found"),
        (GO, REPORT, "out_of_turn"),
        (GO, consolidated(SECOND), "out_of_turn"),
        (GO, (ASKED, ReturnQuestion(reason=""), act(CITY_CHAIR, "2024-03-12")), "input"),
        (GO, directed(replace(REMOVES, text="")), "input"),
        (GO, directed(replace(REFUSES, payer=Payer.PROGRAMME)), "input"),
        (GO, (*directed()[:2], act(AGRICULTURE, "2024-03-15")), "authority"),
        (GO, (ASKED, NO_MORE, act(BOARD, "2024-03-15")), "out_of_turn"),
        ((*GO, directed()), directed(), "out_of_turn"),
        ((raised(BOTH),), (ASKED, NO_MORE, act(CHAIR, "2024-03-02")), "authority"),
        (
            (*ONE_EACH, consolidated(SECOND)),
            (ASKED, NO_MORE, act(BOARD, "2024-03-06")),
            "out_of_turn",
        ),
    ],
)  # fmt: skip
def test_there_cannot_be(given: tuple[Asked, ...], asked: Asked, rule: Rule) -> None:
    world = told(*given, given=BEFORE)

    with refused(rule):
        told(asked, given=world)


def test_what_the_city_holds_is_not_gathered_into_another() -> None:
    reported: Asked = (
        question_stream(SECOND),
        ReportQuestion(text="ours first"),
        act(AGRICULTURE, "2024-03-04"),
    )

    with refused("out_of_turn"):
        after(*ONE_EACH, reported, consolidated(SECOND))


# Whatever is asked, in whatever order

REPORT_SECOND = (question_stream(SECOND), REPORT[1], REPORT[2])
STEPS = [
    raised([concern(HERE)]),
    raised([concern(THERE)], SECOND, INVESTOR),
    raised([concern(HERE, MONEY), concern(THERE, MONEY)], SECOND),
    consolidated(SECOND),
    REPORT,
    REPORT_SECOND,
    directed(),
    directed(REFUSES),
    directed(RELEASES),
    (ASKED, ReturnQuestion(reason="more"), act(CITY_CHAIR, "2024-03-12")),
    (ASKED, WithdrawQuestion(reason="moot"), act(AGRICULTURE, "2024-03-12")),
    (section(HERE), RemoveObstacle(obstacle=POLES, how="moved"), act(BOARD, "2024-03-10")),
    (section(THERE), RemoveObstacle(obstacle=MONEY, how="paid"), act(BOARD, "2024-03-10")),
]


@for_any(steps=st.lists(st.sampled_from(STEPS), max_size=14))
@settings(deadline=None, max_examples=150)
def test_an_obstacle_waits_for_an_open_question_that_knows_it_or_for_none(
    steps: list[Asked],
) -> None:
    world = BEFORE
    for step in steps:
        try:
            world = told(step, given=world)
        except Refused:
            continue
        for project in (HERE, THERE):
            for name, obstacle in clearing(world, project).ground.standing().items():
                if obstacle.referral is None:
                    continue
                state = question(world, question_stream(obstacle.referral.question))
                assert is_open(state)
                known = {(c.project, name) for c in state.concerns for name in c.obstacles}
                assert (project, name) in known
        for stream in (ASKED, question_stream(SECOND)):
            state_or_none = world.get(stream, Unasked())
            if isinstance(state_or_none, Question) and state_or_none.status is Status.MERGED:
                assert waits(state_or_none, POLICY) == ()
