"""What changed between two views: every figure's causes add up to its difference."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.difference import USES, Change, Figure, Measure, changes, compare, figures
from domain.escalation import AnswerEscalation, Escalate
from domain.streams import Fact, initial, replay
from domain.travel import past
from domain.values import SYSTEM, Act, PaymentKind, StreamId
from tests.domain.story import (
    BOARD,
    CAPITAL,
    CHARTER,
    CLEARANCE,
    PROJECT,
    TO_LAND,
    Asked,
    World,
    act,
    ask,
    at,
    pay,
    request,
)

STALLED: tuple[Asked, ...] = (
    (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-04-20"))),
    (CLEARANCE, AnswerEscalation(number=1, answer="by Friday"), act(BOARD, "2024-04-22")),
)
STORY: tuple[Asked, ...] = (
    *TO_LAND,
    request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07"),
    *pay(1, "2024-03-08"),
    request(2, PaymentKind.ADVANCE, 300_000_000, "2024-03-10"),
    *pay(2, "2024-03-12"),
    *STALLED,
)
PAID = Measure(figure=Figure.DISBURSED, of="2024", plan="ntm/2024")


def told(story: Sequence[Asked]) -> dict[StreamId, list[Fact]]:
    """The facts of a story, stream by stream."""
    world: World = {}
    facts: dict[StreamId, list[Fact]] = {}
    for asked in story:
        world, events = ask(world, asked)
        for stream, event in events:
            mine = facts.setdefault(stream, [])
            fact = Fact(
                stream=stream, version=len(mine) + 1, decision_id="", act=asked[2], event=event
            )
            mine.append(fact)
    return facts


def between(
    facts: dict[StreamId, list[Fact]], first: datetime, second: datetime
) -> dict[Measure, Change]:
    compared = [
        compare(
            stream,
            [fact for fact in mine if fact.act.at <= first],
            [fact for fact in mine if fact.act.at <= second],
        )
        for stream, mine in facts.items()
    ]
    return {change.measure: change for change in changes(compared)}


def test_money_is_explained_by_its_payments_the_largest_first() -> None:
    found = between(told(STORY), at("2024-03-07"), at("2024-03-31"))

    change = found[PAID]

    assert (change.before, change.after, change.by) == (0, 400_000_000, 400_000_000)
    assert [cause.by for cause in change.causes] == [300_000_000, 100_000_000]
    assert change.kinds == {"CapitalDisbursed": 2}


def test_every_figure_is_what_changed_since_there_was_nothing() -> None:
    facts = told(STORY)
    states = {stream: past(stream, mine).state for stream, mine in facts.items()}

    found = changes(compare(stream, (), mine) for stream, mine in facts.items())

    whole: Counter[Measure] = Counter()
    for stream, state in states.items():
        whole.update(figures(stream, state))
    assert {c.measure: c.after for c in found if c.after} == whole
    assert all(sum(cause.by for cause in c.causes) == c.after for c in found)


def test_what_was_paid_for_adds_up_to_what_was_disbursed() -> None:
    found = between(told(STORY), at("2024-01-01"), at("2024-03-31"))

    paid = [found[m] for m in found if m.figure in USES]
    assert sum(change.after for change in paid) == found[PAID].after == 400_000_000
    assert {change.measure.plan for change in paid} == {"ntm/2024"}


def test_a_difference_may_be_of_some_projects_only() -> None:
    mine = told(STORY)[CAPITAL]

    none = changes([compare(CAPITAL, (), mine, ())], ())
    own = changes([compare(CAPITAL, (), mine, (CHARTER.project,))], (CHARTER.project,))

    assert none == ()
    assert {change.measure.figure: change.after for change in own} == {
        Figure.ALLOCATED: 5_000_000_000,
        Figure.DISBURSED: 400_000_000,
        Figure.RESERVED: 0,
    }


def test_sections_phases_and_escalations_are_counted_and_explained() -> None:
    found = between(told(STORY), at("2024-01-01"), at("2024-04-30"))

    assert found[Measure(figure=Figure.PHASE, of="clearance")].after == 1
    approval = found[Measure(figure=Figure.PHASE, of="approval")]
    assert (approval.by, sorted(cause.by for cause in approval.causes)) == (0, [-1, 1])
    assert found[Measure(figure=Figure.STALLED)].kinds == {"EscalationRaised": 1}
    raised = found[Measure(figure=Figure.ESCALATIONS, of="1")]
    assert raised.by == sum(cause.by for cause in raised.causes) > 0
    assert found[Measure(figure=Figure.UNANSWERED, of="1")].by == raised.by - 1
    assert Measure(figure=Figure.CLEARED) not in found


def test_between_a_day_and_itself_nothing_changed() -> None:
    found = between(told(STORY), at("2024-03-31"), at("2024-03-31"))

    assert found
    assert all(change.by == 0 and change.causes == () for change in found.values())


@settings(max_examples=40, deadline=None)
@given(seed=some.integers(0, 2**32))
def test_the_causes_add_up_whatever_the_days_of_the_facts(seed: int) -> None:
    # given: the story, its acts dated in disorder
    chance = random.Random(seed)
    days = [at("2024-01-01").replace(month=chance.randint(1, 12)) for _ in STORY]
    facts = {
        stream: [replace(fact, act=replace(fact.act, at=chance.choice(days))) for fact in mine]
        for stream, mine in told(STORY).items()
    }
    first, second = sorted(chance.choices(days, k=2))

    for change in between(facts, first, second).values():
        assert sum(cause.by for cause in change.causes) == change.by == change.after - change.before


def test_a_stream_without_a_gap_folds_as_ever() -> None:
    facts = told(STORY)

    for stream, mine in facts.items():
        found = past(stream, mine)
        assert (found.version, found.left_out) == (len(mine), ())
        assert found.state == replay(mine, initial(stream))
    assert past(PROJECT, ()).state == initial(PROJECT)


def test_what_cannot_follow_is_left_out_only_where_something_is_missing() -> None:
    mine = told(STORY)[CAPITAL]
    reserved = next(f for f in mine if f.event.kind == "CapitalReserved")
    gap = [fact for fact in mine if fact != reserved]

    found = past(CAPITAL, gap)

    assert [fact.event.kind for fact in found.left_out] == ["CapitalDisbursed"]
    broken = [replace(fact, version=version) for version, fact in enumerate(gap, 1)]
    with pytest.raises(KeyError):
        past(CAPITAL, broken)
