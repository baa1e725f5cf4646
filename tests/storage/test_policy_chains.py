"""A chain of approval that could not be followed is refused with its file, row and field."""

from datetime import date
from pathlib import Path

import pytest

from domain.law import Step
from storage.policies import load
from storage.policy_chains import check_chains
from storage.policy_checks import PolicyError
from storage.policy_form import valid

PATH = Path("chains.toml")
LIMITS = ["project.appraise", "opinion.give"]

BASE: dict[str, object] = {
    "dossier": "project",
    "order": 1,
    "key": "appraise",
    "role": "infrastructure",
    "level": "district",
    "limit": "project.appraise",
    "mode": "individual",
    "source": "made up",
    "verified": False,
    "valid_from": date(2020, 1, 1),
}
FINANCE = {"role": "finance", "level": "city"}
PLANNING = {"role": "planning", "level": "city"}
SECOND = {"order": 2, "key": "approve", "role": "chair", "level": "city"}
OTHERS: tuple[dict[str, object], ...] = (
    {"dossier": "investment-policy"},
    {"dossier": "settlement"},
)


def checked(*rows: dict[str, object]) -> None:
    """The rows of a project's chain, beside one of each other dossier."""
    every = (*rows, *OTHERS)
    steps = tuple(
        valid(f"{PATH}, step {nth}", Step, {**BASE, **row}) for nth, row in enumerate(every, 1)
    )
    check_chains(PATH, steps, LIMITS)


@pytest.mark.parametrize(
    "rows",
    [
        ({},),
        ({}, SECOND),
        ({"amount_below": 100}, {"amount_from": 100, "key": "council"}),
        ({"valid_to": "2024-12-31"}, {"valid_from": "2025-01-01", "role": "finance"}),
        ({}, {"budget": "commune", "level": "commune"}),
        ({}, {"works": ["school"], "amount_from": 45}, {"works": ["road"]}),
        ({}, {"unit": "an-duong", "valid_from": "2024-01-01", "valid_to": "2025-06-30"}),
        ({"members": [FINANCE, PLANNING], "quorum": {"kind": "at-least", "count": 2}},),
    ],
    ids=[
        "one step",
        "two",
        "by amount",
        "by day",
        "by budget",
        "by works",
        "by unit, for some years",
        "by lanes",
    ],
)
def test_a_chain_may_differ(rows: tuple[dict[str, object], ...]) -> None:
    checked(*rows)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ({"members": [FINANCE], "quorum": {"kind": "at-least", "count": 3}},),
            "step 1: quorum.count = 3; from 1 to its 2 lanes",
        ),
        (
            ({"members": [FINANCE], "quorum": {"kind": "at-least", "count": 0}},),
            "step 1: quorum.count = 0; from 1 to its 2 lanes",
        ),
        (
            ({"members": [FINANCE], "quorum": {"kind": "majority", "attendance": 3}},),
            "step 1: quorum.attendance = 3; from 1 to its 2 lanes",
        ),
        (
            ({"quorum": {"kind": "most"}},),
            "step 1: quorum = .*'most' found using 'kind' does not match any of the expected tags",
        ),
        (
            ({"members": [FINANCE, FINANCE]},),
            "step 1: members: finance@city has two lanes; nobody counts twice",
        ),
        (({"role": "system"},), "step 1: role = system; the clock decides nothing"),
        (({"role": ""},), "step 1: role = '': "),
        (
            ({"members": [FINANCE], "abstain": True},),
            "step 1: abstain = true; a quorum of all leaves nobody to abstain",
        ),
        (
            ({"abstain": True, "quorum": {"kind": "any"}},),
            "step 1: abstain = true; members is empty, so one post decides alone",
        ),
        (({"in_turn": True},), "step 1: in_turn = true; members is empty"),
        (({"minutes": True},), 'step 1: minutes = true; only of what is signed "collective"'),
        (
            ({"escalates_to": {"role": "infrastructure", "level": "district"}},),
            "step 1: escalates_to is one of those who are late; name another",
        ),
        (({"on_expiry": "approve"},), "step 1: on_expiry = 'approve': is no field"),
        (({"opinion_waits": True},), "step 1: opinion_waits = true; opinion names no limit"),
        (({"opinion": "tea.break"},), 'step 1: opinion = "tea.break" is no limit'),
        (({"amount_from": -1},), "step 1: amount_from = -1; 0 or more"),
        (
            ({"amount_from": 9, "amount_below": 9},),
            "step 1: amount_below = 9; more than amount_from = 9",
        ),
        (
            ({"amount_below": 100}, {"amount_from": 200, "key": "council"}),
            r"step 1: amount_below = 100: project of 100 đồng has steps \[\] on 2020-01-01",
        ),
        (
            ({"amount_below": 100},),
            r"step 1: amount_below = 100: project of 100 đồng has steps \[\]",
        ),
        (
            ({"amount_from": 1},),
            r"amount_from = 1: project of 0 đồng has steps \[\]",
        ),
        (
            ({"amount_below": 100}, {"amount_from": 99, "key": "council"}),
            "step 2: project/1 from 2020-01-01 is in force together with step 1",
        ),
        (
            ({"valid_to": "2024-12-31"}, {"valid_from": "2025-01-02", "key": "council"}),
            r"step 1: valid_to = 2024-12-31: project of 0 đồng has steps \[\] on 2025-01-01",
        ),
        (
            ({"valid_to": "2024-12-31"},),
            r"step 1: valid_to = 2024-12-31: project of 0 đồng has steps \[\] on 2025-01-01",
        ),
        (
            ({}, {**SECOND, "order": 3}),
            r"step 1: order = 1, amount_from = 0: project of 0 đồng has steps \[1, 3\]",
        ),
        (
            ({"returns_to": ["approve"]}, SECOND),
            "step 1: returns_to names approve; steps before it are none",
        ),
        (
            ({}, {**SECOND, "returns_to": ["check"]}),
            "step 2: returns_to names check; steps before it are appraise",
        ),
        (
            ({}, {"order": 2, "key": "approve"}),
            "step 2: quorum: .*who decided an earlier step of the dossier may not decide this one",
        ),
        (
            ({"works": ["road"]},),
            "no row for dossier project that every project may go by",
        ),
        (
            ({}, {"works": ["road", "school"]}, {"works": ["road", "lighting"], "key": "other"}),
            "step 3: works: road stands in step 2, too; two chains would be as near",
        ),
        (
            ({}, {"works": ["bridge"]}),
            r"step 2: works.0 = 'bridge': Input should be 'road', 'school'",
        ),
    ],
)
def test_a_chain_is_refused(rows: tuple[dict[str, object], ...], said: str) -> None:
    with pytest.raises(PolicyError, match=said) as refusal:
        checked(*rows)

    assert str(PATH) in str(refusal.value)


def test_the_real_chains_hold_together_and_say_what_was_not_verified() -> None:
    chains = load().chains

    assert {step.quorum.kind for step in chains} == {"all", "majority"}
    assert all(step.mode == "collective" for step in chains if step.minutes)
    assert all(not step.verified for step in chains if step.members)
