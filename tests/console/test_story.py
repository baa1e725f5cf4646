"""A project's story, why it stands still, the dashboard, and what the shell completes."""

import re
from pathlib import Path

import pytest

from console import failures
from tests.console.desk import Desk
from tests.console.terminal import Terminal

APRIL = ("--as-of", "2024-04-30")
STALLED = "AD01-GT/T2"


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_whole_story_of_a_project_is_on_one_screen(desk: Desk) -> None:
    shown = flat(desk.run("project", "show", "AD01-GT", *APRIL).out)

    for said in (
        "✓ approval 02/01/2024 – ",
        "▶ clearance",
        "of the total investment of 74 billion",
        "STALLED",
        "medium-voltage",
        "Letters that nobody has answered",
        "ntm why AD01-GT",
    ):
        assert said in shown


def test_the_whole_story_is_said_in_vietnamese(desk: Desk) -> None:
    shown = flat(desk.run("--lang", "vi", "project", "show", "AD01-GT", *APRIL).out)

    for said in (
        "✓ chuẩn bị đầu tư 02/01/2024 – ",
        "▶ giải phóng mặt bằng",
        "bố trí 21,8 tỷ = 29 % tổng mức đầu tư 74 tỷ",
        "CHẬM, BẬC",
        "cột điện trung thế",
        "Văn bản đôn đốc chưa được trả lời",
    ):
        assert said in shown


def test_its_money_adds_up(desk: Desk) -> None:
    money = desk.asks("project", "show", "AD01-GT", *APRIL)["money"]
    parts = (money[name] for name in ("reserved", "disbursed", "expired", "left"))

    assert sum(parts) == money["allocated"]
    assert money["allocated"] <= money["total_investment"]


@pytest.mark.parametrize("columns", ["80", "120", "200"])
def test_no_line_of_it_is_wider_than_the_terminal(desk: Desk, columns: str) -> None:
    environment = {"NTM_DATABASE_URL": desk.url, "COLUMNS": columns}
    for words in (("project", "show", "AD01-GT"), ("why", "AD01-GT"), ("watch", "--once")):
        for language in ("en", "vi"):
            shown = desk.terminal.run("--lang", language, *words, **environment).out
            assert max(len(line.rstrip()) for line in shown.splitlines()) <= int(columns), words


def test_why_names_who_holds_it_since_when_and_what_comes_next(desk: Desk) -> None:
    shown = flat(desk.run("why", STALLED, *APRIL).out)

    assert re.search(
        r"It has waited longest for \S+@\S+ \(.+?\) to .+?: since \d\d/\d\d/2024, for \d+ working",
        shown,
    )
    assert "on rung" in shown
    assert "medium-voltage poles (V1, waits for question KN01 with chair@hai-phong)" in shown
    assert "If nobody acts, at the end of " in shown


def test_why_is_one_paragraph_in_the_language_of_its_reader(desk: Desk) -> None:
    shown = flat(desk.run("--lang", "vi", "why", STALLED, *APRIL).out)

    assert re.search(r"Lâu nhất là chờ \S+@\S+ \(.+?\) .+?, từ \d\d/\d\d/2024, đã \d+ ngày", shown)
    assert "đã lên bậc đôn đốc" in shown
    assert "Nếu không ai làm gì, hết ngày " in shown
    assert "If nobody acts" not in shown


def test_why_of_a_project_is_of_all_its_sections(desk: Desk) -> None:
    whole = desk.asks("why", "AD01-GT", *APRIL)
    section = desk.asks("why", STALLED, *APRIL)

    assert f"clearance/{STALLED}" in [one["stream"] for one in whole["sections"]]
    assert [one["stream"] for one in section["sections"]] == [f"clearance/{STALLED}"]
    assert whole["others"] > section["others"]
    assert whole["worker"] == "not-asked"


def test_why_says_that_nothing_happens_by_itself_without_a_server(desk: Desk) -> None:
    assert desk.asks("why", "AD01-GT")["worker"] == "unreachable"


def test_a_closed_project_waits_for_nobody(desk: Desk) -> None:
    closed = next(
        line["project"] for line in desk.asks("project", "list") if line["phase"] == "closed"
    )

    found = desk.asks("why", closed)

    assert (found["holders"], found["is_open"]) == ([], False)


@pytest.mark.parametrize("lines", ["24", "40"])
def test_a_frame_of_the_dashboard_fits_the_terminal(desk: Desk, lines: str) -> None:
    for columns in ("80", "140"):
        environment = {"NTM_DATABASE_URL": desk.url, "COLUMNS": columns, "LINES": lines}
        shown = desk.terminal.run("watch", "--once", **environment).out
        assert len(shown.splitlines()) <= int(lines)
        for said in ("69 projects", "disbursed", "Waiting", "Stalled sections", "Newest"):
            assert said in shown
        shown = desk.terminal.run("--lang", "vi", "watch", "--once", **environment).out
        assert len(shown.splitlines()) <= int(lines)
        for said in ("69 dự án", "giải ngân", "Đang chờ", "Đoạn chậm", "Mới nhất"):
            assert said in shown


def test_the_dashboard_of_a_post_shows_what_waits_for_it(desk: Desk) -> None:
    post = "treasury@hai-phong"
    waits = desk.asks("inbox", "--as", post)["waits"]

    shown = desk.run("watch", "--once", "--as", post).out

    assert f"Waiting for {post}: {len(waits)}," in shown


def test_a_list_is_searched_without_marks(desk: Desk) -> None:
    found = desk.asks("project", "list", "--search", "an duong")

    assert found
    assert all(line["units"]["district"] == "an-duong" for line in found)
    meant = desk.asks("project", "list", "--search", "An Dương")
    assert meant
    assert all("An Dương" in line["name"] for line in meant)
    assert desk.asks("clearance", "list", "--search", "thuy nguyen")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ntm proj", ["project"]),
        ("ntm project show AD01-", ["AD01-DD", "AD01-GT"]),
        ("ntm clearance show AD01-GT/", ["AD01-GT/T1", "AD01-GT/T2", "AD01-GT/T3"]),
        ("ntm why AD01-GT/T1", ["AD01-GT/T1"]),
        ("ntm inbox --as treasury@", ["treasury@hai-phong"]),
        ("ntm project li", ["list"]),
        ("ntm approve AD01-", ["AD01-DD", "AD01-GT"]),
        ("ntm return AD01-GT/T1", ["AD01-GT/T1"]),
        ("ntm reject AD01-GT/1", ["AD01-GT/1"]),
        ("ntm --lang v", ["vi"]),
    ],
)
def test_the_shell_completes_commands_projects_sections_and_posts(
    desk: Desk, typed: str, completed: list[str]
) -> None:
    assert completes(desk.terminal, typed, NTM_DATABASE_URL=desk.url) == completed


def test_without_a_server_nothing_is_completed_and_nothing_is_said(tmp_path: Path) -> None:
    assert completes(Terminal(tmp_path / "home"), "ntm project show A") == []
    nobody = "postgresql://127.0.0.1:1/ntm"
    assert completes(Terminal(tmp_path / "home"), "ntm why A", NTM_DATABASE_URL=nobody) == []


def completes(terminal: Terminal, typed: str, **environment: str) -> list[str]:
    answer = terminal.run(
        _NTM_COMPLETE="complete_bash",
        COMP_WORDS=typed,
        COMP_CWORD=str(len(typed.split()) - 1),
        **environment,
    )
    assert (answer.status, answer.err) == (0, "")
    return answer.out.split()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("projct", "list"), "project"),
        (("project", "shw"), "show"),
        (("project", "list", "--serch", "x"), "--search"),
        (("project", "show", "ad1-gt"), "AD01-GT"),
        (("clearance", "show", "AD01-GT/T9"), "AD01-GT/T2"),
        (("why", "AD01-GT/TT1"), "AD01-GT/T1"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(
    desk: Desk, words: tuple[str, ...], meant: str
) -> None:
    answer = desk.run(*words)

    assert answer.status in (failures.REFUSED, failures.USAGE)
    assert "did you mean" in answer.err
    assert (
        meant in answer.err.partition("did you mean")[2].partition("?")[0].replace(",", " ").split()
    )
