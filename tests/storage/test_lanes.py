"""Lanes at the record: votes that arrive at once, and laws that change while a case runs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine

from domain.approval import ApproveStep, UnderReview
from domain.project import Registered
from domain.quorum import Majority, Quorum
from domain.recording import Accepted, Denied, Outcome
from domain.values import DossierKind, Post, ProjectId
from storage import queries
from storage.record import Record
from tests.conftest import amended, envelope, hand_in, of, tell
from tests.domain.story import (
    AGRICULTURE,
    CITY_FINANCE,
    PAPER,
    PLANNING,
    PROJECT,
    REGISTER,
    Asked,
    act,
    submit,
)

KIND = DossierKind.INVESTMENT_POLICY
LARGE = submit(KIND, 150_000_000_000, "2024-01-03")
OF_COUNCIL = """quorum = { kind = "majority", attendance = 3 }
abstain = true
minutes = true
escalates_to = { role = "chair", level = "city" }
opinion = "opinion.give"
source = "Luật 39/2019"""
MEMBERS = (PLANNING, CITY_FINANCE, AGRICULTURE)


def vote(by: Post) -> Asked:
    command = ApproveStep(dossier=KIND, step="appraise", minutes=PAPER)
    return PROJECT, command, act(by, "2024-01-08")


def kinds(engine: Engine, project: ProjectId) -> list[str]:
    entries = queries.entries(engine, of(PROJECT, project))
    return [entry.fact.event.kind for entry in entries]


def test_votes_that_arrive_at_once_make_one_quorum(record: Record, engine: Engine) -> None:
    # given: two processes, so to speak, and each vote four times under as many ids
    project = ProjectId("L1")
    tell(record, REGISTER, LARGE, project=project)
    other = Record(engine, record.policy_of(record.fold(of(PROJECT, project)).state))
    wanted = [envelope(vote(by), f"L1-{by}-{nth}", project) for nth in range(4) for by in MEMBERS]
    start = threading.Barrier(len(wanted))

    def one(number: int) -> Outcome:
        start.wait()
        return hand_in((record, other)[number % 2], wanted[number])

    # when
    with ThreadPoolExecutor(len(wanted)) as pool:
        answers = list(pool.map(one, range(len(wanted))))

    # then
    told = kinds(engine, project)
    assert (told.count("VoteCast"), told.count("StepApproved")) == (3, 1)
    assert sum(isinstance(answer, Accepted) for answer in answers) == 3
    refused = {answer.rule for answer in answers if isinstance(answer, Denied)}
    assert refused <= {"separation_of_duties", "out_of_turn"}


def test_a_change_of_the_chains_is_for_cases_that_begin_after_it(
    record: Record, engine: Engine, tmp_path: Path
) -> None:
    # given
    enough = OF_COUNCIL.replace('"majority", attendance = 3', '"at-least", count = 2')
    law = amended(tmp_path / "policies", "chains.toml", OF_COUNCIL, enough)
    older, newer = ProjectId("L2"), ProjectId("L3")
    tell(record, REGISTER, LARGE, project=older)
    changed = Record(engine, law)
    tell(changed, REGISTER, LARGE, project=newer)

    # when
    for project in (older, newer):
        for by in MEMBERS[:2]:
            hand_in(changed, envelope(vote(by), f"{project}-{by}", project))

    # then
    assert quorum(changed, older) == Majority(attendance=3)
    assert kinds(engine, older)[-2:] == ["VoteCast", "VoteCast"]
    assert kinds(engine, newer)[-3:] == ["VoteCast", "StepApproved", "StepOpened"]


def quorum(record: Record, project: ProjectId) -> Quorum:
    state = record.fold(of(PROJECT, project)).state
    assert isinstance(state, Registered)
    held = state.dossiers[KIND]
    assert isinstance(held, UnderReview)
    return held.deciding.quorum
