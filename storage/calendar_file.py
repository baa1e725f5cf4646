"""`calendar.toml`: the public-holiday rule and what decisions change of it, as plain dates."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from domain.calendar import Calendar
from domain.values import UnitCode, value
from storage.policy_checks import PolicyError
from storage.policy_form import canonical, plain, table, valid, version_of


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


def working_calendar(path: Path) -> tuple[UnitCode, Calendar]:
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
    content = plain(Calendar, calendar)
    # Another decision is another calendar, even where it confirms what the rule foresaw.
    decisions = sorted({override.decision for override in file.override})
    version = version_of({**content, "decisions": decisions})
    named = {**content, "version": f"{file.country}-{version}"}
    return file.seat, TypeAdapter(Calendar).validate_json(canonical(named))


def calendar_file(path: Path) -> CalendarFile:
    """`calendar.toml` as written, its form checked."""
    return valid(str(path), CalendarFile, table(path))


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
