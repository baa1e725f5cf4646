"""Whatever the record can hold has a name on the screen, in Vietnamese and in English."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import EnumType
from typing import get_args, get_type_hints

import pytest

from console import field_words, money_words, record_words, refusal_words, stations, terms, words
from console.chronicle import SAID_ELSEWHERE
from console.words import Word
from domain import (
    approval,
    cases,
    construction,
    contract,
    law,
    obstacles,
    payment,
    question,
    recognition,
    recovery,
    stall,
    tally,
    utilities,
)
from domain.bookkeeping import Purpose
from domain.calendar import LimitUnit
from domain.counting import Kind as DayKind
from domain.delivery import Channel, Trouble
from domain.difference import Figure
from domain.law import Criterion, Proposal, Signing, Trigger
from domain.league import Grouping
from domain.notices import Template
from domain.phase import Phase
from domain.quorum import Say
from domain.refusal import Rule
from domain.streams import Event
from domain.values import (
    Cause,
    DossierKind,
    Extent,
    Level,
    Outcome,
    Payer,
    PaymentKind,
    Role,
    WorksKind,
)
from domain.waits import IfIgnored, Task
from office.engine import Status
from storage import breaks, deliveries
from storage.policies import load

DOSSIER_STATES = (approval.UnderReview, approval.Returned, approval.Approved, approval.Rejected)


def _kinds(forms: Iterable[type]) -> set[str]:
    """How each form is told apart on record."""
    return {name for form in forms for name in get_args(get_type_hints(form)["kind"])}


ALL: Mapping[str, tuple[Iterable[str], Mapping[str, Word]]] = {
    "events": (_kinds(get_args(Event)), record_words.EVENTS),
    "messages": (Template, record_words.TEMPLATES),
    "channels": (Channel, record_words.CHANNELS),
    "deliveries": (get_args(deliveries.State), record_words.DELIVERIES),
    "troubles": (Trouble, record_words.TROUBLES),
    "breaks": (get_args(breaks.Wrong), record_words.BREAKS),
    "refusals": (get_args(Rule), refusal_words.RULES),
    "roles": (Role, words.ROLES),
    "tasks": (Task, words.TASKS),
    "if ignored": (IfIgnored, words.IF_IGNORED),
    "phases": (Phase, words.PHASES),
    "dossiers": (DossierKind, words.DOSSIERS),
    "dossier states": (_kinds(DOSSIER_STATES), words.DOSSIER_STATES),
    "votes": (Say, words.SAYS),
    "signings": (get_args(Signing), words.SIGNINGS),
    "stations": (get_args(stations.StationState), words.STATION_STATES),
    "runs": (get_args(Status), words.RUNS),
    "causes": (Cause, words.CAUSES),
    "payers": (Payer, words.PAYERS),
    "methods": (utilities.Method, words.METHODS),
    "relocations": (utilities.Relocation, words.RELOCATIONS),
    "questions": (question.Status, words.QUESTION_STATUSES),
    "outcomes": (Outcome, words.OUTCOMES),
    "cases": (cases.CaseStatus, words.CASE_STATUSES),
    "routes": (cases.Route, words.ROUTES),
    "steps": (tally.Stage, words.STEPS),
    "stages": (get_args(construction.Stage), words.STAGES),
    "extents": ((*Extent, "none"), words.EXTENTS),
    "figures": (Figure, money_words.FIGURES),
    "groupings": (Grouping, money_words.GROUPINGS),
    "payment kinds": (PaymentKind, money_words.PAYMENT_KINDS),
    "payments": (get_args(payment.Status), money_words.PAYMENT_STATUSES),
    "purposes": (Purpose, money_words.PURPOSES),
    "works": (get_args(WorksKind), words.WORKS),
    "triggers": (Trigger, words.TRIGGERS),
    "pauses": (stall.PauseCause, words.PAUSE_CAUSES),
    "proposals": (Proposal, words.PROPOSALS),
    "days": (DayKind, words.DAY_KINDS),
    "criteria": (Criterion, words.CRITERIA),
    "units": (get_args(LimitUnit), words.LIMIT_UNITS),
    "exemptions": (contract.Exemption, money_words.EXEMPTIONS),
    "recognitions": (recognition.Stage, words.RECOGNITIONS),
    "chain steps": ({step.key for step in load().chains}, field_words.CHAIN_STEPS),
    "donation bases": (cases.DonationBasis, field_words.BASES),
    "switches": (cases.SwitchCause, field_words.SWITCHES),
    "deposits": (cases.DepositGround, field_words.DEPOSITS),
    "question stages": (get_args(law.QuestionStage), field_words.QUESTION_STAGES),
    "persuasions": (
        get_args(get_type_hints(recovery.PersuasionBegun)["to"]),
        field_words.PERSUASIONS,
    ),
    "levels": (Level, field_words.LEVELS),
    "means": (obstacles.Means, field_words.MEANS),
}


@pytest.mark.parametrize("what", ALL)
def test_each_has_both_words_and_no_word_is_left_over(what: str) -> None:
    wanted, found = ALL[what]

    assert set(found) == set(wanted)
    assert all(vietnamese.strip() and english.strip() for vietnamese, english in found.values())


def test_each_field_of_an_event_has_both_words_and_no_word_is_left_over() -> None:
    shown = {
        (event.__name__, field.name)
        for event in get_args(Event)
        for field in fields(event)
        if not SAID_ELSEWHERE & {field.name, f"{event.__name__}.{field.name}"}
    }
    named = {
        whole if (whole := f"{event}.{field}") in field_words.FIELDS else field
        for event, field in shown
    }

    assert named == set(field_words.FIELDS)
    assert all(one.strip() for word in field_words.FIELDS.values() for one in word)


def test_each_term_that_is_a_field_of_an_event_has_its_words() -> None:
    types = {kind for event in get_args(Event) for kind in get_type_hints(event).values()}

    assert {kind for kind in types if isinstance(kind, EnumType)} <= set(terms.TERMS)
