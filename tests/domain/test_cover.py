"""Every wait has somebody to end it: a holder, or a delegate within limits, and not barred."""

from dataclasses import replace
from datetime import date
from random import Random
from typing import get_args

import pytest

from domain import streams
from domain.approval import ApproveStep, SubmitDossier
from domain.cover import ENDS, Cover, covers, free, matters
from domain.delegations import Scope
from domain.inbox import waits
from domain.official_forms import EndAppointment, RevokeKey
from domain.officials import STREAM
from domain.project import RegisterProject
from domain.refusal import Refused
from domain.registry import Registry, Unfounded
from domain.streams import State, project_stream
from domain.values import (
    DossierKind,
    Level,
    OfficialId,
    Post,
    ProjectId,
    Role,
    UnitCode,
    Units,
    Vnd,
)
from domain.waits import IfIgnored, Task, Wait
from tests.domain.enrolling import (
    AN,
    FOUND,
    LAN,
    MINH,
    PEOPLE,
    appointed,
    enrolled,
    key,
    lent,
    person,
    registry,
)
from tests.domain.story import (
    CHAIR,
    CHARTER,
    CITY_CHAIR,
    COUNCIL,
    INVESTOR,
    PLANNING,
    POLICY,
    PROJECT,
    REGISTRAR,
    TO_APPROVAL,
    UNITS,
    WORKS,
    Asked,
    act,
    ask,
    at,
    told,
)

DISTRICTS = tuple(sorted({row.unit for row in POLICY.successions}))
WAIT = Wait(
    stream=PROJECT,
    key="project/approve",
    post=CHAIR,
    task=Task.DECIDE_DOSSIER,
    since=at("2024-01-22"),
    due=None,
    if_ignored=IfIgnored.OVERDUE_NOTICE,
    amount=Vnd(9),
)


def who(held: Registry, wait: Wait = WAIT, day: str = "2024-02-01") -> list[OfficialId]:
    return [one.official for one in free(held, wait, at(day), POLICY)]


def test_every_task_has_commands_that_end_it() -> None:
    assert set(ENDS) == set(Task)
    ends = {command for commands in ENDS.values() for command in commands}
    assert ends <= set(get_args(streams.Command))


def test_holders_and_delegates_are_there() -> None:
    assert who(registry(*PEOPLE)) == [LAN]
    assert who(registry(*PEOPLE, lent())) == [LAN, MINH]
    assert who(registry(*PEOPLE, lent(last="2024-01-31"))) == [LAN]


@pytest.mark.parametrize(
    ("scope", "there"),
    [
        (Scope(commands=("ReturnDossier",)), True),
        (Scope(commands=("CheckPayment",)), False),
        (Scope(dossiers=(DossierKind.SETTLEMENT,)), False),
        (Scope(steps=("approve",), ceiling=Vnd(9)), True),
        (Scope(ceiling=Vnd(8)), False),
    ],
)
def test_a_delegate_is_there_within_the_limits(scope: Scope, there: bool) -> None:  # noqa: FBT001
    assert (MINH in who(registry(*PEOPLE, lent(scope)))) is there


@pytest.mark.parametrize("barred", [LAN, MINH])
def test_a_delegate_is_barred_with_the_giver_and_not_the_other_way_round(
    barred: OfficialId,
) -> None:
    wait = replace(WAIT, barred=(barred,))

    # What the giver proposed is not approved in the giver's name; what the delegate proposed may
    # be approved by the giver.
    assert who(registry(*PEOPLE, lent()), wait) == ([] if barred == LAN else [LAN])


def test_without_a_key_that_signs_nobody_is_there() -> None:
    revoke = RevokeKey(fingerprint=key(LAN).fingerprint, reason="lost")

    assert who(registry(*PEOPLE, (STREAM, revoke, person(AN, REGISTRAR)))) == []


def test_while_no_registry_is_founded_nobody_can_say() -> None:
    (one,) = covers(Unfounded(), [WAIT], at("2024-02-01"), POLICY)

    assert (one.free, one.is_vacant) == (None, False)


def test_who_has_acted_in_a_case_is_barred_from_its_next_wait() -> None:
    world = told(*TO_APPROVAL[:5])
    submit = SubmitDossier(dossier=DossierKind.PROJECT, amount=Vnd(12_000_000_000))
    by = replace(act(INVESTOR, "2024-01-15"), official=LAN)
    world, _ = ask(world, (PROJECT, submit, by))

    (wait,) = [one for one in waits(world[PROJECT], POLICY) if one.task is Task.DECIDE_DOSSIER]
    assert wait.barred == (LAN,)


# The end of the districts


def _open_cases() -> list[State]:
    """30 projects of the seven districts, each at one of four moments of its approval."""
    found: list[State] = []
    for number in range(30):
        name = ProjectId(f"DD{number:02d}-GT")
        units = Units(
            commune=UnitCode(f"xa-{number:02d}"),
            district=DISTRICTS[number % len(DISTRICTS)],
            city=UNITS.city,
        )
        charter = replace(CHARTER, project=name, units=units)
        stream = project_stream(name)
        investor = Post(role=Role.INVESTOR, unit=units.at(Level.DISTRICT))
        infrastructure = Post(role=Role.INFRASTRUCTURE, unit=units.at(Level.DISTRICT))
        policy, project = DossierKind.INVESTMENT_POLICY, DossierKind.PROJECT
        amount = Vnd(12_000_000_000)
        story: tuple[Asked, ...] = (
            (stream, RegisterProject(charter=charter, works=WORKS), act(investor, "2024-01-02")),
            (stream, SubmitDossier(dossier=policy, amount=amount), act(investor, "2024-01-03")),
            (stream, ApproveStep(dossier=policy, step="appraise"), act(PLANNING, "2024-01-08")),
            (stream, ApproveStep(dossier=policy, step="decide"), act(COUNCIL, "2024-01-10")),
            (stream, SubmitDossier(dossier=project, amount=amount), act(investor, "2024-01-15")),
            (
                stream,
                ApproveStep(dossier=project, step="appraise"),
                act(infrastructure, "2024-01-22"),
            ),
        )
        found.append(told(*story[: (1, 4, 5, 6)[number % 4]])[stream])
    return found


def _staffed(*posts: Post) -> Registry:
    """A registry with one person in each of these posts."""
    story: list[Asked] = [FOUND]
    for number, post in enumerate(posts):
        name = OfficialId(f"CB-{number:04d}x")
        story += [*enrolled(name), *appointed(name, post)]
    return registry(*story)


def _at(people: Registry, moment: str) -> list[Cover]:
    open_waits = [wait for state in _open_cases() for wait in waits(state, POLICY)]
    return list(covers(people, open_waits, at(moment), POLICY))


def _post(role: Role, unit: UnitCode) -> Post:
    return Post(role=role, unit=unit)


DISTRICT_ROLES = (Role.CHAIR, Role.INFRASTRUCTURE, Role.INVESTOR)
OF_DISTRICTS = tuple(_post(role, unit) for unit in DISTRICTS for role in DISTRICT_ROLES)
OF_THE_CITY = (CITY_CHAIR, PLANNING, COUNCIL)
HEIRS = tuple(_post(role, UNITS.city) for role in (Role.INFRASTRUCTURE, Role.INVESTOR))


def test_the_districts_end_with_thirty_open_cases_and_none_is_without_an_actor() -> None:
    people = _staffed(*OF_DISTRICTS, *OF_THE_CITY, *HEIRS)
    before, after = _at(people, "2025-06-30"), _at(people, "2025-07-01")

    assert len({one.wait.stream for one in before}) == 30
    assert not any(one.is_vacant for one in before)
    assert not any(one.is_vacant for one in after)
    assert all(one.holder.unit == UNITS.city for one in after)
    passed = [one for one, was in zip(after, before, strict=True) if one.holder != was.holder]
    assert {one.wait.post.unit for one in passed} == set(DISTRICTS)


def test_the_preview_names_what_would_be_left_with_nobody() -> None:
    # Nobody has been appointed to the city's infrastructure division yet.
    people = _staffed(*OF_DISTRICTS, *OF_THE_CITY, HEIRS[1])

    left = [one for one in _at(people, "2025-07-01") if one.is_vacant]
    assert left != []
    assert {one.holder for one in left} == {HEIRS[0]}
    assert not any(one.is_vacant for one in _at(people, "2025-06-30"))


def test_in_any_registry_who_is_there_may_act_and_who_may_act_is_there() -> None:
    """Each of 60 drawn registries: `free` and `may_act` are the same people on the same day."""
    draw = Random(6)
    posts = (CHAIR, INVESTOR, CITY_CHAIR)
    for _ in range(60):
        story: list[Asked] = [*PEOPLE]
        for number in range(3):
            name = OfficialId(f"CB-{number}y")
            last = draw.choice([None, date(2024, 6, 30)])
            story += [*enrolled(name), *appointed(name, draw.choice(posts), last=last)]
        if draw.random() < 0.5:
            story.append(lent(last=draw.choice(["2024-03-31", "2024-12-31"])))
        if draw.random() < 0.3:
            end = EndAppointment(official=LAN, post=CHAIR, last=date(2024, 5, 31))
            story.append((STREAM, end, person(AN, REGISTRAR)))
        held = registry(*story)
        day = draw.choice(["2024-02-01", "2024-05-31", "2024-06-01", "2024-12-31", "2025-07-01"])
        there = set(who(held, WAIT, day))
        assert there == {one for one in held.officials if _may(held, one, day)}


def _may(held: Registry, official: OfficialId, day: str) -> bool:
    (approves, *_) = matters(WAIT)
    plain = person(official, CHAIR, day)
    grants = [one.delegation for one in held.delegations.values() if one.holder == official]
    for delegation in (None, *grants):
        try:
            held.may_act(replace(plain, delegation=delegation), approves, POLICY, at(day))
        except Refused:
            continue
        return True
    return False
