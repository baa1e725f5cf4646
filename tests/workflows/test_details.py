"""What operators read of a case in the Web UI, and what they do not."""

import re
from urllib.parse import unquote

import pytest

from domain import wording
from domain.alarms import alarm
from domain.escalation import Escalate
from domain.households import DisputeOrigin
from domain.inbox import waits
from domain.streams import initial, payment_stream
from domain.values import SYSTEM, Act, CaseCode, PaymentKind, ProjectId, StreamId
from tests.domain.asking import ASKED, REPORT, concern, directed, hindered, raised, section
from tests.domain.story import (
    CLEARANCE,
    OFFICER,
    POLICY,
    PROJECT,
    TO_CLEARANCE,
    TO_LAND,
    World,
    act,
    at,
    payment,
    request,
    told,
)
from workflows.details import details

HINDERED = ProjectId("AD02")
FIRST = payment_stream(payment(1))
REASON = "the neighbour says the wall is hers"
DISPUTE = (
    CLEARANCE,
    DisputeOrigin(cases=(CaseCode("H1"),), reason=REASON),
    act(OFFICER, "2024-02-05"),
)
STALL = (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-03-04")))

STALLED = told(*TO_CLEARANCE, DISPUTE, STALL)
MONEY = told(*TO_LAND, request(1, PaymentKind.ADVANCE, 1_000_000_000, "2024-03-05"))
ASKING = told(*hindered(HINDERED), raised([concern(HINDERED)]))
ANSWERED = told(REPORT, directed(), given=ASKING)


def shown(world: World, stream: StreamId) -> str:
    state = world[stream]
    return details(state, waits(state, POLICY), alarm(state, POLICY))


EVERY = {
    "a stalled section": (STALLED, CLEARANCE),
    "its project": (STALLED, PROJECT),
    "a payment": (MONEY, FIRST),
    "a project that pays": (MONEY, PROJECT),
    "a question": (ASKING, ASKED),
    "a section that asks": (ASKING, section(HINDERED)),
    "an answered question": (ANSWERED, ASKED),
}


@pytest.mark.parametrize(("world", "stream"), EVERY.values(), ids=EVERY)
def test_no_household_and_nothing_that_was_typed_freely_is_shown(
    world: World, stream: StreamId
) -> None:
    said = shown(world, stream)

    assert not re.search(r"\bH[12]\b", said)
    assert REASON not in said
    assert "who pays for moving the poles" not in said
    assert "the programme pays, the power company moves" not in said


@pytest.mark.parametrize(("world", "stream"), EVERY.values(), ids=EVERY)
def test_each_wait_is_told_with_post_task_and_day_in_both_languages(
    world: World, stream: StreamId
) -> None:
    said, state = shown(world, stream), world[stream]

    told_of = [line for line in said.splitlines() if "nếu không · or else: " in line]
    wanted = waits(state, POLICY)
    assert len(told_of) == len(wanted)
    for wait in wanted:
        begins = f"- **{wait.post}**: {wording.said(wording.TASKS, wait.task)}"
        (line, *_) = [line for line in told_of if line.startswith(begins)]
        assert (wait.due is None) == ("không hạn · no date" in line)


def test_a_stalled_section_says_so_before_anything_else() -> None:
    title, stall, *_ = shown(STALLED, CLEARANCE).splitlines()

    assert title.startswith("## ")
    assert stall == (
        "**chậm tiến độ · stalled** từ · since 02/02/2024, **bậc · rung 1**:"
        " không có tiến triển · no progress"
    )


@pytest.mark.parametrize(
    ("world", "stream", "leads_to"),
    [
        (STALLED, PROJECT, {CLEARANCE}),
        (STALLED, CLEARANCE, {PROJECT}),
        (MONEY, PROJECT, {FIRST, CLEARANCE}),
        (MONEY, FIRST, {PROJECT}),
        (ASKING, ASKED, {section(HINDERED)}),
        (ASKING, section(HINDERED), {ASKED, "project/AD02"}),
    ],
)
def test_a_case_leads_to_the_cases_beside_it(
    world: World, stream: StreamId, leads_to: set[StreamId]
) -> None:
    links = re.findall(r"\]\(/namespaces/default/workflows/([^)]*)\)", shown(world, stream))

    assert {unquote(link) for link in links} == leads_to


def test_what_was_not_recorded_yet_says_that() -> None:
    assert "chưa được ghi" in details(initial(PROJECT), (), None)
