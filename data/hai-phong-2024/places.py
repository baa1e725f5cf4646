"""Communes and projects: stand-in names, exact totals, and the dossiers that approved them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random  # noqa: TID251 - seeded
from typing import Any, Literal

from days import after

FACTS: dict[str, Any] = tomllib.loads(
    (Path(__file__).resolve().parent / "programme.toml").read_text(encoding="utf-8")
)
SEED = 20240430
M = 1_000_000

DISTRICTS = {
    "vinh-bao": "Vĩnh Bảo",
    "tien-lang": "Tiên Lãng",
    "kien-thuy": "Kiến Thụy",
    "an-lao": "An Lão",
    "an-duong": "An Dương",
    "thuy-nguyen": "Thủy Nguyên",
    "cat-hai": "Cát Hải",
}
CLOSING = ("C22-01", "C22-02")
"""Carried-over projects whose accounts close in 2024."""
SETTLING = (*CLOSING, "C22-03")
"""Carried-over projects that are finished in 2024."""

_EACH = FACTS["selection"]["total_investment"] // M // FACTS["selection"]["chosen"]
"""What a chosen commune costs, in million đồng: published is only their average."""
_ADVANCED = 0.6
"""84 of 137 communes were advanced in May 2024."""

Kind = Literal["GT", "DD", "CT"]


@dataclass(frozen=True)
class Project:
    """A project as drawn. Amounts in million đồng; `nth` is its place within its kind."""

    code: str
    commune: str
    district: str
    cohort: str
    kind: Kind
    nth: int
    name: str
    total: int
    allocation: int
    contract: int
    advanced: bool

    @property
    def approved(self) -> date:
        return max(day for _, dossier, _, day, *_ in _steps(self) if dossier == "project")

    @property
    def signed(self) -> date:
        match self.kind:
            case "GT":
                return after(max(date(2024, 4, 8), self.approved), 2 + 2 * self.nth)
            case "DD" | "CT":
                return after(self.approved, 12 if self.kind == "CT" else 5)

    def row(self) -> dict[str, object]:
        """As a line of projects.csv."""
        finished = self.code in SETTLING
        return {
            "project": self.code,
            "commune": self.commune,
            "name": self.name,
            "total_investment": self.total * M,
            "allocation": self.allocation * M,
            "registered_on": _steps(self)[0][3],
            "contract": f"{self.code}/HĐ-XD (tổng hợp)",
            "contractor": f"Nhà thầu tổng hợp {1 + (self.nth * 7 + len(self.kind)) % 18:02d}",
            "contract_worth": self.contract * M,
            "signed_on": self.signed,
            "guarantee": self.contract * 3 // 10 * M if self.advanced else None,
            "guarantee_valid_to": date(2025, 12, 31) if self.advanced else None,
            "in_use_on": after(date(2024, 8, 5), 3 * self.nth) if finished else None,
            "closed_on": after(date(2024, 12, 12), self.nth) if self.code in CLOSING else None,
        }


def drawing(name: str) -> Random:
    """A source of draws of its own for each thing drawn, so that none disturbs another."""
    return Random(f"{SEED}/{name}")  # noqa: S311 - no secret


def communes() -> Iterator[dict[str, object]]:
    """The 56 communes with capital in 2024, and the 32 of the cohort that wait for it."""
    for cohort, number in (("2022", 8), ("2023", 35)):
        for n in range(number):
            district = [*DISTRICTS][n % 7]
            code = f"c{cohort[2:]}-{n + 1:02d}"
            name = f"Xã tổng hợp {cohort}-{n + 1:02d} ({DISTRICTS[district]})"
            yield _commune(code, name, district, cohort, chosen=True)
    for short, district, number in (("ad", "an-duong", 3), ("tn", "thuy-nguyen", 10)):
        for n in range(number):
            name = f"Xã tổng hợp {DISTRICTS[district]} {n + 1:02d}"
            row = _commune(f"{short}-{n + 1:02d}", name, district, "2024", chosen=True)
            yield {**row, **_candidacy(str(row["commune"]), _EACH, becoming_urban=True)}
    for short, district in zip(("vb", "tl", "kt", "al"), DISTRICTS, strict=False):
        for n in range(8):
            name = f"Xã tổng hợp {DISTRICTS[district]} {n + 1:02d}"
            row = _commune(f"{short}-{n + 1:02d}", name, district, "2024", chosen=False)
            cost = drawing(f"{row['commune']}/cost").randrange(98_000, 132_000, 500)
            yield {**row, **_candidacy(str(row["commune"]), cost, becoming_urban=False)}


def projects() -> list[Project]:
    """All projects, carried-over ones first; each cohort's allocation is exact."""
    capital = {row["cohort"]: row["amount"] // M for row in FACTS["capital"]}
    chosen = [row for row in communes() if row["chosen"]]
    return [
        *_carried_over(chosen, "2022", _split("2022", capital["2022"], 8, 50), 0.95),
        *_carried_over(chosen, "2023", _split("2023", capital["2023"], 35, 100), 0.92),
        *_of_2024(chosen, _split("2024", capital["2024"], 13, 100)),
    ]


def dossiers(project: Project) -> Iterator[dict[str, object]]:
    """Every act on the project's dossiers; the settlement's among them."""
    for code, dossier, step, day, amount, reason in _steps(project)[1:]:
        yield {
            "project": code,
            "dossier": dossier,
            "step": step,
            "on": day,
            "amount": amount,
            "reason": reason,
        }
    if project.code in SETTLING:
        submitted = after(date(2024, 9, 9), 4 * project.nth)
        if project.code not in CLOSING:
            submitted = after(submitted, 40)
        acts = [("submit", 0), ("verify", 28), ("approve", 34)]
        for step, wait in acts[: 3 if project.code in CLOSING else 1]:
            worth = project.contract * M if step == "submit" else None
            yield {
                "project": project.code,
                "dossier": "settlement",
                "step": step,
                "on": after(submitted, wait),
                "amount": worth,
                "reason": None,
            }


def works(project: Project) -> Iterator[dict[str, object]]:
    """A sample of the commune's works: roads that need land, or buildings on public land."""
    road = ("road", "Đường trục thôn, rãnh thoát nước, vỉa hè")
    kinds = {
        "GT": [road, road, road],
        "DD": [("school", "Trường học"), ("culture-house", "Nhà văn hóa thôn")],
        "CT": [
            ("road", "Đường giao thông chuyển tiếp"),
            [("lighting", "Chiếu sáng"), ("health-station", "Trạm y tế")][project.nth % 2],
        ],
    }
    letter = {"GT": "T", "DD": "D", "CT": "K"}[project.kind]
    for n, (kind, name) in enumerate(kinds[project.kind], 1):
        yield {
            "project": project.code,
            "section": f"{letter}{n}",
            "name": f"{name} {n:02d} (tổng hợp)",
            "works": kind,
            "needs_clearance": project.kind == "GT",
        }


def _commune(
    code: str, name: str, district: str, cohort: str, *, chosen: bool
) -> dict[str, object]:
    return {
        "commune": code,
        "name": name,
        "unit": f"xa-{code}",
        "district": district,
        "cohort": cohort,
        "chosen": chosen,
        "cost": None,
        "becoming_urban": None,
        "advanced": None,
        "land_ready": None,
        "own_contribution": None,
    }


def _candidacy(code: str, cost: int, *, becoming_urban: bool) -> dict[str, object]:
    """What speaks for a commune: drawn, but for what is known of its district."""
    draw = drawing(f"{code}/candidacy")
    return {
        "cost": cost * M,
        "becoming_urban": 100 if becoming_urban else 0,
        "advanced": 100 if draw.random() < _ADVANCED else 0,
        "land_ready": draw.randrange(40, 96),
        "own_contribution": draw.randrange(2, 16),
    }


def _split(name: str, total: int, parts: int, step: int) -> list[int]:
    """A total in parts that differ by up to a fifth; the last takes what is left over."""
    draw = drawing(name)
    weights = [draw.uniform(0.8, 1.2) for _ in range(parts)]
    shares = [int(total * weight / sum(weights)) // step * step for weight in weights]
    return [*shares[:-1], total - sum(shares[:-1])]


def _carried_over(
    chosen: list[dict[str, object]], cohort: str, allocations: list[int], share: float
) -> Iterator[Project]:
    mine = [row for row in chosen if row["cohort"] == cohort]
    for n, (place, allocation) in enumerate(zip(mine, allocations, strict=True)):
        code = str(place["commune"]).upper()
        finished = code in SETTLING
        total = allocation if finished else round(allocation * (1.3 if cohort == "2022" else 1.8))
        yield Project(
            code=code,
            commune=str(place["commune"]),
            district=str(place["district"]),
            cohort=cohort,
            kind="CT",
            nth=n,
            name=f"Các công trình chuyển tiếp {code} (tổng hợp)",
            total=total,
            allocation=allocation,
            contract=int(total * (0.98 if finished else share)) // 20 * 20,
            advanced=cohort == "2023" and n % 3 == 0,
        )


def _of_2024(chosen: list[dict[str, object]], allocations: list[int]) -> Iterator[Project]:
    mine = [row for row in chosen if row["cohort"] == "2024"]
    draw = drawing("2024/totals")
    for n, (place, allocation) in enumerate(zip(mine, allocations, strict=True)):
        roads, paid = draw.randrange(68_000, 76_000, 500), allocation * 62 // 10_000 * 100
        kinds: tuple[tuple[Kind, str, int, int], ...] = (
            ("GT", "Giao thông", roads, paid),
            ("DD", "Dân dụng", _EACH - roads, allocation - paid),
        )
        for kind, name, total, capital in kinds:
            yield Project(
                code=f"{str(place['commune']).upper().replace('-', '')}-{kind}",
                commune=str(place["commune"]),
                district=str(place["district"]),
                cohort="2024",
                kind=kind,
                nth=n,
                name=f"{name} {place['name']}",
                total=total,
                allocation=capital,
                contract=int(total * 0.88) // 20 * 20,
                advanced=True,
            )


_Step = tuple[str, str, str, date, int | None, str | None]


def _steps(project: Project) -> list[_Step]:
    """Registration and both rounds of approval, oldest first."""
    gaps = [2, 5, 6, 6, 7, 5]
    match project.kind, project.cohort:
        case "CT", "2022":
            begun, gaps = after(date(2022, 9, 5), 4 * project.nth), [8, 12, 12, 20, 15, 6]
        case "CT", _:
            begun, gaps = after(date(2023, 2, 6), project.nth), [8, 12, 12, 30, 15, 6]
        case "DD", _:
            begun = after(date(2024, 1, 3), project.nth // 2)
        case _:
            begun = after(date(2024, 1, 2), project.nth and 3 + project.nth)
    acts = [
        ("investment-policy", "submit"),
        ("investment-policy", "appraise"),
        ("investment-policy", "decide"),
        ("project", "submit"),
        ("project", "appraise"),
        ("project", "approve"),
    ]
    if project.code == "AD01-GT":
        # The spotlight is early: its roads are being cleared when March begins.
        gaps = [1, 4, 5, 5, 5, 4]
    if project.code == "TN06-GT":
        # The chair keeps it past the limit, so that an overdue notice is seen.
        gaps[5] = 12
    steps: list[_Step] = [(project.code, "", "register", begun, None, None)]
    for (dossier, step), gap in zip(acts, gaps, strict=True):
        begun = after(begun, gap)
        if project.code == "TN04-GT" and (dossier, step) == ("investment-policy", "appraise"):
            reason = "Chưa thuyết minh nguồn vốn và khả năng cân đối vốn"
            steps.append((project.code, dossier, step, begun, None, reason))
            begun = after(begun, 4)
            steps.append((project.code, dossier, "submit", begun, project.total * M, None))
            begun = after(begun, 4)
        amount = project.total * M if step == "submit" else None
        steps.append((project.code, dossier, step, begun, amount, None))
    return steps
