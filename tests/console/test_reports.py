"""The leaders' reports over the demo's year: published figures, their events, and what is ahead."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from unicodedata import east_asian_width

import pytest
from openpyxl import load_workbook

from console import budget, explaining
from console.budget import Budget
from console.simulate import chance
from domain.calendar import HANOI
from domain.league import Grouping, units
from domain.portfolio import Portfolio, portfolio, uses
from domain.travel import View
from domain.values import ProgrammeId
from storage.head import head, still_holds
from storage.travel import Picture
from tests.console.desk import Desk

BILLION = 1_000_000_000
APRIL = datetime(2024, 4, 30, 23, 59, tzinfo=HANOI)
NOW = datetime(2025, 1, 1, tzinfo=HANOI)
REPORT = ("report", "disbursement", "--as-of", "2024-04-30")


@pytest.fixture(scope="module")
def april(desk: Desk) -> Picture:
    return Picture(desk.engine, View(as_of=APRIL), NOW)


@pytest.fixture(scope="module")
def year(april: Picture) -> Budget:
    found = budget.read(april, None, None)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def figures(year: Budget) -> Portfolio:
    return portfolio(year.programme, year.capital, year.year, year.day)


def test_the_report_of_april_is_the_articles_to_the_dong(desk: Desk) -> None:
    report = desk.asks(*REPORT)

    assert [row["unit"]["allocated"] for row in report["units"]] == [
        47 * BILLION,
        1_545 * BILLION,
        455 * BILLION,
    ]
    assert report["portfolio"]["rate"] == {"disbursed": 529_508_000_000, "of": 2_047 * BILLION}
    assert (report["rate_percent_cut"], report["rate_percent_rounded"]) == ("25.8", "25.87")
    assert report["investment_per_commune"] == 115 * BILLION
    assert sum(report["uses"].values()) == 529_508_000_000


def test_the_report_says_how_it_cuts_and_what_it_divides_by(desk: Desk) -> None:
    told = desk.run(*REPORT).out

    for said in (
        "25.8 % = 529.508 billion / 2,047 billion",
        "cut after one digit",
        "132377/511750",
        "25.87 %",
        "30.4 % = 455 billion / 1,495 billion",
        "1,495 billion / 13 communes = 115 billion",
    ):
        assert said in told, said


def test_the_report_is_told_in_vietnamese_with_its_numbers(desk: Desk) -> None:
    told = desk.run("--lang", "vi", *REPORT).out

    for said in (
        "Vốn năm 2024, tỷ đồng: giải ngân đến hết ngày 30/04/2024",
        "25,8 % = 529,508 tỷ / 2.047 tỷ vốn bố trí năm 2024",
        "1.495 tỷ / 13 xã = 115 tỷ",
    ):
        assert said in told, said


@pytest.mark.parametrize("by", Grouping)
def test_however_it_is_cut_the_lines_add_up_to_the_programme(year: Budget, by: Grouping) -> None:
    rows = units(year.capital, by, year.districts())

    assert sum(row.allocated for row in rows) == 2_047 * BILLION
    assert sum(row.disbursed for row in rows) == 529_508_000_000


def printed(april: Picture, year: Budget, figures: Portfolio) -> Iterator[tuple[str, list[int]]]:
    """What the report prints under each name, and for the lines of its table."""
    yield "rate", [figures.rate.disbursed, figures.rate.of]
    yield "per-commune", [figures.total_investment, figures.chosen]
    yield "unexplained", [figures.base_communes, figures.communes_in_cohorts]
    for funded in figures.funded:
        yield f"funded@{funded.cohort}", [funded.allocated, funded.total_investment]
    spent = uses(budget.projects(april, year), ProgrammeId(year.programme.programme), year.year)
    for name in ("advance", "volume", "compensation", "final"):
        yield name, [getattr(spent, name)]
    for name, size in figures.cohort_sizes.items():
        yield f"communes@{name}", [size]
    for name, count in figures.chosen_by_district.items():
        yield f"chosen@{name}", [count]
    yield "deferred", [figures.deferred]
    for by in (Grouping.COHORT, Grouping.DISTRICT):
        for row in units(year.capital, by, year.districts()):
            yield f"allocated@{row.name}", [row.allocated]
            yield f"disbursed@{row.name}", [row.disbursed]
    last = max(units(year.capital, Grouping.COMMUNE, year.districts()), key=lambda r: r.disbursed)
    yield f"disbursed@{last.name}", [last.disbursed]


def test_every_figure_that_is_printed_is_the_sum_of_its_events(
    april: Picture, year: Budget, figures: Portfolio
) -> None:
    for name, wanted in printed(april, year, figures):
        found = explaining.explain(april, year, *explaining.asked(name))

        assert [one.sum for one in found] == wanted, name
        for one in found:
            assert sum(line.amount for line in one.events) == one.sum, name
            assert all(a.position <= b.position for a, b in pairwise(one.events))


def test_every_name_that_may_be_asked_for_has_an_answer(april: Picture, year: Budget) -> None:
    for name in explaining.NAMES:
        found = explaining.explain(april, year, *explaining.asked(name))

        assert all(sum(line.amount for line in one.events) == one.sum for one in found)


def test_an_explanation_names_positions_streams_and_kinds(desk: Desk) -> None:
    (allocated,) = desk.asks(*REPORT, "--explain", "allocated@2022")
    (line,) = allocated["events"]
    table = desk.run(*REPORT, "--explain", "rate@2022").out

    assert (line["kind"], line["amount"]) == ("CapitalAllocated", 47 * BILLION)
    assert line["stream"] == "capital/NTM-HP/2024"
    assert "28,200,000,000" in table
    assert table.count(" sum ") == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [("disbursd", "did you mean disbursed?"), ("disbursed@nowhere", "'nowhere'")],
)
def test_what_is_no_figure_or_no_unit_is_wrong_usage(desk: Desk, asked: str, said: str) -> None:
    answer = desk.run(*REPORT, "--explain", asked)

    assert answer.status == 2
    assert said in answer.err


def test_the_curve_stands_beside_its_plan_and_ends_at_the_day(desk: Desk) -> None:
    points = desk.asks("report", "curve", "--as-of", "2024-04-30")["points"]

    assert (points[3]["by"], points[3]["actual"]) == ("2024-04-30", 529_508_000_000)
    assert points[3]["planned"] == 580 * BILLION
    assert (points[4]["actual"], len(points)) == (None, 13)


def test_ranks_follow_the_rates_and_say_who_is_below(desk: Desk) -> None:
    report = desk.asks("report", "ranking", "--as-of", "2024-04-30")

    rates = [float(row["rate_percent_cut"]) for row in report["places"]]
    assert rates == sorted(rates, reverse=True)
    assert report["average_percent_cut"] == "25.8"
    below = {row["name"] for row in report["places"] if row["below_average"]}
    assert below == {row["name"] for row in report["places"] if float(row["gap"]) < 0}


def test_a_forecast_lies_between_what_is_paid_and_what_is_allocated(desk: Desk) -> None:
    found = desk.asks("report", "forecast", "--as-of", "2024-09-30")["forecast"]

    assert found["last"] == "2025-01-31"
    steps = [found[name] for name in ("disbursed", "cautious", "likely", "hopeful", "payable")]
    assert steps == sorted(steps)
    under_way = sum(one["cash"] for one in found["commitments"] if one["in_time"])
    assert found["cautious"] == found["disbursed"] + under_way


def test_a_year_without_a_plan_is_refused(desk: Desk) -> None:
    for name in ("curve", "ranking", "forecast"):
        assert desk.run("report", name, "--year", "2023").status == 1


PLAY = ("simulate", "--as-of", "2024-06-30", "--known-at", "2024-12-31", "--runs", "3")
SLIPS = ("--slip-clearances", "5", "--by", "30")


def test_the_same_seed_plays_to_the_same_byte_and_the_record_is_only_read(desk: Desk) -> None:
    before = head(desk.engine)

    first = desk.run(*PLAY, *SLIPS, "-o", "json")
    second = desk.run(*PLAY, *SLIPS, "-o", "json")
    other = desk.run(*PLAY, *SLIPS, "--seed", "2", "-o", "json")

    assert (first.status, first.err) == (0, "")
    assert first.out == second.out != other.out
    assert head(desk.engine) == before
    assert f'"root": "{before.root}"' in first.out
    assert '"unchanged": true' in first.out


def test_a_play_begins_with_what_was_paid_and_ends_below_what_is_allocated(desk: Desk) -> None:
    found = desk.asks(*PLAY, *SLIPS)

    last = found["reached"][-1]
    assert (last["by"], found["target_year"], found["runs"]) == ("2024-12-31", 2025, 3)
    for bands in found["reached"]:
        for band in (bands["base"], bands["slipped"]):
            assert found["disbursed"] <= band["p10"] <= band["p50"] <= band["p90"]
            assert band["p90"] <= found["allocated"] == 2_047 * BILLION
    assert all(0 <= row["base"] <= 3 for row in found["missing"])


@pytest.mark.parametrize(
    "options",
    [("--by", "3"), ("--until", "2024-06-30"), ("--target-year", "2099")],
    ids=["days without slips", "not ahead", "beyond the calendar"],
)
def test_a_play_asked_for_wrongly_is_wrong_usage(desk: Desk, options: tuple[str, ...]) -> None:
    assert desk.run(*PLAY, *options).status == 2


def as_csv(desk: Desk, *words: str) -> list[dict[str, str]]:
    text = desk.run(*words, "-o", "csv").out.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_curve_the_ranking_and_the_forecast_leave_as_spreadsheets(desk: Desk) -> None:
    months = as_csv(desk, "report", "curve", "--as-of", "2024-04-30")
    assert months[3] == {
        "To the end of": "2024-04-30", "Whole month": "x", "Planned": "580000000000",
        "Actual": "529508000000", "Difference": "-50492000000", "Rate, %": "25.8",
    }  # fmt: skip
    assert (months[4]["Actual"], months[4]["Difference"]) == ("", "")

    places = as_csv(desk, "--lang", "vi", "report", "ranking", "--as-of", "2024-04-30")
    assert [row["Hạng"] for row in places] == [str(nth) for nth in range(1, 8)]
    assert {row["Tên"] for row in places if row["Dưới bình quân"]} == {"an-duong", "thuy-nguyen"}

    answers = as_csv(desk, "report", "forecast", "--as-of", "2024-09-30")
    assert [row["Forecast"] for row in answers] == ["cautious", "likely", "hopeful"]
    assert {row["To the end of"] for row in answers} == {"2025-01-31"}


def test_a_workbook_of_the_ranking_has_real_numbers(desk: Desk) -> None:
    file = desk.terminal.home.parent / "ranking.xlsx"
    assert desk.run("report", "ranking", "--as-of", "2024-04-30", "--out", str(file)).out == ""

    listed, source = load_workbook(file).worksheets
    head, first, *_ = list(listed.values)
    row = dict(zip(head, first, strict=True))
    assert (row["Name"], row["Rate, %"], row["Above average, points"]) == ("vinh-bao", 32.2, 6.3)
    assert isinstance(row["Allocated"], int)
    assert next(iter(source.values)) == ("As of", datetime(2024, 4, 30, 23, 59, 59))


def test_the_events_of_a_figure_leave_as_a_spreadsheet_that_adds_up(desk: Desk) -> None:
    lines = as_csv(desk, *REPORT, "--explain", "rate@2024")

    for figure, total in (("disbursed", 82 * BILLION), ("allocated", 455 * BILLION)):
        assert sum(int(one["Amount"]) for one in lines if one["Figure"] == figure) == total


def test_a_play_and_the_candidates_leave_as_spreadsheets(desk: Desk) -> None:
    days = as_csv(desk, *PLAY, *SLIPS)
    assert days[-1]["To the end of"] == "2024-12-31"
    assert int(days[-1]["With the slips, p10"]) <= int(days[-1]["As things are, p90"])

    ranked = as_csv(desk, "programme", "rank", "NTM-HP", "2024")
    assert [row["Rank"] for row in ranked] == [str(nth) for nth in range(1, 46)]
    assert sum(int(row["Cost"]) for row in ranked) == 5_118 * BILLION


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_report_keeps_to_eighty_columns_and_to_no_colour(desk: Desk, language: str) -> None:
    for words in (
        REPORT,
        (*REPORT, "--by", "commune"),
        (*REPORT, "--explain", "advance"),
        ("report", "curve"),
        ("report", "ranking", "--by", "commune"),
        ("report", "forecast", "--as-of", "2024-09-30"),
        (*PLAY, *SLIPS),
    ):
        shown = {"NTM_DATABASE_URL": desk.url, "COLUMNS": "80", "NO_COLOR": "1"}
        told = desk.terminal.run("--lang", language, *words, **shown).out

        assert told
        assert "…" not in told.replace(" …", "").replace("… ", "").replace("…:", ""), words
        assert not re.search("\x1b", told), words
        wide = [line for line in told.splitlines() if _width(line) > 80]
        assert not wide, words


def _width(line: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in line.rstrip())


def test_a_head_holds_for_what_was_recorded_before_and_nothing_else(desk: Desk) -> None:
    now = head(desk.engine)

    assert still_holds(desk.engine, now)
    assert not still_holds(desk.engine, replace(now, root="00" * 32))
    assert now.rows["events"] == now.events == len(desk.facts)


def test_luck_is_the_same_for_a_name_and_never_one() -> None:
    drawn = [chance(7)(str(name)) for name in range(1_000)]

    assert drawn == [chance(7)(str(name)) for name in range(1_000)]
    assert all(0 <= one < 1 for one in drawn)
    assert 400 < sum(one < 0.5 for one in drawn) < 600
    assert chance(7)("a") != chance(8)("a")
