"""Sections that need land: households, power lines, and the days on which clearance advances."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random  # noqa: TID251 - seeded
from typing import Any, TypeAlias

from days import after
from places import M, Project, drawing

STALLS: dict[str, dict[str, Any]] = {
    stall["section"]: stall
    for stall in tomllib.loads(
        (Path(__file__).resolve().parent / "stalls.toml").read_text(encoding="utf-8")
    )["stall"]
}
MEAN_GIVEN_M2 = 19.9
YEAR_END = date(2024, 12, 27)

Planned: TypeAlias = tuple[str, int | None, str | None]
"""A step, and the batch of cases or the utility it is for."""

_GAPS = {
    "cases": 4,
    "utilities": 2,
    "donate": 6,
    "origin": 4,
    "fund": 4,
    "inventory": 5,
    "plan": 5,
    "pay": 4,
    "take-over": 4,
    "relocate": 3,
    "partial": 3,
    "full": 4,
}
_POWERED = {
    "AD01-GT/T2": (("DT1", "MV", 6), ("HT1", "LV", 11)),
    "TN05-GT/T3": (("DT1", "MV", 4),),
    "AD02-GT/T1": (("HT1", "LV", 9),),
    "AD03-GT/T2": (("HT1", "LV", 7),),
    "TN01-GT/T1": (("HT1", "LV", 12),),
    "TN02-GT/T3": (("HT1", "LV", 5),),
    "TN04-GT/T2": (("HT1", "LV", 8),),
    "TN08-GT/T1": (("HT1", "LV", 10),),
}


@dataclass(frozen=True)
class Case:
    code: str
    before: int
    given: int
    confirmed: bool
    batch: int
    structures: int


@dataclass(frozen=True)
class Section:
    """A section as drawn. `steps` are (step, day, batch or utility)."""

    project: Project
    name: str
    cases: tuple[Case, ...]
    steps: tuple[tuple[str, date, int | None, str | None], ...]

    @property
    def key(self) -> str:
        return f"{self.project.code}/{self.name}"

    def first(self, *steps: str) -> date | None:
        """The first day on which one of these steps is taken."""
        return min((day for step, day, *_ in self.steps if step in steps), default=None)

    def rows(self) -> Iterator[dict[str, object]]:
        """As lines of clearance.csv."""
        for step, day, batch, utility in self.steps:
            yield {
                "project": self.project.code,
                "section": self.name,
                "step": step,
                "on": day,
                "batch": batch,
                "utility": utility,
            }


def sections(projects: list[Project]) -> list[Section]:
    """Three sections of each commune's roads, opened one after the other from March."""
    roads = [project for project in projects if project.kind == "GT"]
    given = iter(_areas(sum(_households(p, n) for p in roads for n in (1, 2, 3))))
    return [_section(project, nth, given) for project in roads for nth in (1, 2, 3)]


def cases(section: Section) -> Iterator[dict[str, object]]:
    """As lines of cases.csv."""
    for case in section.cases:
        yield {
            "project": section.project.code,
            "section": section.name,
            "code": case.code,
            "area_before_m2": case.before,
            "area_given_m2": case.given,
            "area_left_m2": case.before - case.given,
            "origin_confirmed": case.confirmed,
            "structures": case.structures,
            "batch": case.batch,
        }


def utilities(section: Section) -> Iterator[dict[str, object]]:
    """As lines of utilities.csv: about 65 million đồng a pole at low voltage, 210 at medium."""
    for utility, voltage, poles in _POWERED.get(section.key, ()):
        yield {
            "project": section.project.code,
            "section": section.name,
            "utility": utility,
            "voltage": voltage,
            "poles": poles,
            "estimate": poles * (65 if voltage == "LV" else 210) * M,
        }


def _households(project: Project, nth: int) -> int:
    return 15 + (project.nth + nth) % 2


def _areas(count: int) -> list[int]:
    """Donated areas whose mean is the programme's own, as near as whole square metres allow."""
    draw = drawing("areas")
    areas = [min(90, max(3, round(draw.lognormvariate(2.8, 0.6)))) for _ in range(count)]
    wanted = round(MEAN_GIVEN_M2 * count)
    while (missing := wanted - sum(areas)) != 0:
        at = draw.randrange(count)
        areas[at] = max(3, areas[at] + (1 if missing > 0 else -1))
    return areas


def _section(project: Project, nth: int, given: Iterator[int]) -> Section:
    name = f"T{nth}"
    draw = drawing(f"{project.code}/{name}")
    partial = _in_parts(f"{project.code}/{name}", project, nth)
    number = _households(project, nth)
    households = tuple(
        Case(
            code=f"H{n + 1:03d}",
            before=(area := next(given)) + draw.randrange(45, 420),
            given=area,
            # Whoever goes first has clear papers; the unclear ones come with the last batch.
            confirmed=(partial and n < 10) or draw.random() < 0.7,
            batch=2 if partial and n >= 10 else 1,
            structures=draw.choice((0, 4, 8, 12, 16, 20, 26, 34, 45)) * M,
        )
        for n in range(number)
    )
    return Section(
        project=project,
        name=name,
        cases=households,
        steps=tuple(_schedule(project, nth, households, draw)),
    )


def _in_parts(key: str, project: Project, nth: int) -> bool:
    return key not in STALLS and (project.nth + 2 * nth) % 4 == 0


def _schedule(
    project: Project, nth: int, households: tuple[Case, ...], draw: Random
) -> Iterator[tuple[str, date, int | None, str | None]]:
    key = f"{project.code}/T{nth}"
    plan = list(_plan(key, households))
    days = _days(project, nth, [step for step, *_ in plan], draw)
    for (step, batch, utility), day in zip(plan, days, strict=False):
        if day > YEAR_END:
            return
        yield step, day, batch, utility


def _plan(key: str, households: tuple[Case, ...]) -> Iterator[Planned]:
    """The steps of a section in order; lines of a stalled section are paid and moved by hand."""
    powered = [utility for utility, *_ in _POWERED.get(key, ())]
    told = [] if key in STALLS else powered
    yield "open", None, None
    yield "cases", None, None
    if powered:
        yield "utilities", None, None
    final = max(case.batch for case in households)
    for batch in range(1, final + 1):
        last = batch == final
        yield "donate", batch, None
        if last and not all(case.confirmed for case in households):
            yield "origin", None, None
        yield from (("fund", None, utility) for utility in told if last)
        yield from ((step, batch, None) for step in ("inventory", "plan", "pay", "take-over"))
        yield from (("relocate", None, utility) for utility in told if last)
        yield "full" if last else "partial", None, None


def _days(project: Project, nth: int, steps: list[str], draw: Random) -> Iterator[date]:
    """A day for each step. A stalled section meets its stall on the day that is told by hand."""
    stall = STALLS.get(f"{project.code}/T{nth}")
    gaps = [_GAPS.get(step, 0) + draw.randrange(3) for step in steps]
    start = max(
        after(project.approved, 2), after(date(2024, 3, 1), 2 * project.nth + (2, 14, 58)[nth - 1])
    )
    if stall is None:
        for gap in gaps:
            start = after(start, gap)
            yield start
        return
    pause = steps.index(stall["after"])
    for at in range(pause + 1):
        yield after(stall["since"], -sum(gaps[at + 1 : pause + 1]))
    if "freed" in stall:
        day = stall["freed"]
        for gap in gaps[pause + 1 :]:
            day = after(day, gap)
            yield day
