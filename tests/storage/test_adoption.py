"""Another law on the real record: an edited file is for new cases, until a case adopts it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.adoption import AdoptPolicy
from domain.calendar import due_day
from domain.inbox import waits
from domain.policy import Policy
from domain.project import Registered
from domain.recording import Accepted, Denied
from domain.rules import compared
from domain.streams import Envelope
from domain.values import DossierKind, ProjectId
from storage import queries, rebuild
from storage.policies import dump, parse
from storage.policy_form import version_of
from storage.record import Record
from storage.rehearsal import rehearsal
from tests.conftest import amended, envelope, hand_in, of, tell
from tests.domain.story import (
    CITY_CHAIR,
    CLEARANCE,
    COUNCIL,
    PLANNING,
    PROJECT,
    REGISTER,
    TO_CLEARANCE,
    TOTAL,
    Asked,
    act,
    approve,
    at,
    submit,
)

DOSSIER = DossierKind.INVESTMENT_POLICY
SUBMIT = submit(DOSSIER, TOTAL, "2024-01-03")
APPRAISE = approve(DOSSIER, "appraise", PLANNING, "2024-01-08")
OLD, NEW = ProjectId("AD01-GT"), ProjectId("AD02-GT")


@pytest.fixture
def newer(tmp_path: Path, policy: Policy) -> Policy:
    """The law, with five days instead of its own for the decision on an investment policy."""
    limit = policy.limit("policy.decide", at("2024-01-08").date())
    row = f'rule = "policy.decide"\ncount = {limit.count}\nunit = "{limit.unit}"'
    changed = 'rule = "policy.decide"\ncount = 5\nunit = "working-days"'
    return amended(tmp_path / "policies", "limits.toml", row, changed)


def renamed(policy: Policy) -> Policy:
    """A law by the name that its content has."""
    content = json.loads(dump(policy))
    return parse(json.dumps({**content, "version": version_of(content)}))


def adopt(policy: Policy, day: str) -> Asked:
    return PROJECT, AdoptPolicy(policy=policy.version), act(CITY_CHAIR, day)


def due(engine: Engine, project: ProjectId) -> str:
    (wait,) = queries.waits_of(engine, of(PROJECT, project))
    assert wait.due is not None
    return due_day(wait.due).isoformat()


def law_of(record: Record, project: ProjectId) -> str:
    state = record.fold(of(PROJECT, project)).state
    assert isinstance(state, Registered)
    return state.policy


def test_editing_a_file_changes_new_cases_only_until_a_case_adopts_it(
    engine: Engine, policy: Policy, newer: Policy
) -> None:
    tell(Record(engine, policy), REGISTER, SUBMIT, project=OLD)
    record = Record(engine, newer)
    tell(record, REGISTER, SUBMIT, project=NEW)
    assert (law_of(record, OLD), law_of(record, NEW)) == (policy.version, newer.version)

    tell(record, adopt(newer, "2024-01-05"), project=OLD)
    assert law_of(record, OLD) == newer.version
    # What was given to the open step stays; the next is given by the law adopted.
    for project in (OLD, NEW):
        tell(record, APPRAISE, project=project)
    assert due(engine, OLD) == due(engine, NEW) == "2024-01-15"

    # And back, by a decision of its own.
    tell(record, adopt(policy, "2024-01-09"), project=OLD)
    assert law_of(record, OLD) == policy.version
    kinds = [entry.fact.event.kind for entry in queries.entries(engine, of(PROJECT, OLD))]
    assert kinds.count("PolicyAdopted") == 2
    assert not rebuild.differences(engine, newer, lambda *_: None)


def test_without_adopting_a_running_case_keeps_its_own_limits(
    engine: Engine, policy: Policy, newer: Policy
) -> None:
    tell(Record(engine, policy), REGISTER, SUBMIT, project=OLD)

    tell(Record(engine, newer), APPRAISE, project=OLD)

    (wait,) = queries.waits_of(engine, of(PROJECT, OLD))
    assert wait.due == policy.due("policy.decide", at("2024-01-08")).at


def test_a_case_that_began_before_any_law_knew_of_adopting_may_adopt(
    engine: Engine, policy: Policy
) -> None:
    silent = tuple(row for row in policy.authorities if row.command != "AdoptPolicy")
    older = renamed(replace(policy, authorities=silent))
    tell(Record(engine, older), REGISTER, project=OLD)

    record = Record(engine, policy)
    tell(record, adopt(policy, "2024-01-05"), project=OLD)

    assert law_of(record, OLD) == policy.version


def test_a_version_that_was_never_kept_is_refused_and_not_waited_for(
    engine: Engine, policy: Policy
) -> None:
    record = Record(engine, policy)
    tell(record, REGISTER, project=OLD)
    command = AdoptPolicy(policy="0123456789ab")

    outcome = hand_in(record, envelope((PROJECT, command, act(CITY_CHAIR, "2024-01-05"))))

    assert isinstance(outcome, Denied)
    assert (outcome.rule, outcome.because) == (
        "not_found",
        "policy: no version 0123456789ab is on record",
    )


def test_only_who_the_law_in_force_names_brings_a_case_under_another_law(
    engine: Engine, policy: Policy, newer: Policy
) -> None:
    tell(Record(engine, policy), REGISTER, project=OLD)
    record = Record(engine, newer)
    for by in (PLANNING, COUNCIL):
        stream, command, _ = adopt(newer, "2024-01-05")
        outcome = hand_in(record, envelope((stream, command, act(by, "2024-01-05"))))
        assert isinstance(outcome, Denied)
        assert outcome.rule == "authority"


def test_a_preview_says_what_the_record_answers_and_keeps_nothing(
    engine: Engine, policy: Policy, newer: Policy
) -> None:
    tell(Record(engine, policy), REGISTER, SUBMIT, project=OLD)
    record = Record(engine, newer)
    wanted: Envelope = envelope(adopt(newer, "2024-01-05"))

    with rehearsal(engine, newer, at("2024-01-06")) as seen:
        effect = seen.play(wanted)
        again = seen.play(envelope(adopt(newer, "2024-01-05")))

    assert (effect.rule, effect.pinned, effect.events) == (None, policy.version, ("PolicyAdopted",))
    assert again.rule == "nothing_to_do"
    assert law_of(record, OLD) == policy.version
    assert isinstance(hand_in(record, wanted), Accepted)
    state = record.fold(PROJECT).state
    assert effect.waits == waits(state, newer)


def test_the_open_deadlines_of_a_section_move_with_its_law_and_the_preview_says_so(
    engine: Engine, policy: Policy
) -> None:
    later = tuple(
        replace(row, after_working_days=row.after_working_days + 5) for row in policy.ladder
    )
    newer = renamed(replace(policy, ladder=later))
    tell(Record(engine, policy), *TO_CLEARANCE)
    wanted = envelope((CLEARANCE, AdoptPolicy(policy=newer.version), act(CITY_CHAIR, "2024-02-05")))

    with rehearsal(engine, newer, at("2024-02-06")) as seen:
        effect = seen.play(wanted)
    record = Record(engine, newer)
    hand_in(record, wanted)

    was, will = ({wait.key: wait.due for wait in found} for found in (effect.before, effect.waits))
    assert will == {wait.key: wait.due for wait in queries.waits_of(engine, CLEARANCE)}
    assert was.keys() == will.keys()
    assert all(was[key] < will[key] for key in was)  # type: ignore[operator]  # each has a limit
    (rung, *_) = compared(policy, newer, at("2024-02-06").date()).changes
    assert rung.family == "ladder"
