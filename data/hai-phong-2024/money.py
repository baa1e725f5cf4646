"""Payments that meet the published total to the đồng, and the works they pay for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from clearing import Section
from days import after, spread
from places import CLOSING, FACTS, SETTLING, M, Project, drawing

CUT: date = FACTS["disbursed"]["to"]
WANTED: int = FACTS["disbursed"]["amount"]
WAITING = {"C23-04": None, "C23-08": None, "C23-12": date(2024, 12, 31)}
"""Claims still open when the year ends, by the day on which finance checks them."""

Sections = Mapping[str, list[Section]]


@dataclass(frozen=True)
class Claim:
    """A payment as drawn: cash in đồng, on the day on which the treasury pays."""

    project: Project
    kind: str
    paid: date
    cash: int
    recovers: int = 0
    section: str | None = None

    @property
    def worth(self) -> int:
        return self.cash + self.recovers


def claims(projects: list[Project], sections: list[Section]) -> list[Claim]:
    """All claims of the year, each project's oldest first."""
    by_project: dict[str, list[Section]] = defaultdict(list)
    for section in sections:
        by_project[section.project.code].append(section)
    early = _meet_total(_early(projects))
    drawn = [*early, *_late(projects, by_project, early)]
    order = {project.code: n for n, project in enumerate(projects)}
    return sorted(drawn, key=lambda claim: (order[claim.project.code], claim.paid))


def payments(drawn: list[Claim]) -> list[Mapping[str, object]]:
    """As lines of payments.csv; a claim that still waits has no day of payment."""
    rows: list[Mapping[str, object]] = []
    numbers: dict[str, int] = defaultdict(int)
    for claim in drawn:
        code = claim.project.code
        numbers[code] += 1
        waits = claim.paid.year > 2024
        asked = date(2024, 12, 30) if waits else after(claim.paid, -4)
        rows.append(
            {
                "payment": f"{code}/{numbers[code]}",
                "project": code,
                "payment_kind": claim.kind,
                "worth": claim.worth,
                "recovers": claim.recovers,
                "section": claim.section,
                "requested_on": asked,
                "checked_on": WAITING[code] if waits else after(claim.paid, -2),
                "paid_on": None if waits else claim.paid,
            }
        )
    return rows


def progress(
    projects: list[Project], sections: list[Section], drawn: list[Claim]
) -> list[Mapping[str, object]]:
    """Starts, progress and acceptance: every volume claim finds its volume accepted before it."""
    rows: list[Mapping[str, object]] = []
    for project in projects:
        site = _Site(project)
        site.start_all([s for s in sections if s.project == project])
        mine = [claim for claim in drawn if claim.project == project and claim.kind == "volume"]
        for claim in mine:
            last = claim is mine[-1] and project.code in SETTLING
            site.accept(claim, complete=last)
        rows.extend(sorted(site.rows, key=lambda row: str(row["on"])))
    return rows


class _Site:
    """One project's works as they grow. Volumes in million đồng."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.rows: list[Mapping[str, object]] = []
        self._percent: dict[str, int] = {}
        self._accepted: dict[str, int] = {}
        self._claimed = 0
        self._turn = 0

    def start_all(self, sections: list[Section]) -> None:
        """Start what the contract and the site allow, and report on roads as they grow."""
        project = self.project
        if project.kind != "GT":
            for n, name in enumerate(("D1", "D2") if project.kind == "DD" else ("K1", "K2")):
                self._start(name, after(project.signed, 8 + 4 * n))
                if project.kind == "CT":
                    self._report(name, after(date(2023, 11, 6), project.nth % 14), 12 - 4 * n)
            return
        for section in sections:
            released = section.first("partial", "full")
            if released is None:
                continue
            day = after(max(released, project.signed), 4)
            if day > date(2024, 12, 24):
                continue
            self._start(section.name, day)
            if section.name != "T1" and after(day, 25) < date(2024, 12, 27):
                self._report(section.name, after(day, 25), 35)

    def accept(self, claim: Claim, *, complete: bool) -> None:
        """Accept what a claim needs, 5 % of it held back; the last acceptance completes."""
        self._claimed += claim.worth
        total = sum(self._accepted.values())
        needed = self.project.contract if complete else -(-self._claimed * 20 // (19 * M))
        asked = date(2024, 12, 30) if claim.paid.year > 2024 else after(claim.paid, -4)
        names = [*self._accepted]
        if complete:
            halves = [(needed - total) // 2, needed - total - (needed - total) // 2]
            for name, volume in zip(names, halves, strict=True):
                self._report(name, after(asked, -5), 100)
                self._accept(name, after(asked, -2), volume, complete=True)
            return
        if self.project.kind == "CT" and self._turn == 0 and claim.paid <= CUT:
            # The old year's volume, accepted before it ended.
            asked = after(date(2023, 12, 8), self.project.nth % 14)
        name = names[self._turn % len(names)] if self.project.kind != "GT" else names[0]
        self._turn += 1
        share = (self._accepted[name] + needed - total) * len(names) * 100 // self.project.contract
        percent = min(96, max(share, self._percent[name] + 2))
        self._report(name, after(asked, -4), percent)
        self._accept(name, after(asked, -2), needed - total, complete=False)

    def _start(self, name: str, day: date) -> None:
        self._percent[name] = self._accepted[name] = 0
        self._row(name, "start", day)

    def _report(self, name: str, day: date, percent: int) -> None:
        self._percent[name] = percent
        self._row(name, "progress", day, percent=percent)

    def _accept(self, name: str, day: date, volume: int, *, complete: bool) -> None:
        self._accepted[name] += volume
        self._row(name, "complete" if complete else "accept", day, volume=volume * M)

    def _row(
        self, name: str, step: str, day: date, percent: int | None = None, volume: int | None = None
    ) -> None:
        self.rows.append(
            {
                "project": self.project.code,
                "section": name,
                "step": step,
                "on": day,
                "percent": percent,
                "volume": volume,
            }
        )


def _early(projects: list[Project]) -> list[Claim]:
    """Claims paid to the end of April, before they are brought to the published total."""
    carried = [p for p in projects if p.cohort == "2023"]
    advanced = [p for p in carried if p.advanced]
    others = [p for p in carried if not p.advanced]
    buildings = [p for p in projects if p.kind == "DD"]
    old = [p for p in projects if p.cohort == "2022"]
    days = iter(spread(date(2024, 1, 15), date(2024, 4, 26), len(others) + 10))
    twice = spread(date(2024, 1, 16), date(2024, 4, 24), 2 * len(old))
    return [
        *_advances(advanced, 0.24, spread(date(2024, 1, 9), date(2024, 3, 20), len(advanced))),
        *(_volume(p, next(days), 0.14) for p in others),
        *(_volume(p, next(days), 0.14) for p in others[:10]),
        *_advances(buildings, 0.17, spread(date(2024, 3, 26), date(2024, 4, 25), len(buildings))),
        *(_volume(p, day, 0.30) for p, day in zip((*old, *old), twice, strict=True)),
    ]


def _meet_total(drawn: list[Claim]) -> list[Claim]:
    """Scale the cohort of 2023's volume claims so that the cash to the cut is exact."""
    free = [n for n, c in enumerate(drawn) if c.kind == "volume" and c.project.cohort == "2023"]
    held = sum(claim.cash for claim in drawn)
    now = sum(drawn[n].cash for n in free)
    wanted = WANTED - (held - now)
    for n in free[:-1]:
        drawn[n] = replace(drawn[n], cash=drawn[n].cash * wanted // now // M * M)
    left = wanted - sum(drawn[n].cash for n in free[:-1])
    drawn[free[-1]] = replace(drawn[free[-1]], cash=left)
    return drawn


def _late(projects: list[Project], sections: Sections, early: list[Claim]) -> Iterable[Claim]:
    """Claims from May on: what is left of the year's capital, but for a few per cent."""
    spent: dict[str, int] = defaultdict(int)
    for claim in early:
        spent[claim.project.code] += claim.cash
    carried = [p for p in projects if p.cohort == "2023"]
    drawing("order").shuffle(carried)
    days = iter(spread(date(2024, 5, 10), date(2024, 12, 30), 2 * len(carried)))
    for share in (0.45, 1.0):
        for p in carried:
            left = _plan(p) - spent[p.code]
            cash = int(left * share) // M * M
            yield Claim(p, "volume", next(days), cash, _advance(p, 0.24) // 4 * p.advanced)
            spent[p.code] += cash
    for p in carried:
        if p.code in WAITING:
            yield _volume(p, date(2025, 1, 6), 0.02)
    yield from _late_buildings([p for p in projects if p.kind == "DD"], spent)
    yield from _late_roads([p for p in projects if p.kind == "GT"], sections)
    yield from _late_old([p for p in projects if p.cohort == "2022"], spent)


def _late_buildings(buildings: list[Project], spent: dict[str, int]) -> Iterable[Claim]:
    days = iter(spread(date(2024, 6, 12), date(2024, 12, 19), 2 * len(buildings)))
    for share in (0.5, 1.0):
        for p in buildings:
            cash = int((_plan(p) - spent[p.code]) * share) // M * M
            yield Claim(p, "volume", next(days), cash, _advance(p, 0.17) * 3 // 10 // M * M)
            spent[p.code] += cash


def _late_roads(roads: list[Project], sections: Sections) -> Iterable[Claim]:
    days = spread(date(2024, 10, 15), date(2024, 12, 26), len(roads))
    for p, last in zip(roads, days, strict=True):
        planned = [s for s in sections[p.code] if s.first("plan") is not None]
        section = min(planned, key=lambda s: s.first("plan") or last)
        plan = section.first("plan")
        assert plan is not None
        support = sum(case.structures for case in section.cases if case.batch == 1)
        advance = _advance(p, 0.15)
        paid = after(max(plan, CUT), 9)
        yield Claim(p, "compensation", paid, support, section=section.name)
        yield Claim(p, "advance", after(max(plan, p.signed), 12 + p.nth), advance)
        rest = (_plan(p) - support - advance) // M * M
        yield Claim(p, "volume", last, rest, advance * 4 // 10 // M * M)


def _late_old(old: list[Project], spent: dict[str, int]) -> Iterable[Claim]:
    for p, day in zip(old, spread(date(2024, 7, 8), date(2024, 11, 20), len(old)), strict=True):
        worth = p.contract * M
        if p.code not in SETTLING:
            yield Claim(p, "volume", day, (_plan(p) - spent[p.code]) // M * M)
            continue
        yield Claim(
            p, "volume", after(date(2024, 7, 8), 2 * p.nth), worth * 19 // 20 - spent[p.code]
        )
        if p.code in CLOSING:
            yield Claim(p, "final", after(date(2024, 12, 4), 2 * p.nth), worth // 20)


def _advances(projects: list[Project], share: float, days: list[date]) -> Iterable[Claim]:
    for p, day in zip(projects, days, strict=True):
        yield Claim(p, "advance", day, _advance(p, share))


def _advance(project: Project, share: float) -> int:
    return int(project.contract * share) // 100 * 100 * M


def _volume(project: Project, day: date, share: float) -> Claim:
    return Claim(project, "volume", day, int(project.allocation * share) * M)


def _plan(project: Project) -> int:
    return int(project.allocation * 0.94) * M
