"""The policy files read, checked and pinned: law as rows becomes one `Policy` with a version.

PolicyError     a file says something the rules cannot use; the message names the place
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from domain.calendar import Calendar
from domain.law import (
    Authority,
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
    Seat,
    Step,
    Succession,
    Tet,
)
from domain.policy import Policy
from domain.values import Cause, DossierKind, UnitCode, value
from storage.policy_checks import (
    PolicyError,
    check_amounts,
    check_commands,
    check_complete,
    check_cutoffs,
    check_dates,
    check_land,
    check_limit,
    check_single,
)
from storage.policy_ladder import check_ladder, check_snooze, check_successions

POLICIES = Path(__file__).resolve().parent.parent / "policies"

_Row = TypeVar("_Row", bound=Dated)
_Parsed = TypeVar("_Parsed")


@value
class Override:
    """A day, or the days to `until`, that a decision fixes against the public-holiday rule.

    Of a run that is to be worked only weekend days are swapped ones; `about` names the occasion.
    """

    day: date
    working: bool
    decision: str
    until: date | None = None
    about: str = ""

    def days(self) -> Iterator[date]:
        last = self.until or self.day
        yield from (self.day + timedelta(days=n) for n in range((last - self.day).days + 1))


@value
class CalendarFile:
    """`calendar.toml` as written."""

    seat: UnitCode
    country: str
    first_year: int
    last_year: int
    override: tuple[Override, ...] = ()


def load(directory: Path = POLICIES) -> Policy:
    """Read every policy file of a directory, or raise `PolicyError` at the first thing wrong."""
    limits = _rows(directory / "limits.toml", "limit", Limit, lambda row: (row.rule,))
    figures = _rows(directory / "figures.toml", "figure", Figure, lambda row: (row.rule,))
    cutoffs = _rows(directory / "cutoffs.toml", "cutoff", Cutoff, lambda row: (row.rule,))
    chains = _rows(
        directory / "chains.toml",
        "step",
        Step,
        lambda row: (row.dossier, row.order),
        lambda row: (row.dossier, row.key),
    )
    authorities = _rows(
        directory / "authority.toml",
        "authority",
        Authority,
        lambda row: (row.command, row.role, row.level),
    )
    owners = _rows(directory / "obstacles.toml", "owner", Ownership, lambda row: (row.cause,))
    ladder = _rows(
        directory / "ladder.toml",
        "rung",
        Rung,
        lambda row: (row.trigger, row.unit or "every unit", row.level),
    )
    successions = _rows(
        directory / "units.toml",
        "succession",
        Succession,
        lambda row: (row.unit, row.role or "every role"),
    )
    questions = _rows(directory / "questions.toml", "step", QuestionStep, lambda row: (row.key,))
    minimums = _rows(
        directory / "land.toml", "minimum", MinimumArea, lambda row: (row.land, row.unit or "")
    )
    quiets = _rows(directory / "coercion.toml", "quiet", Quiet, lambda _: ("quiet",))
    tets = _rows(directory / "tet.toml", "tet", Tet, lambda _: ("tet",))
    seat, calendar = _calendar(directory / "calendar.toml")

    check_amounts(directory, limits, figures)
    check_cutoffs(directory / "cutoffs.toml", cutoffs)
    check_land(directory, minimums, quiets)
    check_commands(directory / "authority.toml", authorities)
    check_complete(directory / "obstacles.toml", "cause", Cause, [row.cause for row in owners])
    check_complete(
        directory / "chains.toml", "dossier", DossierKind, [row.dossier for row in chains]
    )
    seats = {
        *(Seat(role=row.role, level=row.level) for row in authorities),
        *(Seat(role=row.role, level=row.level) for row in chains),
        *(Seat(role=row.role, level=row.level) for row in owners),
    }
    check_ladder(directory / "ladder.toml", ladder, seats)
    check_snooze(directory / "limits.toml", limits)
    check_successions(directory / "units.toml", successions)
    known = sorted({row.rule for row in limits})
    for nth, step in enumerate(chains, 1):
        check_limit(directory / "chains.toml", f"step {nth}", "limit", step.limit, known)
    for nth, rung in enumerate(ladder, 1):
        check_limit(
            directory / "ladder.toml", f"rung {nth}", "answer_within", rung.answer_within, known
        )
    for nth, owner in enumerate(owners, 1):
        if owner.limit is not None:
            check_limit(directory / "obstacles.toml", f"owner {nth}", "limit", owner.limit, known)
    check_complete(
        directory / "questions.toml",
        "key",
        get_args(QuestionStage),
        [row.key for row in questions],
    )
    for nth, asked in enumerate(questions, 1):
        check_limit(directory / "questions.toml", f"step {nth}", "limit", asked.limit, known)
    unnamed = Policy(
        version="",
        seat=seat,
        limits=limits,
        figures=figures,
        chains=chains,
        authorities=authorities,
        owners=owners,
        ladder=ladder,
        calendar=calendar,
        cutoffs=cutoffs,
        questions=questions,
        minimums=minimums,
        quiets=quiets,
        tets=tets,
        successions=successions,
    )
    content = _plain(Policy, unnamed)
    return parse(_canonical({**content, "version": _version(content)}))


def dump(policy: Policy) -> str:
    """A policy as canonical JSON: the same policy is always the same text."""
    return _canonical(_plain(Policy, policy))


def parse(text: str) -> Policy:
    """A policy from its JSON. Refuses a text whose content is not what its version says.

    Only form and version are checked: a pinned version stays readable when commands are added.
    """
    try:
        content = json.loads(text)
        policy = TypeAdapter(Policy).validate_json(text)
    except ValidationError as wrong:
        raise PolicyError(_explain("stored policy", wrong, Policy)) from wrong
    except json.JSONDecodeError as wrong:
        raise PolicyError(f"stored policy: is not JSON: {wrong}") from wrong
    if policy.version != _version(content):
        raise PolicyError(
            f'stored policy: version = "{policy.version}", but its content is {_version(content)}'
        )
    return policy


# Files


def _table(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise PolicyError(f"{path}: is missing") from missing
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise PolicyError(f"{path}: is not TOML: {wrong}") from wrong


def _rows(
    path: Path,
    name: str,
    row_type: type[_Row],
    *identities: Callable[[_Row], tuple[str | int, ...]],
) -> tuple[_Row, ...]:
    """The rows of a file. On any day, no two in force may share one of their identities."""
    table = _table(path)
    if set(table) != {name} or not isinstance(table[name], list):
        raise PolicyError(
            f"{path}: holds {sorted(table)}; it may hold [[{name}]] rows and nothing else"
        )
    rows = tuple(
        _valid(f"{path}, {name} {nth}", row_type, raw) for nth, raw in enumerate(table[name], 1)
    )
    for nth, row in enumerate(rows, 1):
        check_dates(f"{path}, {name} {nth}", row)
    for identity in identities:
        check_single(path, name, rows, identity)
    return rows


def _calendar(path: Path) -> tuple[UnitCode, Calendar]:
    """The working calendar as plain dates, so that no release of a library can move a deadline."""
    file = calendar_file(path)
    first, last = _covered(path, file)
    days_off, working = _public_holidays(path, file.country, first, last)
    decided: set[date] = set()
    for nth, override in enumerate(file.override, 1):
        _check_override(f"{path}, override {nth}", override, first, last, decided)
        for day in override.days():
            decided.add(day)
            days_off.discard(day)
            working.discard(day)
            if not override.working:
                days_off.add(day)
            elif day.weekday() >= 5:
                working.add(day)
    calendar = Calendar(
        version="",
        first=first,
        last=last,
        days_off=tuple(sorted(days_off)),
        working_weekend_days=tuple(sorted(working)),
    )
    content = _plain(Calendar, calendar)
    # Another decision is another calendar, even where it confirms what the rule foresaw.
    decisions = sorted({override.decision for override in file.override})
    version = _version({**content, "decisions": decisions})
    named = {**content, "version": f"{file.country}-{version}"}
    return file.seat, TypeAdapter(Calendar).validate_json(_canonical(named))


def calendar_file(path: Path) -> CalendarFile:
    """`calendar.toml` as written, its form checked."""
    return _valid(str(path), CalendarFile, _table(path))


def _check_override(
    where: str, override: Override, first: date, last: date, decided: Collection[date]
) -> None:
    until = override.until or override.day
    if until < override.day:
        raise PolicyError(f"{where}: until = {until} comes before day = {override.day}")
    for name, day in (("day", override.day), ("until", until)):
        if not first <= day <= last:
            raise PolicyError(f"{where}: {name} = {day}; days from {first} to {last} count")
    if twice := sorted(set(override.days()) & set(decided)):
        raise PolicyError(f"{where}: day = {twice[0]} was overridden above; once is enough")
    if not override.decision.strip():
        raise PolicyError(f"{where}: decision is empty; name the decision's number and date")


def _covered(path: Path, file: CalendarFile) -> tuple[date, date]:
    if not 1995 <= file.first_year <= file.last_year <= 2100:
        raise PolicyError(
            f"{path}: first_year = {file.first_year}, last_year = {file.last_year};"
            " the first must not come after the last, both within 1995 to 2100"
        )
    return date(file.first_year, 1, 1), date(file.last_year, 12, 31)


def _public_holidays(
    path: Path, country: str, first: date, last: date
) -> tuple[set[date], set[date]]:
    """Days off (observed ones too) and swapped working weekend days."""
    # Half a second to import, and needed by nobody who reads a stored policy.
    import holidays

    if country != "VN":
        raise PolicyError(f'{path}: country = "{country}"; only "VN" has been checked')
    years = range(first.year, last.year + 1)
    public = holidays.country_holidays(country, years=years, categories=("public",), observed=True)
    return (
        {day for day in public if first <= day <= last},
        {day for day in public.weekend_workdays if first <= day <= last},
    )


# Form


def _valid(where: str, row_type: type[_Parsed], raw: object) -> _Parsed:
    """A row as its dataclass. By way of JSON, for in Python form strict types refuse `"chair"`."""
    try:
        return TypeAdapter(row_type).validate_json(json.dumps(raw, default=str))
    except ValidationError as wrong:
        raise PolicyError(_explain(where, wrong, row_type)) from wrong


def _explain(where: str, wrong: ValidationError, row_type: type[Any]) -> str:
    said = []
    for error in wrong.errors():
        field = ".".join(str(part) for part in error["loc"])
        match error["type"]:
            case "unexpected_keyword_argument":
                known = ", ".join(one.name for one in fields(row_type))
                nested = len(error["loc"]) > 1
                said.append(
                    f"{field} = {error['input']!r}: is no field"
                    + ("" if nested else f"; fields are {known}")
                )
            case "missing":
                said.append(f"{field}: is missing")
            case _:
                said.append(f"{field} = {error['input']!r}: {error['msg']}")
    return f"{where}: {'; '.join(said)}"


def _plain(row_type: type[_Parsed], row: _Parsed) -> dict[str, Any]:
    plain: dict[str, Any] = TypeAdapter(row_type).dump_python(row, mode="json")
    return plain


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _version(content: Mapping[str, Any]) -> str:
    """Names a content: the first 12 hex digits of its SHA-256, its own version left out."""
    bare = {name: part for name, part in content.items() if name != "version"}
    return hashlib.sha256(_canonical(bare).encode()).hexdigest()[:12]
