"""Where time goes: counted by hand, stopped for a recorded cause alone, and nowhere twice."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as some

from domain import waiting
from domain.calendar import local_day
from domain.households import RecordDonations
from domain.obstacles import RecordObstacle, RemoveObstacle
from domain.policy import Policy
from domain.refusal import Refused
from domain.stall import PauseCause
from domain.standstill import PauseClock, ResumeClock, SnoozeEscalation
from domain.streams import Command, Fact
from domain.values import Cause, ObstacleId, Post, StreamId
from domain.waiting import By, Stage, Stopped, Waited, share, split, waited
from domain.waits import Task
from tests.domain.story import (
    BOARD,
    CHAIR,
    CITY_CHAIR,
    CLEARANCE,
    COUNCIL,
    INFRASTRUCTURE,
    INVESTOR,
    OFFICER,
    PLANNING,
    POLICY,
    POWER_COMPANY,
    PROJECT,
    TO_APPROVAL,
    TO_CLEARANCE,
    Asked,
    World,
    act,
    ask,
    at,
    codes,
)

LOOKED_AT = at("2024-03-29")


def told(story: Sequence[Asked]) -> dict[StreamId, list[Fact]]:
    """The facts of what was not refused, stream by stream, each decision under an id of its own."""
    world: World = {}
    facts: dict[StreamId, list[Fact]] = {}
    ids = count(1)
    for asked in story:
        try:
            world, events = ask(world, asked)
        except Refused:
            continue
        decision = f"d{next(ids)}"
        for stream, event in events:
            mine = facts.setdefault(stream, [])
            mine.append(
                Fact(
                    stream=stream,
                    version=len(mine) + 1,
                    decision_id=decision,
                    act=asked[2],
                    event=event,
                )
            )
    return facts


def law(version: str) -> Policy:
    assert version == POLICY.version
    return POLICY


def of(stream: StreamId, *story: Asked) -> tuple[Waited, ...]:
    return waited(stream, told(story)[stream], law, LOOKED_AT)


def on_site(command: Command, by: Post, day: str) -> Asked:
    return CLEARANCE, command, act(by, day)


def pause(awaits: Post | None = None) -> PauseClock:
    cause = PauseCause.AWAITING_REPLY if awaits else PauseCause.FORCE_MAJEURE
    return PauseClock(cause=cause, reason="bão số 3", awaits=awaits)


RESUME = ResumeClock(reason="bão tan")
DONATE = RecordDonations(cases=codes("H1", "H2"))
OBSTACLE = RecordObstacle(obstacle=ObstacleId("O1"), cause=Cause.POWER_LINE_MV)
GONE = RemoveObstacle(obstacle=ObstacleId("O1"), how="moved")


def test_an_approval_is_counted_step_by_step() -> None:
    # 3 January 2024 was a Wednesday; the weekends 6-7, 13-14 and 20-21 lie between.
    found = of(PROJECT, *TO_APPROVAL)

    assert {(one.key, one.post): one.working_days for one in found if one.until} == {
        ("investment-policy/submit", INVESTOR): 1,
        ("investment-policy/appraise", PLANNING): 3,
        ("investment-policy/decide", COUNCIL): 2,
        ("project/submit", INVESTOR): 3,
        ("project/appraise", INFRASTRUCTURE): 5,
        ("project/approve", CHAIR): 2,
    }
    assert {one.stage for one in found if one.until} == {Stage.APPROVAL}
    # Until 29 March: the contract has been waited for since 24 January, Tết apart.
    (contract,) = [one for one in found if one.task is Task.SIGN_CONTRACT]
    assert (contract.until, contract.working_days) == (None, 42)


def test_a_pause_stops_the_clock_and_its_days_keep_their_cause() -> None:
    """5-7, 15, 16, 19-23 February, 5 and 6 March count; Tết does not, and the pause does not.

    26-29 February, 1 and 4 March stood still.
    """
    found = of(
        CLEARANCE,
        *TO_CLEARANCE,
        on_site(pause(), BOARD, "2024-02-26"),
        on_site(RESUME, BOARD, "2024-03-04"),
        on_site(DONATE, OFFICER, "2024-03-06"),
    )

    donation = next(one for one in found if one.task is Task.AGREE_DONATION)
    assert (donation.stage, donation.cause) == (Stage.CLEARANCE, None)
    assert donation.working_days == 12
    assert donation.stopped == (Stopped(cause=PauseCause.FORCE_MAJEURE, working_days=6),)
    resumed = next(one for one in found if one.task is Task.RESUME_CLOCK)
    assert (resumed.post, resumed.cause) == (BOARD, PauseCause.FORCE_MAJEURE)
    assert (resumed.working_days, share("", [resumed]).stopped) == (0, 5)


def test_who_owes_the_reply_is_waited_for_while_the_section_stands_still() -> None:
    found = of(
        CLEARANCE,
        *TO_CLEARANCE,
        on_site(pause(POWER_COMPANY), BOARD, "2024-02-26"),
        on_site(RESUME, BOARD, "2024-03-04"),
    )

    reply = next(one for one in found if one.task is Task.REPLY)
    assert (reply.post, reply.working_days, reply.stopped) == (POWER_COMPANY, 5, ())
    assert waiting.stopped(found)[0].cause is PauseCause.AWAITING_REPLY


def test_what_is_put_off_does_not_count_either() -> None:
    put_off = SnoozeEscalation(working_days=3, reason="họp dân")
    found = of(CLEARANCE, *TO_CLEARANCE, on_site(put_off, CHAIR, "2024-02-26"))

    donation = next(one for one in found if one.task is Task.AGREE_DONATION)
    assert donation.until is None
    assert donation.stopped == (Stopped(cause="snoozed", working_days=3),)


def test_an_obstacle_names_its_cause_and_a_wait_goes_over_to_another_post() -> None:
    found = of(
        CLEARANCE,
        *TO_CLEARANCE,
        on_site(OBSTACLE, OFFICER, "2024-03-04"),
        on_site(GONE, CITY_CHAIR, "2024-03-11"),
    )

    removed = next(one for one in found if one.task is Task.REMOVE_OBSTACLE)
    assert (removed.cause, removed.working_days) == (Cause.POWER_LINE_MV, 5)
    (worst, *_) = split(found, By.CAUSE)
    assert worst.of == ""


def test_a_decision_dated_before_its_wait_leaves_the_wait_no_day() -> None:
    found = of(
        CLEARANCE,
        *TO_CLEARANCE,
        on_site(OBSTACLE, OFFICER, "2024-03-08"),
        on_site(GONE, CITY_CHAIR, "2024-03-04"),
    )

    (removed,) = [one for one in found if one.task is Task.REMOVE_OBSTACLE]
    assert (removed.post, removed.working_days) == (POWER_COMPANY, 0)


STEPS = (
    (DONATE, OFFICER),
    (pause(), BOARD),
    (pause(POWER_COMPANY), BOARD),
    (RESUME, BOARD),
    (SnoozeEscalation(working_days=2, reason="họp dân"), CHAIR),
    (OBSTACLE, OFFICER),
    (GONE, CITY_CHAIR),
)


@given(walk=some.lists(some.tuples(some.sampled_from(STEPS), some.integers(0, 9)), max_size=15))
@settings(deadline=None, max_examples=60)
def test_no_working_day_is_lost_and_none_is_counted_twice(
    walk: list[tuple[tuple[Command, Post], int]],
) -> None:
    day = date(2024, 2, 5)
    story = [*TO_CLEARANCE]
    for (command, by), gap in walk:
        day += timedelta(days=gap)
        story.append(on_site(command, by, day.isoformat()))
    facts = told(story)
    found = [one for stream in facts for one in waited(stream, facts[stream], law, LOOKED_AT)]

    for one in found:
        last = local_day(one.until or LOOKED_AT)
        between = POLICY.calendar.working_days_between(local_day(one.since), last)
        assert one.working_days + share("", [one]).stopped == between
    total = share("", found)
    for side in By:
        shares = split(found, side)
        assert sum(each.working_days for each in shares) == total.working_days
        assert sum(each.waits for each in shares) == total.waits
        assert sum(each.stopped for each in shares) == total.stopped
        assert [each.working_days for each in shares] == sorted(
            (each.working_days for each in shares), reverse=True
        )
