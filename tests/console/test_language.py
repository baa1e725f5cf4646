"""The command line speaks one language: the one asked for anywhere, or that of the locale."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from domain.values import Cause
from storage.record import Record
from tests.conftest import tell
from tests.console.sheets import DT1, POLES, xlsx
from tests.console.terminal import Answer, Terminal
from tests.domain.story import OFFICER, TO_CLEARANCE

VIETNAMESE, ENGLISH = "Việc đang chờ một chức danh", "What waits for a post"


@pytest.fixture
def nowhere(tmp_path: Path) -> Terminal:
    """A home in which no server was ever started."""
    return Terminal(tmp_path / "home")


@dataclass(frozen=True)
class Desk:
    """A terminal before a record that holds one section under clearance."""

    terminal: Terminal
    url: str

    def run(self, *words: str) -> Answer:
        return self.terminal.run(*words, NTM_DATABASE_URL=self.url)


@pytest.fixture
def desk(record: Record, engine: Engine, nowhere: Terminal) -> Desk:
    tell(record, *TO_CLEARANCE)
    return Desk(nowhere, engine.url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    "words",
    [
        ("--lang", "vi", "inbox", "--help"),
        ("inbox", "--lang", "vi", "--help"),
        ("inbox", "--help", "--lang=vi"),
    ],
)
def test_the_language_is_asked_for_anywhere_on_the_line(
    nowhere: Terminal, words: tuple[str, ...]
) -> None:
    answer = nowhere.run(*words)

    assert (answer.status, answer.err) == (0, "")
    assert VIETNAMESE in answer.out
    assert "Cách dùng: ntm inbox" in answer.out


def test_a_help_says_in_vietnamese_what_is_typed_and_cuts_nothing_short(
    nowhere: Terminal,
) -> None:
    asked = nowhere.run("--lang", "vi", "clearance", "obstacle", "record", "--help").out
    assert "record [TÙY-CHỌN] {DỰ-ÁN/ĐOẠN} {TÊN}" in asked
    assert "--as VAI-TRÒ@ĐƠN-VỊ" in asked
    assert "Nguyên nhân: land-value-high, donated-" in asked
    assert max(map(len, asked.splitlines())) <= 80

    assert "..." not in nowhere.run("report", "--help").out.replace("[ARGS]...", "")


def test_without_asking_it_is_the_language_of_the_locale(nowhere: Terminal) -> None:
    for locale, said in (("vi_VN.UTF-8", VIETNAMESE), ("fr_FR.UTF-8", ENGLISH)):
        assert said in nowhere.run("inbox", "--help", LANG=locale).out

    asked = nowhere.run("inbox", "--help", "--lang", "en", LANG="vi_VN.UTF-8")
    assert ENGLISH in asked.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lang", "fr", "inbox", "--all"), "'fr' is not one of 'vi', 'en'"),
        (("inbox", "--all", "--lang=fr"), "'fr' is not one of 'vi', 'en'"),
        (("inbox", "--all", "--lang"), "Option '--lang' requires an argument"),
    ],
)
def test_another_language_is_wrong_usage(
    nowhere: Terminal, words: tuple[str, ...], said: str
) -> None:
    answer = nowhere.run(*words)

    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


def test_what_stands_behind_two_dashes_is_no_option(nowhere: Terminal) -> None:
    assert "too many arguments: (--lang vi)" in (nowhere.run("inbox", "--", "--lang", "vi").err)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("approve", "P1"), "Thiếu tùy chọn '--as' (biến môi trường 'NTM_POST')."),
        (("recall", "--as", "chair@an-duong"), "Thiếu tham số 'DỰ-ÁN'."),
        (("inbox", "--as"), "Tùy chọn '--as' cần một giá trị."),
        (("inbox", "--all=yes"), "Tùy chọn '--all' không nhận giá trị."),
        (("inbox", "--all", "thừa"), "Thừa tham số: thừa"),
        (("inbox", "--al"), "không có tùy chọn --al; có phải là --all"),
        (("inbx",), "không có lệnh inbx; có phải là inbox?"),
        (("inbox", "-o", "xml"), "'xml' không nằm trong các giá trị 'table', 'json'"),
        (("watch", "--every", "0"), "Giá trị của '--every' không dùng được: phải từ 1 trở lên"),
        (("watch", "--every", "9999"), "không được quá"),
        (("watch", "--every", "x"), "phải là số nguyên"),
        (("approve", "P1", "--as", "chiar@x"), "có phải là chair@x? Các vai trò: officer"),
        (("approve", "P1", "--as", "chair"), "'chair' không hợp lệ; viết VAI-TRÒ@ĐƠN-VỊ"),
        (
            ("clearance", "import", "P1/T1", "nowhere.csv", "--as", "officer@xa-01"),
            "không có tệp 'nowhere.csv'",
        ),
    ],
)
def test_wrong_usage_is_told_in_vietnamese(
    nowhere: Terminal, words: tuple[str, ...], said: str
) -> None:
    answer = nowhere.run("--lang", "vi", *words)

    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
    assert "xem `ntm" in answer.err


def test_who_names_no_command_reads_the_help(nowhere: Terminal) -> None:
    answer = nowhere.run("--lang", "vi")

    assert answer.status == 2
    assert "Hằng ngày:" in answer.err
    assert "Bắt đầu: ntm up" in answer.err


def test_a_refusal_is_told_in_vietnamese_with_its_rule_as_it_is(desk: Desk, tmp_path: Path) -> None:
    poles = str(xlsx(tmp_path / "poles.xlsx", POLES, DT1))
    brought = ("clearance", "import", "AD01-GT/T1", poles, "--as", str(OFFICER))

    by_rule = desk.run(*brought, "--lang", "vi")
    unknown = desk.run("approve", "AD99", "--as", str(OFFICER), "--lang", "vi")

    assert (by_rule.status, unknown.status) == (1, 1)
    assert "[authority]\n     không có gì được ghi\n" in by_rule.err
    assert unknown.err == (
        "ntm: VIỆC: không có 'AD99' [not_found]\n     xem `ntm project list`, `ntm inbox`\n"
    )


def test_what_programs_read_is_the_same_in_both_languages(desk: Desk) -> None:
    for asked in (("project", "show", "AD01-GT"), ("inbox", "--all")):
        vietnamese, english = (
            desk.run(*asked, "--output", "json", "--lang", language) for language in ("vi", "en")
        )

        assert vietnamese.status == english.status
        assert _without_the_moment(vietnamese.out) == _without_the_moment(english.out)


def _without_the_moment(told: str) -> list[str]:
    return [line for line in told.splitlines() if '"now": ' not in line]


def test_an_example_can_be_copied_whatever_the_width(nowhere: Terminal) -> None:
    told = nowhere.run("project", "register", "--help", COLUMNS="80").out
    _, _, shown = told.partition("Example: ")
    words = shlex.split(shown.replace("\\\n", " "))

    assert words[:4] == ["ntm", "project", "register", "AD01-GT"]
    assert words[words.index("--works") + 1] == "T1;Đường trục xã;road;clear"
    assert words[words.index("--units") + 1] == "xa-ad-01,an-duong,hai-phong"


def test_a_list_of_commands_cuts_no_sentence_off(nowhere: Terminal) -> None:
    told = " ".join(nowhere.run("project", "--help", COLUMNS="80").out.split())

    assert "Show a project's history, with that of its sections and payments." in told


def test_a_choice_of_many_words_stands_in_the_help_and_within_the_width(nowhere: Terminal) -> None:
    told = nowhere.run("clearance", "obstacle", "record", "--help", COLUMNS="80").out

    assert max(map(len, told.splitlines())) <= 80
    assert all(cause in told for cause in Cause)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("works", "progress", "P/T1", "--percent", "x"), "it should be a whole number"),
        (("works", "progress", "P/T1", "--percent", "200"), "it should be at most 100"),
        (
            ("programme", "rank", "NTM", "2024", "--ceiling", "much"),
            "'much' is not valid: is no number; write 1500000000 | 115 million | 529.508 billion",
        ),
        (
            ("programme", "rank", "NTM", "2024", "--ceiling", "1,000"),
            "'1,000' is not valid: can be read in two ways; write 1000 or 1",
        ),
    ],
)
def test_a_wrong_value_is_refused_in_plain_english(
    nowhere: Terminal, words: tuple[str, ...], said: str
) -> None:
    answer = nowhere.run(*words)

    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err
