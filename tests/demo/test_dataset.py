"""The data of 2024: published totals met to the đồng, made-up rows marked, errors that point."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from demo.dataset import DATA, DataError, Dataset, founding, history, load
from demo.script import beats
from domain.values import StreamId

BILLION = 1_000_000_000


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoil(copy: Path, file: str, old: str, new: str) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_cohorts_are_8_14_35_35_and_45_communes(data: Dataset) -> None:
    assert [cohort.size for cohort in data.facts.cohort] == [8, 14, 35, 35, 45]


def test_the_years_capital_is_2047_billion_in_three_exact_parts(data: Dataset) -> None:
    cohort_of = {row.commune: row.cohort for row in data.communes}
    found: Counter[str] = Counter()
    for row in data.projects:
        found[cohort_of[row.commune]] += row.allocation

    assert found == {"2022": 47 * BILLION, "2023": 1_545 * BILLION, "2024": 455 * BILLION}


def test_each_of_the_13_communes_invests_115_billion_in_roads_and_buildings(data: Dataset) -> None:
    each: Counter[str] = Counter()
    for row in data.projects:
        if row.project.endswith(("-GT", "-DD")):
            each[row.commune] += row.total_investment

    assert len(each) == 13
    assert set(each.values()) == {115 * BILLION}


def test_exactly_529_508_billion_are_paid_to_the_end_of_april(data: Dataset) -> None:
    paid = [row for row in data.payments if row.paid_on and row.paid_on <= date(2024, 4, 30)]

    assert 70 <= len(paid) <= 90
    assert sum(row.cash for row in paid) == 529_508_000_000


def test_the_year_ends_between_92_and_95_per_cent_with_some_claims_open(data: Dataset) -> None:
    paid = [row for row in data.payments if row.paid_on]

    assert 200 <= len(data.payments) <= 260
    assert 92 <= 100 * sum(row.cash for row in paid) / (2_047 * BILLION) <= 95
    assert len(data.payments) - len(paid) == 3


def test_a_household_gives_19_9_square_metres_on_average(data: Dataset) -> None:
    per_section = Counter((row.project, row.section) for row in data.cases)
    given = [row.area_given_m2 for row in data.cases]

    assert set(per_section.values()) == {15, 16}
    assert round(sum(given) / len(given), 1) == 19.9


def test_no_made_up_commune_bears_a_real_name(data: Dataset) -> None:
    assert all("tổng hợp" in row.name for row in data.communes)
    assert all("tổng hợp" in row.name for row in data.projects)


def test_the_programme_is_founded_before_the_year_begins(data: Dataset) -> None:
    moments = [envelope.act.at for envelope in founding(data)]

    assert moments == sorted(moments)
    assert moments[-1].year == 2023


def test_the_history_is_told_for_every_carried_over_project_and_no_other(data: Dataset) -> None:
    new = (row.project for row in data.projects if row.project.endswith(("-GT", "-DD")))
    told = history(data)

    assert len(told) == 43
    assert not set(told) & {StreamId(f"project/{name}") for name in new}


def test_days_never_run_backwards_and_no_decision_has_two_ids(data: Dataset) -> None:
    ids: list[str] = [envelope.decision_id for envelope in founding(data)]
    for row in data.projects:
        script = beats(data, row.project)
        moments = [beat.act.at for beat in script]
        assert moments == sorted(moments)
        ids += [beat.decision_id for beat in script]

    assert len(set(ids)) == len(ids)


def test_the_same_files_give_the_same_decisions(data: Dataset) -> None:
    again = load()

    assert founding(again) == founding(data)
    assert history(again) == history(data)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("works.csv", ",road,true", ",rood,true", r"works\.csv, row \d+, works = 'rood'"),
        ("cases.csv", ",17,380,", ",17,381,", r"cases\.csv, row 2, area_left_m2 = '381'"),
        (
            "communes.csv",
            "2022,true,,,,,,true",
            "2022,true,,,,,,",
            r"communes\.csv, row 2, synthetic is mis",
        ),
        (
            "communes.csv",
            "2022,true,,,,,,true",
            "2022,true,,,,,,false",
            r"row 2, synthetic = 'false'",
        ),
        ("communes.csv", "vinh-bao,2022", "vinh-bao,1999", r"row 2, cohort = '1999': is not def"),
        ("payments.csv", "C22-01/1,C22-01", "C22-01/1,C22-99", r"row 2, project = 'C22-99'"),
        ("payments.csv", "C22-01/2", "C22-01/1", r"row 3, payment = 'C22-01/1': stands above"),
        ("payments.csv", "volume,1845000000", "volume,1845000001", r"529,508,000,001"),
        ("payments.csv", "2024-01-16", "2024-01-06", r"row 2, paid_on = '2024-01-06'"),
        ("programme.toml", "size = 45", 'size = "x"', r"programme\.toml, cohort\.4\.size = 'x'"),
        ("stalls.toml", "AD01-GT/T2", "AD01-GT/T9", r"stalls\.toml, section = 'AD01-GT/T9'"),
        ("stalls.toml", "[[stall]]", "[[stall", r"stalls\.toml: is not TOML"),
        ("questions.toml", 'section = "T2"', 'section = "T9"', r"KN01, concerns = 'AD01-GT/T9'"),
    ],
)
def test_an_error_names_file_row_column_and_value(
    copy: Path, file: str, old: str, new: str, said: str
) -> None:
    spoil(copy, file, old, new)

    with pytest.raises(DataError, match=said):
        load(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "works.csv").unlink()

    with pytest.raises(DataError, match=r"works\.csv: is missing"):
        load(copy)
