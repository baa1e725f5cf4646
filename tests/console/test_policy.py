"""The law on the command line: in order or not, and what it says on a day."""

import shutil
from pathlib import Path

import pytest

from storage.policies import POLICIES
from tests.console.terminal import Terminal


@pytest.fixture
def nowhere(tmp_path: Path) -> Terminal:
    """A home where nothing was started: the law needs no server."""
    return Terminal(tmp_path / "home")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICIES, tmp_path / "policies"))


def test_files_in_order_are_counted_with_what_nobody_has_verified(nowhere: Terminal) -> None:
    found = nowhere.asks("policy", "check")

    rows = {row["family"]: row for row in found["families"]}
    assert rows["chains"]["rows"] >= rows["chains"]["unverified"] > 0
    assert found["unverified"] == sum(row["unverified"] for row in found["families"])
    assert found["version"] in nowhere.does("policy", "check")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("basis.toml", 'papers = ["QĐ"]', "papers = []", "basis.toml, citation 2: papers = []"),
        ("basis.toml", '"project/approve"', '"project/aprove"', "citation 2: step ="),
        ("basis.toml", '"ApproveStep"', '"Approve"', 'citation 1: command = "Approve"'),
        ("chains.toml", "verified = false", 'verified = "no"', "chains.toml, step 1: verified"),
        ("limits.toml", "count = ", "counts = ", "limits.toml, limit 1:"),
        ("authority.toml", "[[authority]]", "[[autority]]", "authority.toml"),
        ("texts/notices.toml", "[other]", "[others]", "notices.toml"),
    ],
)
def test_what_is_wrong_is_named_by_file_row_and_field(
    nowhere: Terminal, copied: Path, file: str, old: str, new: str, said: str
) -> None:
    path = copied / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    answer = nowhere.run("policy", "check", str(copied))

    assert answer.status == 1
    assert said in answer.err
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 2


def test_a_rule_is_shown_as_it_is_in_force_on_a_day_with_its_source(nowhere: Terminal) -> None:
    def holder(day: str) -> tuple[str, bool]:
        (row,) = nowhere.asks("policy", "show", "investment-policy/decide", "--on", day)
        return row["says"], row["verified"]

    assert "role council" in holder("2024-12-31")[0]
    assert "role chair" in holder("2025-01-01")[0]
    assert holder("2025-01-01")[1]
    shown = nowhere.run("policy", "show", "settlement", COLUMNS="80").out
    assert "settlement.verify" in shown
    assert "NĐ 193/2026/NĐ-CP" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_count_of_days_is_told_in_the_readers_language(nowhere: Terminal) -> None:
    asked = ("due", "--working-days", "5", "--from", "2024-02-07", "--explain")

    vietnamese, english = nowhere.does("--lang", "vi", *asked), nowhere.does(*asked)

    assert "nghỉ lễ: Tết Giáp Thìn" in vietnamese
    assert "21/02/2024 T4, đến hết ngày" in vietnamese
    assert "day off: Lunar New Year" in english
    assert "21/02/2024 Wed, to midnight" in english
    assert "·" not in vietnamese + english


def test_a_rule_nobody_knows_is_answered_with_what_was_meant(nowhere: Terminal) -> None:
    near = nowhere.run("policy", "show", "policy.aprraise")
    far = nowhere.run("policy", "show", "zzz")

    assert (near.status, "did you mean policy.appraise" in near.err) == (2, True)
    assert (far.status, "the families are: limits, figures" in far.err) == (2, True)
