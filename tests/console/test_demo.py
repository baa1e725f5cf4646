"""What the rehearsal shows: the live picture and the figures of the press, in both languages."""

from datetime import date, datetime
from io import StringIO

import pytest
from rich.console import Console

from console import demo as command
from demo import screen
from demo.dataset import load
from demo.figures import compare
from demo.rehearsal import Outcome, days_of
from demo.screen import Sight
from domain.calendar import HANOI, last_instant
from domain.portfolio import Portfolio, portfolio
from domain.positions import Capital
from domain.programme_forms import Running
from domain.streams import capital_stream, programme_stream
from domain.travel import View
from domain.values import ProgrammeId
from language.catalogue import Language
from storage import travel
from tests.console.desk import Desk
from tests.language.speaking import speaking

PROGRAMME = ProgrammeId("NTM-HP")
CAPITAL = capital_stream(PROGRAMME, 2024)
NEW_YEAR = datetime(2025, 1, 1, tzinfo=HANOI)
PUBLISHED = date(2024, 4, 30)


@pytest.fixture(scope="module")
def sight(desk: Desk) -> Sight:
    return screen.look(desk.engine, CAPITAL, NEW_YEAR, 1_650)


@pytest.fixture(scope="module")
def april(desk: Desk) -> Portfolio:
    view = View(as_of=last_instant(PUBLISHED))
    programme = travel.fold(desk.engine, programme_stream(PROGRAMME), view).state
    capital = travel.fold(desk.engine, CAPITAL, view).state
    assert isinstance(programme, Running)
    assert isinstance(capital, Capital)
    return portfolio(programme, capital, 2024, PUBLISHED)


def on_paper() -> Console:
    return Console(file=StringIO(), width=140)


def read(paper: Console) -> str:
    assert isinstance(paper.file, StringIO)
    return paper.file.getvalue()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ENGLISH, ("1,924.595 of 2,047 billion đồng", "94.0 % of the capital allocated",
                            "1,650 decisions", "Who is waited for", "answered escalation",
                            "Stalled sections: 3", "rung 5")),
        (Language.VIETNAMESE, ("1.924,595 / 2.047 tỷ đồng", "94,0 % vốn bố trí",
                               "1.650 quyết định", "Đang chờ ai", "trả lời văn bản đôn đốc",
                               "Đoạn chậm: 3", "bậc 5")),
    ],
)  # fmt: skip
def test_the_live_picture_is_drawn_in_the_language_of_its_reader(
    sight: Sight, language: Language, said: tuple[str, ...]
) -> None:
    first, last = days_of(load())
    paper = on_paper()

    with speaking(language):
        paper.print(screen.draw(sight, first, last, "note"))

    assert [one for one in said if one not in read(paper)] == []
    assert " · " not in read(paper)


def test_a_line_for_a_log_is_the_same_in_every_language(sight: Sight) -> None:
    with speaking(Language.VIETNAMESE):
        told = screen.line(sight)

    assert "disbursed=1,924.595 (94.0 % of 2,047 billion)" in told
    assert told == screen.line(sight)


@pytest.mark.parametrize("language", list(Language))
def test_the_record_and_the_press_are_compared_alike_in_both_languages(
    april: Portfolio, language: Language
) -> None:
    facts = load().facts

    with speaking(language):
        figures = compare(facts, april)

    assert [one.name for one in figures if not one.agrees] == []
    assert "529.508" in [one.found for one in figures]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ENGLISH, ("Published", "47 + 1,545 + 455", "529.508", "25.87 %")),
        (Language.VIETNAMESE, ("Đã công bố", "47 + 1.545 + 455", "529,508", "25,87 %")),
    ],
)
def test_the_figures_stand_side_by_side_as_the_reader_writes_them(
    april: Portfolio, language: Language, said: tuple[str, ...]
) -> None:
    outcome = Outcome(
        as_published=april, at_the_end=april, figures=compare(load().facts, april), decisions=0
    )
    paper = on_paper()

    with speaking(language):
        command.show_figures(paper, outcome)
        command.show_portfolio(paper, april)

    assert [one for one in said if one not in read(paper)] == []
    assert "NO" not in read(paper)
