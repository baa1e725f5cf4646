"""A running case goes over to another law: by an event, and never by the edit of a file."""

from dataclasses import replace

import pytest

from domain.adoption import AdoptPolicy, Pinning, PolicyAdopted
from domain.contract import SignContract
from domain.inbox import waits
from domain.rules import compared
from domain.streams import State, decide, evolve, initial
from domain.values import DossierKind, StreamId
from tests.domain.asking import ASKED, concern, hindered, raised
from tests.domain.story import (
    CAPITAL,
    CHARTER,
    CITY_CHAIR,
    CLEARANCE,
    POLICY,
    PROJECT,
    REGISTER,
    TO_CLEARANCE,
    TOTAL,
    act,
    refused,
    submit,
    told,
)

SUBMITTED = (REGISTER, submit(DossierKind.INVESTMENT_POLICY, TOTAL, "2024-01-03"))
BY = act(CITY_CHAIR, "2024-03-01")


NEWER = replace(POLICY, version="0123456789ab")
ADOPT = AdoptPolicy(policy=NEWER.version)


@pytest.mark.parametrize(
    ("stream", "state"),
    [
        (PROJECT, told(*TO_CLEARANCE)[PROJECT]),
        (CLEARANCE, told(*TO_CLEARANCE)[CLEARANCE]),
        (ASKED, told(*hindered(CHARTER.project), raised([concern(CHARTER.project)]))[ASKED]),
    ],
    ids=["project", "clearance", "question"],
)
def test_a_case_under_way_adopts_another_law_and_goes_back_again(
    stream: StreamId, state: State
) -> None:
    (adopted,) = decide(state, ADOPT, BY, NEWER)
    after = evolve(state, adopted, BY)
    back = decide(after, AdoptPolicy(policy=POLICY.version), BY, POLICY)

    assert adopted == PolicyAdopted(before=POLICY.version, policy=NEWER.version), stream
    assert isinstance(after, Pinning)
    assert after.policy == NEWER.version
    assert back == (PolicyAdopted(before=NEWER.version, policy=POLICY.version),)
    assert evolve(after, back[0], BY) == state


def test_a_limit_that_was_given_stays_and_what_follows_is_given_by_the_new_law() -> None:
    (adopted,) = decide(state := told(*SUBMITTED)[PROJECT], ADOPT, BY, NEWER)

    (before,) = waits(state, POLICY)
    (after,) = waits(evolve(state, adopted, BY), NEWER)
    assert before == after


def test_another_law_is_adopted_only_by_a_decision_with_a_symbol() -> None:
    with refused("input"):
        decide(told(REGISTER)[PROJECT], ADOPT, act(CITY_CHAIR, "2024-03-01", None), NEWER)


def test_the_law_that_a_case_has_already_is_not_adopted() -> None:
    with refused("nothing_to_do"):
        decide(told(REGISTER)[PROJECT], AdoptPolicy(policy=POLICY.version), BY, POLICY)


def test_a_law_of_another_name_than_the_one_that_was_asked_for_is_refused() -> None:
    with refused("not_found"):
        decide(told(REGISTER)[PROJECT], ADOPT, BY, replace(NEWER, version="ba9876543210"))


def test_a_law_under_which_an_open_step_could_not_go_on_is_refused() -> None:
    chains = tuple(row for row in NEWER.chains if row.key != "appraise")

    with refused("no_authority_rule"):
        decide(told(*SUBMITTED)[PROJECT], ADOPT, BY, replace(NEWER, chains=chains))
    decide(told(REGISTER)[PROJECT], ADOPT, BY, replace(NEWER, chains=chains))


@pytest.mark.parametrize("stream", [CAPITAL, StreamId("project/NEW")])
def test_what_pins_no_law_or_has_not_begun_adopts_none(stream: StreamId) -> None:
    with refused("out_of_turn"):
        decide(initial(stream), ADOPT, BY, NEWER)


# What is otherwise


def test_a_comparison_names_each_rule_that_differs_and_no_other() -> None:
    longer = tuple(
        replace(row, count=row.count + 5) if row.rule == "policy.appraise" else row
        for row in POLICY.limits
    )
    fewer = tuple(row for row in POLICY.authorities if row.command != SignContract.__name__)
    read = tuple(replace(row, verified=True, source="read") for row in POLICY.figures)
    other = replace(NEWER, limits=longer, authorities=fewer, figures=read)

    found = compared(POLICY, other, BY.at.date())

    assert [(one.family, one.name) for one in found.changes] == [
        ("limits", "policy.appraise"),
        ("authorities", "SignContract/investor/district"),
    ]
    limit, authority = found.changes
    assert limit.before is not None
    assert limit.after is not None
    assert limit.before.says != limit.after.says
    assert authority.after is None
    assert compared(POLICY, POLICY, BY.at.date()).changes == ()
