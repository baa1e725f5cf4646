"""The rows of law: limits, figures, chains of approval, authority, the escalation ladder.

Every row is effective-dated and names its source.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from domain.calendar import LimitUnit
from domain.quorum import All, Quorum
from domain.values import (
    BY_KIND,
    Cause,
    DossierKind,
    Group,
    Land,
    Level,
    Role,
    Seat,
    UnitCode,
    Vnd,
    WorksKind,
    value,
)


class Dated(Protocol):
    """A row of law with its time in force."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


QuestionStage = Literal["report", "decide"]
"""The department gathers and reports a policy question; the city decides it."""


@value
class Limit:
    """A time limit, e.g. `settlement.verify` = 4 months; of a `group`, or of every project."""

    rule: str
    count: int
    unit: LimitUnit
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None
    group: Group | None = None


@value
class Figure:
    """A figure of the law on money: đồng, or basis points (1/10,000) where `unit` says so."""

    rule: str
    amount: int
    unit: Literal["vnd", "basis-points"]
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class Cutoff:
    """A fixed day of the budget calendar: month and day, so many years after the budget year."""

    rule: str
    years_after: int
    month: int
    day: int
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


Signing = Literal["individual", "collective"]
"""By the holder of the post in his own name, or on behalf of a body (TM.)."""


@value
class Member:
    """A post that decides a step beside the one that leads it; `veto`: its no ends the step."""

    role: Role
    level: Level
    veto: bool = False


@value
class Article:
    """Where the law says what has no figure and no limit, e.g. `paid.within-total`."""

    rule: str
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class Step:
    """One step in a dossier's chain: which posts decide, how, and within which limit.

    `role` at `level` leads it; with `members` each post is a lane of its own, all at once or, with
    `in_turn`, one after another, and `quorum` says how many yeses there must be.

    The chain is of every project, or of those that the row names: `unit` one of its units, `works`
    nothing but works of these kinds, `budget` the tier whose budget pays. `amount_from` (included)
    and `amount_below` (not included), đồng, bound the dossier's amount.

    A step that expires is reminded of, and told to `escalates_to`; there is no third way. It may be
    sent back to its submitter, or to the earlier steps that `returns_to` names; `keeps_approvals`
    lets those in between stand. `opinion` is the limit of a second opinion, if one may be asked;
    with `opinion_waits` the step waits for it as long as it lasts. `minutes`: the body's minutes
    are named before it has decided.
    """

    dossier: DossierKind
    order: int
    key: str
    role: Role
    level: Level
    limit: str
    mode: Signing
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None
    unit: UnitCode | None = None
    works: tuple[WorksKind, ...] = ()
    budget: Level | None = None
    amount_from: Vnd = Vnd(0)
    amount_below: Vnd | None = None
    veto: bool = False
    members: tuple[Member, ...] = ()
    quorum: Annotated[Quorum, BY_KIND] = All()
    in_turn: bool = False
    abstain: bool = False
    minutes: bool = False
    escalates_to: Seat | None = None
    returns_to: tuple[str, ...] = ()
    keeps_approvals: bool = False
    opinion: str | None = None
    opinion_waits: bool = False


@value
class Authority:
    """Who may give a command: a role, at a tier of the case's own units."""

    command: str
    role: Role
    level: Level
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class Citation:
    """A command that must cite a paper of one of these types (`QĐ`, `NQ`), as symbols name them.

    `step` narrows `ApproveStep` to one step of a chain: `project/approve`.
    """

    command: str
    papers: tuple[str, ...]
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None
    step: str = ""


@value
class Ownership:
    """Who must remove an obstacle of a given cause; within which limit, if one was set."""

    cause: Cause
    role: Role
    level: Level
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None
    limit: str | None = None


class Trigger(StrEnum):
    """What makes a section count as stalled, the gravest last."""

    NO_PROGRESS = "no-progress"
    BELOW_PLAN = "below-plan"
    STEP_OVERDUE = "step-overdue"
    NOTICE_EXPIRING = "notice-expiring"

    @property
    def gravity(self) -> int:
        return tuple(Trigger).index(self)


class Proposal(StrEnum):
    """What the top of the ladder puts to the city for decision."""

    TRANSFER_CAPITAL = "transfer-capital"
    CHANGE_ROUTE = "change-route"


@value
class Rung:
    """A rung of the ladder of one trigger, for every unit or for the one it names.

    `after_working_days` runs from the last progress, from the day that was missed (a step's
    deadline, the end of a planned month), or, negative, ahead of a notice's expiry. Where it
    `reminds`, an answer that is missed is asked for once more.
    """

    level: int
    name: str
    name_vi: str
    after_working_days: int
    addressee_role: Role
    addressee_level: Level
    document: str
    answer_within: str
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None
    trigger: Trigger = Trigger.NO_PROGRESS
    unit: UnitCode | None = None
    copies: tuple[Seat, ...] = ()
    with_names: bool = False
    reminds: bool = False
    proposes: tuple[Proposal, ...] = ()
    text_vi: str = ""
    text_en: str = ""


@value
class Succession:
    """Who inherits the duties of a unit that is no more, from `valid_from` on.

    A row for a role goes before the unit's row for all of them; without `to_role` the role stays.
    """

    unit: UnitCode
    role: Role | None = None
    to_unit: UnitCode
    to_role: Role | None = None
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class QuestionStep:
    """A step of a policy question: which of the city's posts holds it, and for how long.

    `above` hears of it, too, when it is late.
    """

    key: QuestionStage
    role: Role
    limit: str
    above: Role
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


class Criterion(StrEnum):
    """What candidate communes of a programme are ranked by."""

    BECOMING_URBAN = "becoming-urban"
    ADVANCED = "advanced"
    LAND_READY = "land-ready"
    OWN_CONTRIBUTION = "own-contribution"
    WAITED = "waited"


@value
class Weight:
    """How much a criterion counts: points where it is met in full, in a tier before later ones."""

    criterion: Criterion
    tier: int
    points: int
    name_vi: str
    name: str
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class MinimumArea:
    """The least land of a kind that may stay one parcel, m² (Land Law 2024 Art. 220.2).

    `unit` is the commune or district it holds for; None is the whole province.
    """

    land: Land
    unit: UnitCode | None = None
    area_m2: int
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class Quiet:
    """When nobody may be coerced, beside all days off (Land Law 2024 Art. 89).

    From `night_from` to `night_to` o'clock, and `around_tet` days before and after Tết.
    """

    night_from: int
    night_to: int
    around_tet: int
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


@value
class Tet:
    """The days off of one Tết: the first is `valid_from`, the last `valid_to`."""

    source: str
    verified: bool
    valid_from: date
    valid_to: date
