"""Stalls on the command line: the count day by day, the letters, and limits as anybody asks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.escalation import Escalate
from domain.policy import Policy
from domain.values import SYSTEM
from storage.record import Record
from tests.conftest import NewDatabase, amended, tell
from tests.console.terminal import Answer, Terminal
from tests.domain.story import CLEARANCE, TO_CLEARANCE, Asked, act

SITE = CLEARANCE.removeprefix("clearance/")
CLOCK: Asked = (CLEARANCE, Escalate(), act(SYSTEM, "2024-03-09"))
REGISTERED = TO_CLEARANCE[-1]


@pytest.fixture
def nowhere(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "home")


@pytest.fixture(scope="module")
def desk(
    new_database: NewDatabase, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Terminal, Engine]]:
    """A section that has stood still since 2 February 2024, two rungs up the ladder."""
    with new_database() as engine:
        tell(Record(engine, policy), *TO_CLEARANCE, CLOCK)
        yield Terminal(tmp_path_factory.mktemp("desk") / "home"), engine


def asks(desk: tuple[Terminal, Engine], *words: str) -> Any:
    terminal, engine = desk
    url = engine.url.render_as_string(hide_password=False)
    return terminal.asks("escalation", *words, NTM_DATABASE_URL=url)


def run(desk: tuple[Terminal, Engine], *words: str) -> Answer:
    terminal, engine = desk
    url = engine.url.render_as_string(hide_password=False)
    return terminal.run("escalation", *words, NTM_DATABASE_URL=url, COLUMNS="80")


def flat(text: str) -> str:
    return " ".join(text.split())


# What a section's stall is


def test_a_stall_is_shown_with_its_reason_its_letters_and_what_comes_next(
    desk: tuple[Terminal, Engine],
) -> None:
    found = asks(desk, "show", SITE, "--as-of", "2024-03-10")

    assert found["level"] == 2
    assert [why["trigger"] for why in found["reasons"]] == ["no-progress"]
    assert (found["next"]["level"], found["next"]["last_day"]) == (3, "2024-03-15")
    assert [each["document"] for each in found["escalations"]] == ["01/NV", "02/CV-ĐĐ"]
    shown = run(desk, "show", SITE, "--as-of", "2024-03-10")
    assert (shown.status, shown.err) == (0, "")
    assert "STALLED, rung 2" in shown.out
    assert "3. working group, at the end of 15/03/2024" in shown.out


def test_a_letter_is_shown_whole(desk: tuple[Terminal, Engine]) -> None:
    found = asks(desk, "show", SITE, "2")
    shown = run(desk, "show", SITE, "2")

    assert found["text_vi"].startswith(f"Đoạn {SITE} không có tiến triển từ ngày 02/02/2024")
    assert "agriculture@hai-phong" in shown.out
    assert "08/02/2024 – 14/02/2024: day off" in shown.out
    assert f"Section {SITE} has made no progress" in flat(shown.out)
    assert "không có tiến triển" not in shown.out
    assert run(desk, "show", SITE, "9").status == 1


def test_a_stall_and_its_letter_are_told_in_vietnamese(desk: tuple[Terminal, Engine]) -> None:
    shown = run(desk, "show", SITE, "--as-of", "2024-03-10", "--lang", "vi").out
    letter = flat(run(desk, "show", SITE, "2", "--lang", "vi").out)
    count = run(desk, "explain", SITE, "--as-of", "2024-02-19", "--lang", "vi").out
    listed = run(desk, "list", "--as-of", "2024-03-10", "--lang", "vi").out

    assert "CHẬM, bậc 2" in shown
    assert "3. tổ công tác, hết ngày 15/03/2024" in shown
    assert "2. công văn đôn đốc" in letter
    assert f"Đoạn {SITE} không có tiến triển từ ngày 02/02/2024" in letter
    assert "has made no progress" not in letter
    assert "đã tính: 6 ngày làm việc" in count
    assert "bậc 1, sau 15 ngày làm việc: hết ngày 01/03/2024" in count
    assert "1. nhắc việc" in listed
    assert max(map(len, [*shown.splitlines(), *listed.splitlines()])) <= 80


def test_a_section_is_told_in_both_languages(desk: tuple[Terminal, Engine]) -> None:
    terminal, engine = desk
    url = engine.url.render_as_string(hide_password=False)
    told = {
        language: terminal.run(
            "--lang", language, "clearance", "show", SITE, NTM_DATABASE_URL=url, COLUMNS="80"
        ).out
        for language in ("vi", "en")
    }

    assert "rung 2, no progress since 02/02/2024" in told["en"]
    assert "bậc 2, không tiến triển từ 02/02/2024" in told["vi"]
    assert all(max(map(len, out.splitlines())) <= 80 for out in told.values())
    assert " · " not in told["en"] + told["vi"]


@pytest.mark.parametrize("words", [("events", CLEARANCE), ("project", "timeline", "AD01-GT")])
def test_a_letter_among_the_events_is_short_and_fits_the_screen(
    desk: tuple[Terminal, Engine], words: tuple[str, ...]
) -> None:
    terminal, engine = desk
    url = engine.url.render_as_string(hide_password=False)

    shown = terminal.run(*words, NTM_DATABASE_URL=url, COLUMNS="80")

    assert (shown.status, shown.err) == (0, "")
    assert "escalation raised" in shown.out
    assert "02/CV-ĐĐ" in shown.out
    assert "text_vi" not in shown.out
    assert "[]" not in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_the_count_of_a_live_stall_is_explained_day_by_day(desk: tuple[Terminal, Engine]) -> None:
    (count,) = asks(desk, "explain", SITE, "--as-of", "2024-02-19")

    assert (count["passed"], count["threshold"], count["last_day"]) == (6, 15, "2024-03-01")
    tet = [day for day in count["days"] if "Tết Giáp Thìn" in day["vi"]]
    assert [day["day"][-2:] for day in tet] == [f"{day:02d}" for day in range(8, 15)]
    assert {day["source"] for day in tet} == {"5015/TB-LĐTBXH, 22 November 2023"}
    assert [day["nth"] for day in count["days"] if day["nth"]] == list(range(1, 16))
    shown = run(desk, "explain", SITE, "--as-of", "2024-02-19")
    assert "counted so far: 6" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_limit_of_five_working_days_from_the_eve_of_tet_is_reached_a_week_after_it(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    five = amended(
        tmp_path / "law",
        "ladder.toml",
        'name_vi = "nhắc việc"\nafter_working_days = 15',
        'name_vi = "nhắc việc"\nafter_working_days = 5',
    )
    with new_database() as engine:
        stalled = (CLEARANCE, REGISTERED[1], act(REGISTERED[2].by, "2024-02-07"))
        tell(Record(engine, five), *TO_CLEARANCE[:-1], stalled)
        tell(Record(engine, five), (CLEARANCE, Escalate(), act(SYSTEM, "2024-02-22")))
        desk = Terminal(tmp_path / "home"), engine

        (count,) = asks(desk, "explain", SITE, "--as-of", "2024-02-16")
        letter = asks(desk, "show", SITE, "1")

    assert (count["passed"], count["last_day"]) == (2, "2024-02-21")
    assert letter["reached_at"] == "2024-02-22T00:00:00+07:00"
    assert [(run["first"], run["last"], run["kind"]) for run in letter["skipped"]] == [
        ("2024-02-08", "2024-02-14", "day-off"),
        ("2024-02-17", "2024-02-18", "weekend"),
    ]


def test_the_heir_of_an_abolished_district_sees_what_was_addressed_to_it(
    desk: tuple[Terminal, Engine],
) -> None:
    terminal, engine = desk
    url = engine.url.render_as_string(hide_password=False)
    heir = ("inbox", "--as", "clearance-board@hai-phong")

    before = terminal.asks(*heir, "--as-of", "2025-06-30", NTM_DATABASE_URL=url)
    after = terminal.asks(*heir, "--as-of", "2025-07-01", NTM_DATABASE_URL=url)

    assert before["waits"] == []
    assert [(row["wait"]["key"], row["wait"]["post"]["unit"]) for row in after["waits"]] == [
        ("escalation/1", "an-duong")
    ]
    assert after["waits"][0]["heir"] == {"role": "clearance-board", "unit": "hai-phong"}


@pytest.mark.parametrize(
    "words",
    [
        ("snooze", SITE, "--days", "0", "--reason", "x"),
        ("pause", SITE, "--cause", "weather", "--reason", "x"),
        ("pause", SITE, "--cause", "awaiting-reply", "--reason", "x", "--awaits", "minister@x"),
        ("resume", "nowhere", "--reason", "x"),
    ],
    ids=lambda words: " ".join(words[:4]),
)
def test_wrong_usage_is_told_before_anything_is_asked(
    nowhere: Terminal, words: tuple[str, ...]
) -> None:
    answer = nowhere.run("escalation", *words, "--as", "chair@an-duong")

    assert (answer.status, answer.out) == (2, "")


@pytest.mark.parametrize("target", ["2024-13:10", "2024-03"])
def test_a_month_of_the_plan_is_written_in_one_way(nowhere: Terminal, target: str) -> None:
    answer = nowhere.run("clearance", "plan", SITE, target, "--as", "clearance-board@an-duong")

    assert answer.status == 2
    assert "YYYY-MM:PERCENT" in answer.err


# Limits, as anybody asks


@pytest.mark.parametrize(
    ("words", "last", "off"),
    [
        (("--days", "30", "--from", "2024-01-10"), "2024-02-15", 6),
        (("--working-days", "2", "--from", "2024-04-26"), "2024-05-03", 5),
        (("--working-days", "1", "--from", "2024-05-03"), "2024-05-04", 0),
        (("--months", "1", "--from", "2026-01-31"), "2026-03-02", 2),
        (("--working-days", "5", "--from", "2024-02-07"), "2024-02-21", 9),
        (("escalation.answer", "--from", "2024-02-07"), "2024-02-21", 9),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_limit_ends_on_a_day_that_can_be_counted_to(
    nowhere: Terminal, words: tuple[str, ...], last: str, off: int
) -> None:
    found = nowhere.asks("due", *words, "--explain")

    assert (found["last"], found["days"][-1]["day"]) == (last, last)
    assert sum(day["nth"] is None for day in found["days"]) == off


def test_a_swapped_saturday_is_named_with_its_decision(nowhere: Terminal) -> None:
    shown = nowhere.does("due", "--working-days", "1", "--from", "2024-05-03", "--explain")

    assert re.search(r"04/05/2024 +Sat +1 +swapped, a working day", shown)
    assert "2450/VPCP-KGVX" in shown
    assert "Last day  04/05/2024" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("settlement.verfy", "--from", "2024-01-10"), "settlement.verify"),
        (("--from", "2024-01-10"), "exactly one of RULE"),
        (("escalation.answer", "--days", "3", "--from", "2024-01-10"), "exactly one of RULE"),
        (("--days", "3", "--from", "2031-01-10"), "covers 2020-01-01"),
        (("--days", "3", "--from", "10/01/2024"), "YYYY-MM-DD"),
        (("--days", "3"), "--from"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_limit_that_cannot_be_computed_says_what_is_accepted(
    nowhere: Terminal, words: tuple[str, ...], said: str
) -> None:
    answer = nowhere.run("due", *words)

    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
