"""Why a day is off or worked: the name of the holiday, and the law or decision it rests on.

For people who check a count. What counts is decided by the calendar of the policy alone.
"""

from datetime import date
from pathlib import Path

from domain.values import value
from storage.calendar_file import calendar_file
from storage.policies import POLICIES

_LAW = "Bộ luật Lao động 2019, Điều 111-112"


@value
class DayName:
    """What a day is called, in Vietnamese and English, and on what it rests."""

    vi: str
    en: str
    source: str


def day_names(first: date, last: date, directory: Path = POLICIES) -> dict[date, DayName]:
    """Every day off and swapped day from `first` to `last` that the present files know."""
    import holidays

    file = calendar_file(directory / "calendar.toml")
    years = range(first.year, last.year + 1)

    def of(language: str) -> holidays.HolidayBase:
        return holidays.country_holidays(
            file.country, years=years, categories=("public",), observed=True, language=language
        )

    vietnamese, english = of("vi"), of("en_US")
    found = {
        day: DayName(vi=name, en=english[day], source=_LAW) for day, name in vietnamese.items()
    }
    for day in vietnamese.weekend_workdays:
        found[day] = DayName(vi="làm bù", en="worked instead of another day", source=_LAW)
    for override in file.override:
        for day in override.days():
            given = found.get(day)
            found[day] = DayName(
                vi=override.about or (given.vi if given else ""),
                en=given.en if given else override.about,
                source=override.decision,
            )
    return {day: found[day] for day in sorted(found) if first <= day <= last}
