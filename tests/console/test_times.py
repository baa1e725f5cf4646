"""Two times on the command line, over the demo's year; reading needs a database and no server."""

from datetime import date

import pytest

from demo.dataset import load
from demo.rehearsal import portfolio_of
from domain.calendar import local_day
from domain.travel import past
from storage.policies import load as law
from storage.record import Record
from tests.console.desk import Desk

BILLION = 1_000_000_000
PLAN = ("capital", "show", "NTM-HP", "2024")


READING = (
    ("inbox", "--all"),
    ("project", "list"),
    ("project", "show", "AD01-GT"),
    ("project", "timeline", "AD01-GT"),
    ("clearance", "list"),
    ("clearance", "show", "AD01-GT/T2"),
    ("pay", "list"),
    ("pay", "show", "C22-01/1"),
    ("escalation", "list", "--all"),
    ("programme", "show", "NTM-HP"),
    PLAN,
    ("report", "disbursement"),
    ("events", "project/AD01-GT"),
)
"""Every command that reads the record."""

REPORT = ("report", "disbursement")
UNCHANGED = (("pay", "show", "C22-01/1"), ("programme", "show", "NTM-HP"))
"""What had come to its end before July."""


def test_the_published_figure_of_april_is_seen_from_the_end_of_the_year(desk: Desk) -> None:
    report = desk.asks("report", "disbursement", "--as-of", "2024-04-30")

    assert report["portfolio"]["rate"] == {"disbursed": 529_508_000_000, "of": 2_047 * BILLION}
    assert report["as_of"].startswith("2024-04-30T23:59:59")
    assert report["known_at"] > report["as_of"]
    assert report["left_out"] == []


def test_the_rehearsal_compares_the_same_figure(desk: Desk) -> None:
    found = portfolio_of(Record(desk.engine, law()), load(), date(2024, 4, 30))

    assert (found.rate.disbursed, found.rate.of) == (529_508_000_000, 2_047 * BILLION)


def test_what_was_not_known_yet_is_not_in_the_figure(desk: Desk) -> None:
    times = ("--as-of", "2024-04-30", "--known-at", "2024-03-31T12:00")
    known = desk.asks("report", "disbursement", *times)
    happened = desk.asks("report", "disbursement", "--as-of", "2024-03-31T12:00")

    assert known["portfolio"]["rate"] == happened["portfolio"]["rate"]
    assert known["known_at"] == "2024-03-31T12:00:00+07:00"


def test_a_report_is_headed_by_both_times(desk: Desk) -> None:
    answer = desk.run(
        "report", "disbursement", "--as-of", "2024-04-30", "--known-at", "2024-06-01T08:00"
    )

    assert "as of 30/04/2024 23:59, known at 01/06/2024 08:00" in answer.out


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_every_reading_command_looks_back(desk: Desk, words: tuple[str, ...]) -> None:
    answer = desk.run(*words, "--as-of", "2024-06-30")
    happened = desk.asks(*words, "--as-of", "2024-06-30")
    known = desk.asks(*words, "--known-at", "2024-06-30")

    assert (answer.status, answer.err) == (0, ""), words
    assert "30/06/2024 23:59" in answer.out
    assert happened
    assert (happened == desk.asks(*words)) == (words in UNCHANGED)
    if words != REPORT:
        # Here every fact was known on its day; the report differs, for it states the times.
        assert known == happened


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_before_the_programme_there_is_nothing_yet(desk: Desk, words: tuple[str, ...]) -> None:
    answer = desk.run(*words, "--as-of", "1990-01-01")

    assert (answer.status, answer.err) == (0, "")
    assert "nothing" in answer.out
    assert desk.run(*words, "--as-of", "1990-01-01", "--output", "json").status == 0


def test_what_never_was_is_still_refused(desk: Desk) -> None:
    assert desk.run("project", "show", "NONE", "--as-of", "2024-04-30").status == 1


@pytest.mark.parametrize("given", ["yesterday", "2024-02-30", "30/04/2024", "0001-01-01", ""])
@pytest.mark.parametrize("option", ["--as-of", "--known-at"])
def test_a_bad_time_is_wrong_usage(desk: Desk, option: str, given: str) -> None:
    answer = desk.run("project", "list", option, given)

    assert (answer.status, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 2
    assert option in answer.err
    assert "valid" in answer.err


def test_a_difference_is_explained_by_exactly_the_payments_between(desk: Desk) -> None:
    paid = [
        row
        for row in load().payments
        if row.paid_on and date(2024, 3, 31) < row.paid_on <= date(2024, 4, 30)
    ]
    found = desk.asks("diff", "--from", "2024-03-31", "--to", "2024-04-30")
    spent = [each for each in found["changes"] if each["measure"]["figure"] == "disbursed"]
    causes = [cause for each in spent for cause in each["causes"]]

    assert {cause["fact"]["event"]["payment"] for cause in causes} == {r.payment for r in paid}
    assert len(causes) == len(paid)
    assert sum(each["by"] for each in spent) == sum(row.cash for row in paid) > 0
    assert sum(each["after"] for each in spent) == 529_508_000_000
    for each in found["changes"]:
        amounts = [cause["by"] for cause in each["causes"]]
        assert sum(amounts) == each["by"] == each["after"] - each["before"]
        assert [abs(by) for by in amounts] == sorted(map(abs, amounts), reverse=True)
        assert sum(each["kinds"].values()) == len(amounts)


def test_a_difference_of_knowledge_asks_what_was_known(desk: Desk) -> None:
    dates = ("--from", "2024-03-31", "--to", "2024-04-30")
    happened, known = desk.asks("diff", *dates), desk.asks("diff", *dates, "--known")

    assert known["changes"] == happened["changes"]
    assert known["earlier"]["known_at"] == happened["earlier"]["as_of"]
    assert known["earlier"]["as_of"] == known["later"]["as_of"]


def test_a_difference_may_be_of_one_project_or_one_stream(desk: Desk) -> None:
    dates = ("--from", "2023-01-01", "--to", "2024-12-31")
    own = desk.asks("diff", *dates, "--project", "AD01-GT")["changes"]
    stream = desk.asks("diff", *dates, "--stream", "clearance/AD01-GT/T2")["changes"]

    mine = {
        fact.event.payment
        for fact in desk.facts
        if fact.event.kind == "CapitalDisbursed" and "AD01-GT/" in fact.event.payment
    }
    spent = [each for each in own if each["measure"]["figure"] == "disbursed"]
    assert {c["fact"]["event"]["payment"] for each in spent for c in each["causes"]} == mine
    assert {c["fact"]["stream"] for each in stream for c in each["causes"]} == {
        "clearance/AD01-GT/T2"
    }
    assert {each["measure"]["figure"] for each in stream} >= {"cleared", "escalations"}


def test_a_difference_is_a_table_that_keeps_to_the_width(desk: Desk) -> None:
    answer = desk.terminal.run(
        "diff", "--from", "2024-03-31", "--to", "2024-04-30",
        NTM_DATABASE_URL=desk.url, COLUMNS="80",
    )  # fmt: skip

    assert (answer.status, answer.err) == (0, "")
    assert max(map(len, answer.out.splitlines())) <= 80
    assert "31/03/2024 23:59" in answer.out
    assert "30/04/2024 23:59" in answer.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2024-04-30", "--to", "2024-03-31"), "must not be after"),
        (("--from", "soon", "--to", "2024-03-31"), "2024-04-30"),
        (("--from", "2024-03-31"), "--to"),
        (
            ("--from", "2024-03-01", "--to", "2024-03-31", "--stream", "x", "--project", "x"),
            "give only one",
        ),
    ],
    ids=["backwards", "no date", "half", "both"],
)
def test_a_difference_asked_wrongly_is_wrong_usage(
    desk: Desk, words: tuple[str, ...], said: str
) -> None:
    answer = desk.run("diff", *words)

    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


def test_a_difference_before_the_programme_is_empty(desk: Desk) -> None:
    dates = ("--from", "1990-01-01", "--to", "1990-12-31")

    assert desk.asks("diff", *dates)["changes"] == []
    assert "nothing yet" in desk.run("diff", *dates).out


def test_of_what_is_not_on_record_there_is_no_difference(desk: Desk) -> None:
    dates = ("--from", "2024-01-01", "--to", "2024-12-31")

    assert desk.run("diff", *dates, "--project", "NONE").status == 1
    assert desk.run("diff", *dates, "--stream", "poem/P1").status == 1


def test_no_fact_of_the_year_is_left_out_at_any_month(desk: Desk) -> None:
    streams = {fact.stream for fact in desk.facts}
    for month in range(1, 13):
        seen = [f for f in desk.facts if local_day(f.act.at) < date(2024, month, 1)]
        told = {stream: [f for f in seen if f.stream == stream] for stream in streams}

        assert all(past(stream, facts).left_out == () for stream, facts in told.items())
