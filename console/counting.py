"""A count of days on the screen: each day, whether it counted, and why or why not."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from console import show, words
from domain.counting import Day, Kind
from domain.values import value
from language.catalogue import pick, tr
from language.sentences import in_their_language

if TYPE_CHECKING:
    from rich.table import Table


@value
class Counted:
    """A day of a count with what people call it; `source` is the law or decision behind it."""

    day: date
    weekday: str
    nth: int | None
    kind: Kind
    rolls: bool
    vi: str
    en: str
    source: str


def named(days: Iterable[Day]) -> tuple[Counted, ...]:
    """A count with the names of its days off."""
    from storage.day_names import day_names

    counted = tuple(days)
    if not counted:
        return ()
    names = day_names(counted[0].day, counted[-1].day)
    found = []
    for day in counted:
        vi, en = words.DAY_KINDS[day.kind]
        special = names.get(day.day) if day.kind in (Kind.DAY_OFF, Kind.SWAPPED) else None
        found.append(
            Counted(
                day=day.day,
                weekday=words.WEEKDAYS[day.day.weekday()][1],
                nth=day.nth,
                kind=day.kind,
                rolls=day.rolls,
                vi=f"{vi}: {special.vi}" if special else vi,
                en=f"{en}: {special.en}" if special else en,
                source=special.source if special else "",
            )
        )
    return tuple(found)


def table(days: Iterable[Counted], title: str | None = None) -> "Table":
    """One line a day; a day that does not count has no number."""
    built = show.table(
        tr("Day"),
        tr("Weekday"),
        tr("Counts"),
        tr("Because"),
        title=title,
        numbers=[2],
        whole=[0, 1],
    )
    for day in days:
        built.add_row(
            f"{day.day:%d/%m/%Y}",
            pick(words.WEEKDAYS[day.day.weekday()]),
            str(day.nth) if day.nth else "–",
            show.under(show.clean(_called(day)), show.clean(in_their_language(day.source))),
        )
    return built


def _called(day: Counted) -> str:
    name = pick((day.vi, day.en))
    if not day.rolls:
        return name
    if day.kind in (Kind.WEEKEND, Kind.DAY_OFF):
        return tr("{day} → rolls on", day=name)
    return tr("{day} = the end rolls to here", day=name)
