"""Where a term stands, by its type or by the field of an event that holds it."""

from enum import StrEnum
from typing import TypeVar

from console import field_words, money_words, words
from console.words import Word
from domain.bookkeeping import Purpose
from domain.cases import CaseStatus, DepositGround, DonationBasis, Route, SwitchCause
from domain.ceilings import Tier
from domain.contract import Exemption
from domain.difference import Figure
from domain.law import Criterion, Proposal, Trigger
from domain.obstacles import Means
from domain.phase import Phase
from domain.question import Status
from domain.quorum import Say
from domain.recognition import Stage
from domain.stall import PauseCause
from domain.utilities import Method
from domain.values import Cause, DossierKind, Extent, Land, Level, Outcome, Payer, PaymentKind, Role
from domain.waits import IfIgnored, Task

Entry = TypeVar("Entry")

NAMED: dict[str, dict[str, Word]] = {
    "kept": field_words.CHAIN_STEPS,
    "stage": field_words.QUESTION_STAGES,
    "step": field_words.CHAIN_STEPS,
    "DossierReturned.to": field_words.CHAIN_STEPS,
    "DossierReturned.voided": field_words.CHAIN_STEPS,
    "PersuasionBegun.to": field_words.PERSUASIONS,
}
"""The terms of a field whose text is one of few, by its name or by its event's and its own."""

TERMS: dict[type[StrEnum], dict[str, Word]] = {
    CaseStatus: words.CASE_STATUSES,
    Cause: words.CAUSES,
    Criterion: words.CRITERIA,
    DepositGround: field_words.DEPOSITS,
    DonationBasis: field_words.BASES,
    DossierKind: words.DOSSIERS,
    Exemption: money_words.EXEMPTIONS,
    Extent: words.EXTENTS,
    Figure: money_words.FIGURES,
    IfIgnored: words.IF_IGNORED,
    Land: words.LANDS,
    Level: field_words.LEVELS,
    Means: field_words.MEANS,
    Method: words.METHODS,
    Outcome: words.OUTCOMES,
    PauseCause: words.PAUSE_CAUSES,
    Payer: words.PAYERS,
    PaymentKind: money_words.PAYMENT_KINDS,
    Phase: words.PHASES,
    Proposal: words.PROPOSALS,
    Purpose: money_words.PURPOSES,
    Role: words.ROLES,
    Route: words.ROUTES,
    Say: words.SAYS,
    Stage: words.RECOGNITIONS,
    Status: words.QUESTION_STATUSES,
    SwitchCause: field_words.SWITCHES,
    Task: words.TASKS,
    Tier: money_words.TIERS,
    Trigger: words.TRIGGERS,
}
"""The terms of the domain by the form that they have in it."""


def of(table: dict[str, Entry], event: str, field: str) -> Entry | None:
    """What a table holds for a field: under its event's name and its own, or its own alone."""
    return table.get(f"{event}.{field}", table.get(field))
