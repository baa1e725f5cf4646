"""Law as data: one version of all its rows, and what is in force on a day.

A case pins one version when it starts.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar

from domain.calendar import HANOI, Calendar, end_of, local_day
from domain.deadlines import Due
from domain.law import (
    Article,
    Authority,
    Citation,
    Cutoff,
    Dated,
    Figure,
    Limit,
    MinimumArea,
    Ownership,
    QuestionStage,
    QuestionStep,
    Quiet,
    Rung,
    Step,
    Succession,
    Tet,
    Trigger,
    Weight,
)
from domain.refusal import Refused
from domain.values import (
    Cause,
    DossierKind,
    Group,
    Land,
    Level,
    Post,
    Role,
    UnitCode,
    Units,
    Vnd,
    WorksKind,
    value,
)

_Row = TypeVar("_Row", bound=Dated)


@value
class Subject:
    """What a project is to the law that names its chains."""

    units: Units
    works: tuple[WorksKind, ...] = ()
    budget: Level = Level.CITY
    group: Group = Group.C

    def is_meant_by(self, row: Step) -> bool:
        """Whether a row is about projects like this."""
        ours = (self.units.commune, self.units.district, self.units.city)
        return (
            row.unit in (None, *ours)
            and row.budget in (None, self.budget)
            and (not row.works or (bool(self.works) and set(self.works) <= set(row.works)))
        )


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
    successions: tuple[Succession, ...] = ()
    weights: tuple[Weight, ...] = ()
    articles: tuple[Article, ...] = ()
    citations: tuple[Citation, ...] = ()

    def limit(self, rule: str, on: date, group: Group = Group.C) -> Limit:
        """The limit named `rule` in force on a day for a project of a group."""
        rows = (row for row in self.limits if row.rule == rule and row.group in (None, group))
        return _only(rows, on, f"limit {rule}, group {group}")

    def due(
        self, rule: str, since: datetime, group: Group = Group.C, law_of: date | None = None
    ) -> Due:
        """When the limit named `rule` ends if it starts to run at `since`.

        It is the limit of that day, or of `law_of` where a transitional rule keeps an older one.
        """
        day = local_day(since)
        limit = self.limit(rule, law_of or day, group)
        last = self.calendar.last_day(day, limit.count, limit.unit)
        return Due(at=end_of(last), rule=rule, calendar=self.calendar.version)

    def term(
        self, rule: str, since: datetime, group: Group = Group.C, law_of: date | None = None
    ) -> Due | None:
        """As `due`, or None when the law of that day sets no such limit."""
        rows = (row for row in self.limits if row.rule == rule and row.group in (None, group))
        if not _in_force(rows, law_of or local_day(since)):
            return None
        return self.due(rule, since, group, law_of)

    def source(self, rule: str, on: date) -> str | None:
        """Where the law that is in force on a day says it; None when it does not."""
        rows: Iterable[Article | Figure | Cutoff | Limit] = (
            *self.articles,
            *self.figures,
            *self.cutoffs,
            *self.limits,
        )
        found = _in_force((row for row in rows if row.rule == rule), on)
        return found[0].source if found else None

    def cite(self, rule: str, on: date) -> str:
        """The source as a refusal ends with it: ` (NĐ 254/2025/NĐ-CP Art. 9.3)`."""
        source = self.source(rule, on)
        return f" ({source})" if source else ""

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

    def due_after(self, rule: str, since: datetime, working_days: int) -> Due:
        """The end of so many working days that `rule` allows within its limit."""
        last = self.calendar.last_day(local_day(since), working_days, "working-days")
        return Due(at=end_of(last), rule=rule, calendar=self.calendar.version)

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

    def chain(
        self, dossier: DossierKind, on: date, amount: Vnd, subject: Subject
    ) -> tuple[Step, ...]:
        """The steps a dossier of an amount (đồng) passes, in order: the rows nearest to it, whole.

        Rows for a unit go before those for kinds of works, and those before a budget's and before
        everybody's; no chain is put together from two of them. Raises `Refused` when the law names
        none.
        """
        rows = _in_force((row for row in self.chains if row.dossier is dossier), on)
        fitting = [row for row in rows if subject.is_meant_by(row) and covers(row, amount)]
        if not fitting:
            raise Refused(
                "no_authority_rule",
                f"no chain of approval for {dossier} of {amount:,} đồng on {on}",
            )
        nearest = max(nearness(row) for row in fitting)
        steps = sorted(
            (row for row in fitting if nearness(row) == nearest), key=lambda step: step.order
        )
        if len({step.order for step in steps}) != len(steps):
            raise Refused(
                "no_authority_rule", f"two chains are as near to this {dossier} on {on}; one may be"
            )
        return tuple(steps)

    def authorities_for(self, command: str, on: date) -> tuple[Authority, ...]:
        """Who may give a command on a day; empty when the law is silent."""
        return _in_force((row for row in self.authorities if row.command == command), on)

    def citations_of(self, command: str, step: str, on: date) -> tuple[Citation, ...]:
        """Which papers a command must cite on a day, everywhere or at this step of a chain."""
        rows = (row for row in self.citations if row.command == command and row.step in ("", step))
        return _in_force(rows, on)

    def owner(self, cause: Cause, units: Units, on: date) -> Post:
        """The post that must remove an obstacle: never blank."""
        row = _only((row for row in self.owners if row.cause is cause), on, f"owner of {cause}")
        return Post(role=row.role, unit=units.at(row.level))

    def obstacle_due(self, cause: Cause, since: datetime) -> Due | None:
        """When the owner's limit for an obstacle of this cause ends; None where none was set."""
        day = local_day(since)
        row = _only((row for row in self.owners if row.cause is cause), day, f"owner of {cause}")
        return self.due(row.limit, since) if row.limit else None

    def weights_on(self, on: date) -> tuple[Weight, ...]:
        """What communes are ranked by, earlier tiers first."""
        rows = _in_force(self.weights, on)
        if not rows:
            raise Refused("no_authority_rule", f"policy names no criterion of selection on {on}")
        return tuple(sorted(rows, key=lambda row: (row.tier, -row.points)))

    def question_step(self, key: QuestionStage, on: date) -> QuestionStep:
        """Who holds a policy question at a step."""
        rows = (row for row in self.questions if row.key == key)
        return _only(rows, on, f"step {key} of a policy question")

    def rungs(
        self, on: date, units: Units, trigger: Trigger = Trigger.NO_PROGRESS
    ) -> tuple[Rung, ...]:
        """A case's ladder in force, lowest rung first; of each level the row nearest to it."""
        near = (None, units.city, units.district, units.commune)
        rows = (row for row in self.ladder if row.trigger is trigger and row.unit in near)
        nearest: dict[int, Rung] = {}
        for row in sorted(_in_force(rows, on), key=lambda row: near.index(row.unit)):
            nearest[row.level] = row
        return tuple(nearest[level] for level in sorted(nearest))

    def successor(self, post: Post, on: date) -> Post:
        """Who holds a post's duties on a day: the post itself while its unit exists.

        Chains are followed; that they end is checked when the law is read.
        """
        rows = [
            row
            for row in _in_force(self.successions, on)
            if row.unit == post.unit and row.role in (None, post.role)
        ]
        if not rows:
            return post
        row = max(rows, key=lambda row: row.role is not None)
        return self.successor(Post(role=row.to_role or post.role, unit=row.to_unit), on)

    def holds(self, by: Post, post: Post, on: date) -> bool:
        """Whether `by` may act as a post: it is the post, or has inherited its duties."""
        return by in (post, self.successor(post, on))

    def inherited(self, post: Post, on: date) -> tuple[Post, ...]:
        """A post and all whose duties it holds on a day, because their units are no more."""
        gone = {row.unit for row in _in_force(self.successions, on)}
        former = (Post(role=role, unit=unit) for unit in sorted(gone) for role in Role)
        return (post, *(one for one in former if self.successor(one, on) == post != one))


def covers(row: Step, amount: Vnd) -> bool:
    """Whether an amount lies within a row's bounds."""
    return row.amount_from <= amount and (row.amount_below is None or amount < row.amount_below)


def nearness(row: Step) -> tuple[bool, bool, bool]:
    """How closely a row names the projects that it is about; the larger goes first."""
    return row.unit is not None, bool(row.works), row.budget is not None


def _in_force(rows: Iterable[_Row], on: date) -> tuple[_Row, ...]:
    return tuple(
        row for row in rows if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    )


def _only(rows: Iterable[_Row], on: date, what: str) -> _Row:
    found = _in_force(rows, on)
    if len(found) != 1:
        raise Refused("no_authority_rule", f"policy has {len(found)} rows for {what} on {on}")
    return found[0]
