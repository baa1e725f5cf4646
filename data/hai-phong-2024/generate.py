"""Make the synthetic rows of the 2024 programme: the same CSV files on every run.

    python data/hai-phong-2024/generate.py [DIRECTORY]

The totals come from programme.toml and are met to the đồng; the rows under them are drawn from a
fixed seed. `places` draws communes and projects, `clearing` the sections, `money` the payments.
"""

import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import clearing
import money
import places
from days import iso

HERE = Path(__file__).resolve().parent

Row: TypeAlias = Mapping[str, object]


def tables() -> dict[str, list[Row]]:
    """Every table by its file name; each row marked as synthetic."""
    projects = places.projects()
    sections = clearing.sections(projects)
    claims = money.claims(projects, sections)
    return {
        "communes": [*places.communes()],
        "projects": [project.row() for project in projects],
        "dossiers": [row for project in projects for row in places.dossiers(project)],
        "works": [row for project in projects for row in places.works(project)],
        "cases": [row for section in sections for row in clearing.cases(section)],
        "utilities": [row for section in sections for row in clearing.utilities(section)],
        "clearance": [row for section in sections for row in section.rows()],
        "progress": money.progress(projects, sections, claims),
        "payments": money.payments(claims),
    }


def main(target: Path) -> None:
    """Write the CSV files into a directory."""
    for name, rows in tables().items():
        with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow([*rows[0], "synthetic"])
            table.writerows([*map(iso, row.values()), "true"] for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
