"""Law as data: limits, ceilings, chains of approval, authority, the escalation ladder.

Every row is effective-dated and names its source. A case pins one version when it starts.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, TypeVar

from domain.calendar import HANOI, Calendar, LimitUnit, end_of, local_day
from domain.refusal import Refused
from domain.values import Cause, DossierKind, Land, Level, Post, Role, UnitCode, Units, Vnd, value


class Dated(Protocol):
    """A row of law with its time in force."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


_Row = TypeVar("_Row", bound=Dated)

QuestionStage = Literal["report", "decide"]
"""The department gathers and reports a policy question; the city decides it."""


@value
class Limit:
    """A time limit, e.g. `settlement.verify` = 4 months."""

    rule: str
    count: int
    unit: LimitUnit
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


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


@value
class Step:
    """One step in a dossier's chain: which post decides, and within which limit."""

    dossier: DossierKind
    order: int
    key: str
    role: Role
    level: Level
    limit: str
    mode: Literal["individual", "collective"]
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


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


@value
class Rung:
    """A rung of the escalation ladder, reached after working days without progress."""

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


@value
class Due:
    """A deadline as recorded: the moment it ends, and the rule and calendar that gave it."""

    at: datetime
    rule: str
    calendar: str


@value
class Policy:
    """One version of all the law a case needs, resolved into plain data. `seat` is the city."""

    version: str
    seat: UnitCode
    limits: tuple[Limit, ...]
    figures: tuple[Figure, ...]
    chains: tuple[Step, ...]
    authorities: tuple[Authority, ...]
    owners: tuple[Ownership, ...]
    ladder: tuple[Rung, ...]
    calendar: Calendar
    cutoffs: tuple[Cutoff, ...] = ()
    questions: tuple[QuestionStep, ...] = ()
    minimums: tuple[MinimumArea, ...] = ()
    quiets: tuple[Quiet, ...] = ()
    tets: tuple[Tet, ...] = ()

    def due(self, rule: str, since: datetime) -> Due:
        """When the limit named `rule` ends if it starts to run at `since`."""
        day = local_day(since)
        limit = _only((row for row in self.limits if row.rule == rule), day, f"limit {rule}")
        last = self.calendar.last_day(day, limit.count, limit.unit)
        return Due(at=end_of(last), rule=rule, calendar=self.calendar.version)

    def term(self, rule: str, since: datetime) -> Due | None:
        """As `due`, or None when the law of that day sets no such limit."""
        rows = _in_force((row for row in self.limits if row.rule == rule), local_day(since))
        return self.due(rule, since) if rows else None

    def minimum_area(self, land: Land, units: Units, on: date) -> int | None:
        """The least parcel of a kind, m²: by the row of the smallest unit that has one."""
        rows = _in_force((row for row in self.minimums if row.land is land), on)
        by_unit = {row.unit: row.area_m2 for row in rows}
        found = (by_unit.get(unit) for unit in (units.commune, units.district, units.city, None))
        return next((area for area in found if area is not None), None)

    def why_quiet(self, at: datetime) -> str | None:
        """Why nobody may be coerced at a moment; None when it is allowed.

        Raises `Refused` when the policy does not know the rule, or that year's Tết.
        """
        day = local_day(at)
        quiet = _only(self.quiets, day, "coercion's quiet times")
        hour = at.astimezone(HANOI).hour
        if hour >= quiet.night_from or hour < quiet.night_to:
            return f"it is between {quiet.night_from}:00 and {quiet.night_to:02}:00"
        if not self.calendar.is_working_day(day):
            return "it is a day off"
        tet = [row for row in self.tets if row.valid_from.year == day.year]
        if not tet:
            raise Refused("no_authority_rule", f"policy does not name the days of Tết {day.year}")
        around = timedelta(days=quiet.around_tet)
        if any(row.valid_from - around <= day <= row.valid_to + around for row in tet):
            return f"it is within {quiet.around_tet} days of Tết"
        return None

    def figure(self, rule: str, on: date) -> int:
        """The figure named `rule` in force on a day: đồng or basis points."""
        return _only((row for row in self.figures if row.rule == rule), on, f"figure {rule}").amount

    def share(self, rule: str, on: date, of: int) -> Vnd:
        """A share in basis points of an amount, cut to the whole đồng."""
        return Vnd(of * self.figure(rule, on) // 10_000)

    def cutoff(self, rule: str, year: int, on: date) -> date:
        """The last day that the rule named `rule`, in force on a day, leaves to a budget year."""
        row = _only((row for row in self.cutoffs if row.rule == rule), on, f"cut-off {rule}")
        return date(year + row.years_after, row.month, row.day)

    def chain(self, dossier: DossierKind, on: date) -> tuple[Step, ...]:
        """The steps a dossier passes, in order. Raises `Refused` when the law names none."""
        steps = _in_force((row for row in self.chains if row.dossier is dossier), on)
        if not steps:
            raise Refused("no_authority_rule", f"no chain of approval for {dossier} on {on}")
        return tuple(sorted(steps, key=lambda step: step.order))

    def authorities_for(self, command: str, on: date) -> tuple[Authority, ...]:
        """Who may give a command on a day; empty when the law is silent."""
        return _in_force((row for row in self.authorities if row.command == command), on)

    def owner(self, cause: Cause, units: Units, on: date) -> Post:
        """The post that must remove an obstacle: never blank."""
        row = _only((row for row in self.owners if row.cause is cause), on, f"owner of {cause}")
        return Post(role=row.role, unit=units.at(row.level))

    def obstacle_due(self, cause: Cause, since: datetime) -> Due | None:
        """When the owner's limit for an obstacle of this cause ends; None where none was set."""
        day = local_day(since)
        row = _only((row for row in self.owners if row.cause is cause), day, f"owner of {cause}")
        return self.due(row.limit, since) if row.limit else None

    def question_step(self, key: QuestionStage, on: date) -> QuestionStep:
        """Who holds a policy question at a step."""
        rows = (row for row in self.questions if row.key == key)
        return _only(rows, on, f"step {key} of a policy question")

    def rungs(self, on: date) -> tuple[Rung, ...]:
        """The escalation ladder in force, lowest rung first."""
        return tuple(sorted(_in_force(self.ladder, on), key=lambda rung: rung.level))


def _in_force(rows: Iterable[_Row], on: date) -> tuple[_Row, ...]:
    return tuple(
        row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    )


def _only(rows: Iterable[_Row], on: date, what: str) -> _Row:
    found = _in_force(rows, on)
    if len(found) != 1:
        raise Refused("no_authority_rule", f"policy has {len(found)} rows for {what} on {on}")
    return found[0]
