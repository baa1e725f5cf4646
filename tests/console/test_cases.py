"""Single cases on the screen: in the reader's language alone, and within 80 columns."""

from typing import TypeAlias

import pytest

from tests.console.desk import Desk

SCREENS = (
    ("clearance", "list", "--search", "an duong"),
    ("clearance", "show", "AD01-GT/T2"),
    ("clearance", "obstacles", "--all"),
    ("pay", "list", "--project", "C22-01"),
    ("pay", "show", "C22-01/1"),
    ("question", "list", "--all"),
    ("question", "show", "KN01"),
    ("escalation", "list", "--all"),
    ("escalation", "show", "AD01-GT/T2"),
    ("escalation", "show", "AD01-GT/T2", "4"),
)
Told: TypeAlias = dict[tuple[str, tuple[str, ...]], str]


@pytest.fixture(scope="module")
def told(desk: Desk) -> Told:
    """Every screen in both languages."""
    narrow = {"NTM_DATABASE_URL": desk.url, "COLUMNS": "80"}
    found: Told = {}
    for language in ("vi", "en"):
        for words in SCREENS:
            answer = desk.terminal.run("--lang", language, *words, **narrow)
            assert (answer.status, answer.err) == (0, ""), words
            found[language, words] = answer.out
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_screen_fits_and_says_nothing_twice(told: Told) -> None:
    for asked, out in told.items():
        assert max(map(len, out.splitlines())) <= 80, asked
        assert " · " not in out, asked


def test_a_section_is_told_in_words_and_numbers_of_the_language(told: Told) -> None:
    show = ("clearance", "show", "AD01-GT/T2")
    vietnamese, english = flat(told["vi", show]), flat(told["en", show])

    assert "15 hộ, 281 m²; bàn giao 15 hộ, 281 m²; kiểm đếm 15/15; niêm yết 14/14" in vietnamese
    assert "15 households, 281 m²; 15 handed over, 281 m²; inventoried 15/15" in english
    assert "1,26 tỷ" in vietnamese
    assert "1.26 billion" in english


def test_money_that_was_paid_is_told_in_both(told: Told) -> None:
    show = ("pay", "show", "C22-01/1")

    assert "1.845.000.000 đ" in told["vi", show]
    assert "1,845,000,000 đ" in told["en", show]
    assert "Người đề nghị" in told["vi", show]
    assert "Requested by" in told["en", show]


def test_a_letter_is_read_in_one_language(told: Told) -> None:
    letter = ("escalation", "show", "AD01-GT/T2", "4")
    vietnamese, english = flat(told["vi", letter]), flat(told["en", letter])

    assert "4. báo cáo UBND TP" in vietnamese
    assert "Đoạn AD01-GT/T2 không có tiến triển từ ngày" in vietnamese
    assert "4. report to the city, with names" in english
    assert "Section AD01-GT/T2 has made no progress since" in english
    assert "has made" not in vietnamese
    assert "không có" not in english


def test_what_would_be_accepted_is_told_in_the_language_of_whoever_typed(desk: Desk) -> None:
    wrong = ("project", "register", "P9", "--cohort", "NTM", "--as", "investor@an-duong")

    assert "viết CHƯƠNG-TRÌNH/ĐỢT: NTM-HP/2024" in desk.run(*wrong, "--lang", "vi").err
    assert "write PROGRAMME/COHORT: NTM-HP/2024" in desk.run(*wrong, "--lang", "en").err
