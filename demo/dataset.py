"""The data of 2024, read and checked; what founded the programme, and what came before the year.

DataError     a file says something the story cannot use; the message names file, row and column
"""

import csv
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from demo.founding import founding
from demo.questions import Questions
from demo.script import beats
from demo.stalls import Stalls
from demo.tables import (
    CaseRow,
    CommuneRow,
    Dataset,
    DossierRow,
    Facts,
    PaymentRow,
    ProgressRow,
    ProjectRow,
    SiteRow,
    SpendingPlan,
    UtilityRow,
    WorksRow,
)
from domain.streams import Envelope
from domain.values import PaymentKind, StreamId

__all__ = ["DataError", "Dataset", "founding", "history", "load"]

DATA = Path(__file__).resolve().parent.parent / "data" / "hai-phong-2024"
_FIRST_CSV_LINE = 2

_Row = TypeVar("_Row")


class DataError(ValueError):
    """A data file cannot be used as it stands; nothing of it was loaded."""


class _Marked(Protocol):
    @property
    def synthetic(self) -> bool: ...


def load(directory: Path = DATA) -> Dataset:
    """Read every file of a directory, or raise `DataError` at the first thing wrong."""
    dataset = Dataset(
        facts=_toml(directory / "programme.toml", Facts),
        communes=_csv(directory / "communes.csv", CommuneRow),
        projects=_csv(directory / "projects.csv", ProjectRow),
        dossiers=_csv(directory / "dossiers.csv", DossierRow),
        works=_csv(directory / "works.csv", WorksRow),
        cases=_csv(directory / "cases.csv", CaseRow),
        utilities=_csv(directory / "utilities.csv", UtilityRow),
        clearance=_csv(directory / "clearance.csv", SiteRow),
        progress=_csv(directory / "progress.csv", ProgressRow),
        payments=_csv(directory / "payments.csv", PaymentRow),
        spending=_toml(directory / "disbursement.toml", SpendingPlan).milestone,
        stalls=_toml(directory / "stalls.toml", Stalls).stall,
        questions=_toml(directory / "questions.toml", Questions).question,
    )
    _check_references(dataset)
    _check_marks(dataset)
    _check_rows(dataset)
    _check_totals(dataset)
    return dataset


def history(dataset: Dataset) -> Mapping[StreamId, tuple[Envelope, ...]]:
    """The decisions of 2022 and 2023, per carried-over project, oldest first."""
    before: dict[StreamId, list[Envelope]] = {}
    for row in dataset.projects:
        for beat in beats(dataset, row.project):
            if beat.act.at.year < dataset.facts.disbursed.to.year:
                before.setdefault(beat.stream, []).append(beat.envelope())
    return {stream: tuple(envelopes) for stream, envelopes in before.items()}


# Files


def _csv(path: Path, row_type: type[_Row]) -> tuple[_Row, ...]:
    adapter = TypeAdapter(row_type)
    rows: list[_Row] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, cells in enumerate(csv.DictReader(file), _FIRST_CSV_LINE):
                filled = {column: cell for column, cell in cells.items() if cell != ""}
                try:
                    rows.append(adapter.validate_strings(filled))
                except ValidationError as wrong:
                    raise _bad(path.name, f"row {line}", wrong) from wrong
    except FileNotFoundError as missing:
        raise DataError(f"{path}: is missing") from missing
    return tuple(rows)


def _toml(path: Path, table_type: type[_Row]) -> _Row:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        # By way of JSON, for in Python form strict types refuse a string for an enum.
        return TypeAdapter(table_type).validate_json(json.dumps(table, default=str))
    except FileNotFoundError as missing:
        raise DataError(f"{path}: is missing") from missing
    except tomllib.TOMLDecodeError as wrong:
        raise DataError(f"{path.name}: is not TOML: {wrong}") from wrong
    except ValidationError as wrong:
        raise _bad(path.name, "", wrong) from wrong


def _bad(file: str, row: str, wrong: ValidationError) -> DataError:
    error = wrong.errors()[0]
    column = ".".join(str(part) for part in error["loc"])
    said = "is missing" if error["type"] == "missing" else f"= {error['input']!r}: {error['msg']}"
    return DataError(f"{file}, {row}{', ' * bool(row)}{column} {said}")


# Checks


def _check_references(dataset: Dataset) -> None:
    """Every name that a row uses is a row of the file that defines it, once."""
    communes = _unique("communes", "commune", [row.commune for row in dataset.communes])
    cohorts = {row.cohort for row in dataset.facts.cohort}
    projects = _unique("projects", "project", [row.project for row in dataset.projects])
    _unique("payments", "payment", [row.payment for row in dataset.payments])
    sections = _unique("works", "section", [f"{r.project}/{r.section}" for r in dataset.works])
    _known("communes", "cohort", [row.cohort for row in dataset.communes], cohorts)
    _known("projects", "commune", [row.commune for row in dataset.projects], communes)
    _known("dossiers", "project", [row.project for row in dataset.dossiers], projects)
    _known("payments", "project", [row.project for row in dataset.payments], projects)
    _known("works", "project", [row.project for row in dataset.works], projects)
    for name, rows in (
        ("cases", dataset.cases),
        ("utilities", dataset.utilities),
        ("clearance", dataset.clearance),
        ("progress", dataset.progress),
    ):
        _known(name, "section", [f"{row.project}/{row.section}" for row in rows], sections)
    for stall in dataset.stalls:
        if stall.section not in sections:
            raise DataError(f"stalls.toml, section = {stall.section!r}: is not in works.csv")
    for question in dataset.questions:
        for one in question.concerns:
            if (place := f"{one.project}/{one.section}") not in sections:
                where = f"questions.toml, {question.question}, concerns"
                raise DataError(f"{where} = {place!r}: is not in works.csv")


def _check_marks(dataset: Dataset) -> None:
    """Every row of every CSV file is made up, and says so."""
    tables: Mapping[str, Sequence[_Marked]] = {
        "communes": dataset.communes,
        "projects": dataset.projects,
        "dossiers": dataset.dossiers,
        "works": dataset.works,
        "cases": dataset.cases,
        "utilities": dataset.utilities,
        "clearance": dataset.clearance,
        "progress": dataset.progress,
        "payments": dataset.payments,
    }
    for name, rows in tables.items():
        for line, row in enumerate(rows, _FIRST_CSV_LINE):
            if not row.synthetic:
                raise DataError(f"{name}.csv, row {line}, synthetic = 'false': no row here is real")


def _check_rows(dataset: Dataset) -> None:
    """What no single cell shows to be wrong."""
    for line, case in enumerate(dataset.cases, _FIRST_CSV_LINE):
        if case.area_given_m2 + case.area_left_m2 != case.area_before_m2:
            raise DataError(
                f"cases.csv, row {line}, area_left_m2 = '{case.area_left_m2}':"
                f" {case.area_before_m2} before less {case.area_given_m2} given is another number"
            )
    for line, row in enumerate(dataset.payments, _FIRST_CSV_LINE):
        days = [day for day in (row.requested_on, row.checked_on, row.paid_on) if day]
        if days != sorted(days) or (row.paid_on and not row.checked_on):
            raise DataError(
                f"payments.csv, row {line}, paid_on = '{row.paid_on}':"
                " must follow the days of request and check"
            )
        if row.cash <= 0 or (row.recovers and row.payment_kind is not PaymentKind.VOLUME):
            raise DataError(f"payments.csv, row {line}, recovers = '{row.recovers}': too much")


def _check_totals(dataset: Dataset) -> None:
    """The made-up rows add up to the published figures, to the đồng."""
    cohort_of = {row.commune: row.cohort for row in dataset.communes}
    for capital in dataset.facts.capital:
        mine = [row for row in dataset.projects if cohort_of[row.commune] == capital.cohort]
        where = f"projects.csv, cohort {capital.cohort}"
        _equal(where, "allocation", sum(row.allocation for row in mine), capital.amount)
        _equal(where, "commune", len({row.commune for row in mine}), capital.communes)
    selection = dataset.facts.selection
    rows = [row for row in dataset.communes if row.cohort == selection.cohort]
    chosen = [row for row in rows if row.chosen]
    _equal("communes.csv", "chosen", len(chosen), selection.chosen)
    _equal("communes.csv", "deferred", len(rows) - len(chosen), selection.deferred)
    districts = dict(Counter(row.district for row in chosen))
    if districts != selection.by_district:
        raise DataError(f"communes.csv, district: chosen are {districts}")
    invested = sum(
        row.total_investment
        for row in dataset.projects
        if cohort_of[row.commune] == selection.cohort
    )
    _equal("projects.csv", "total_investment", invested, selection.total_investment)
    figure = dataset.facts.disbursed
    paid = [row for row in dataset.payments if row.paid_on and row.paid_on <= figure.to]
    _equal(f"payments.csv to {figure.to}", "cash", sum(row.cash for row in paid), figure.amount)
    _equal("projects.csv", "allocation", sum(r.allocation for r in dataset.projects), figure.of)


def _equal(where: str, column: str, found: int, published: int) -> None:
    if found != published:
        raise DataError(f"{where}, {column}: adds to {found:,}, published is {published:,}")


def _unique(file: str, column: str, names: Sequence[str]) -> set[str]:
    for line, name in enumerate(names, _FIRST_CSV_LINE):
        if name in names[: line - _FIRST_CSV_LINE]:
            raise DataError(f"{file}.csv, row {line}, {column} = {name!r}: stands above already")
    return set(names)


def _known(file: str, column: str, names: Iterable[str], known: Iterable[str]) -> None:
    for line, name in enumerate(names, _FIRST_CSV_LINE):
        if name not in known:
            raise DataError(f"{file}.csv, row {line}, {column} = {name!r}: is not defined anywhere")
