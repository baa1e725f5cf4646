"""The leaders' page: its figures, where they lead, and what it must never hold."""

import re
from collections import Counter
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from console import budget
from console.page import reading, writing
from console.page.reading import Report
from domain.calendar import HANOI, last_instant
from domain.difference import Figure
from domain.league import Grouping
from domain.tally import Stage
from domain.travel import View
from domain.values import ProgrammeId, StreamId
from language.catalogue import Language
from storage.travel import Picture
from tests.console.desk import Desk
from tests.language.speaking import speaking

APRIL = View(as_of=last_instant(date(2024, 4, 30)), known_at=last_instant(date(2024, 12, 31)))
NOW = datetime(2025, 1, 1, tzinfo=HANOI)
VIEW = ("--as-of", "2024-04-30", "--known-at", "2024-12-31")
PORTFOLIO = ("report", "portfolio", *VIEW)
VOID = {"meta", "br", "hr", "img", "input", "link"}
HOSTILE = "<script>alert(1)</script><b x='\"&\u202e</svg></style>"


class Parsed(HTMLParser):
    """A page taken apart: whether its elements nest, its ids, where it points, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, said in attrs:
            self.attributes.append((name, said or ""))
            if name == "id":
                self.ids.append(said or "")
            if name in ("href", "src", "xlink:href", "action", "data", "srcset"):
                self.references.append(said or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.texts.append(data)


@pytest.fixture(scope="module")
def report(desk: Desk) -> Report:
    picture = Picture(desk.engine, APRIL, NOW)
    found = budget.read(picture, None, None)
    assert found is not None
    return reading.read(picture, found, Grouping.DISTRICT, None)


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return written_in(Language.ENGLISH, report)


@pytest.fixture(scope="module")
def in_vietnamese(report: Report) -> Parsed:
    return Parsed(written_in(Language.VIETNAMESE, report))


def written_in(language: Language, report: Report) -> str:
    with speaking(language):
        return writing.write(report)


@pytest.fixture(scope="module")
def parsed(page: str) -> Parsed:
    return Parsed(page)


@pytest.mark.parametrize(
    "said",
    [
        "25.8 %",
        "529.508 billion disbursed",
        "of 2,047 billion allocated for 2024",
        "= 132377/511750",
        "25.8675 %; rounded 25.87 %",
        "30.4 %",
        "of 1,495 billion total investment",
        "13 / 45",
        "32 deferred for lack of capital",
        "115 billion",
        "= 8 + 14 + 35 + 35 + 45 by cohort",
        "139 at the start",
        "difference of 2: stated, not forced to agree",
        "As of 30/04/2024 23:59 , known at 31/12/2024 23:59",
        "50.492 billion behind the plan of 04/2024",
        "Forecast to 31/01/2025",
    ],
)
def test_the_page_has_the_figures_of_the_press_with_what_they_are_of(
    parsed: Parsed, said: str
) -> None:
    assert said in parsed.text


@pytest.mark.parametrize(
    "said",
    [
        "529,508 tỷ đã giải ngân",
        "trên 2.047 tỷ bố trí năm 2024",
        "25,8675 %; làm tròn 25,87 %",
        "32 xã hoãn vì chưa cân đối được vốn",
        "Kém kế hoạch tháng 04/2024 là 50,492 tỷ",
        "2.000",
        "báo cáo UBND TP",
    ],
)
def test_a_reader_of_vietnamese_has_the_same_page_with_its_numbers_and_axes(
    in_vietnamese: Parsed, said: str
) -> None:
    assert said in in_vietnamese.text


def test_a_page_is_in_one_language(page: str, parsed: Parsed, in_vietnamese: Parsed) -> None:
    assert '<html lang="en">' in page
    assert ("lang", "vi") in in_vietnamese.attributes
    for told, other in ((parsed, "Dự báo"), (in_vietnamese, "Forecast")):
        assert " · " not in told.text
        assert other.lower() not in told.text.lower()


def test_both_pages_have_the_same_figures_in_the_same_places(
    parsed: Parsed, in_vietnamese: Parsed
) -> None:
    assert in_vietnamese.tags == parsed.tags
    assert in_vietnamese.ids == parsed.ids


def test_its_elements_nest_and_no_name_stands_twice(parsed: Parsed) -> None:
    assert (parsed.wrong, parsed.open) == ([], [])
    assert [name for name, times in Counter(parsed.ids).items() if times > 1] == []


def test_it_reaches_for_nothing_outside_of_itself(page: str, parsed: Parsed) -> None:
    assert [where for where in parsed.references if not where.startswith("#")] == []
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(parsed.tags)
    assert not re.search(r"https?:|//[a-z]|@import|@font-face|url\((?!#)", page)
    assert [name for name, _ in parsed.attributes if name.startswith("on")] == []


def test_every_figure_leads_to_its_events_and_every_note_is_led_to(parsed: Parsed) -> None:
    wanted = {where.removeprefix("#") for where in parsed.references}
    notes = {name for name in parsed.ids if re.fullmatch(r"n\d+", name)}

    assert wanted <= set(parsed.ids)
    assert notes <= wanted
    assert len(notes) > 60


def test_what_is_listed_of_a_figure_and_what_its_command_shows_are_one(
    desk: Desk, report: Report, page: str
) -> None:
    _, _, note = page.partition('<article id="n1"')
    command, rest = re.findall(r"<code>(ntm [^<]*)</code>|(\d+) more events", note)[:2][::-1]
    asked = command[0].split()[1:]

    (disbursed,) = desk.asks(*asked)

    listed = note.partition("</article>")[0].count("<tr>")
    assert asked[:4] == ["report", "disbursement", "--explain", "disbursed"]
    assert len(disbursed["events"]) == listed + int(rest[1])
    assert disbursed["sum"] == report.portfolio.rate.disbursed


def test_every_figure_is_the_sum_of_the_events_beside_it(report: Report) -> None:
    for one in (*report.explained,):
        assert one.sum == sum(line.amount for line in one.events), one.figure
    for change in report.changed:
        assert change.by == change.after - change.before == _added(change.events)
    stages = report.clearance.stages
    for stage in Stage:
        assert report.find(Figure.HOUSEHOLDS, stage).sum == stages[stage].households
    for held in report.obstacles:
        assert report.find(Figure.OBSTACLES, held.cause).sum == held.standing
    for letters in report.escalations:
        assert report.find(Figure.ESCALATIONS, str(letters.level)).sum == letters.raised
        assert report.find(Figure.UNANSWERED, str(letters.level)).sum == letters.unanswered
    for place in report.ranking.places:
        unit = place.unit
        assert report.find(Figure.DISBURSED, unit.name).sum == unit.disbursed
        assert report.find(Figure.ALLOCATED, unit.name).sum == unit.allocated
    assert all(one.begun for one in report.longest)


def _added(events: tuple[Any, ...]) -> int:
    return sum(line.amount for line in events)


def test_what_changed_in_a_week_is_what_the_difference_says(desk: Desk, report: Report) -> None:
    week = ("--from", "2024-04-23", "--to", "2024-04-30", "--known-at", "2024-12-31")
    found = desk.asks("diff", *week)

    said = {_key(each["measure"]): each["by"] for each in found["changes"] if each["by"]}
    assert {
        (one.measure.figure, one.measure.plan, one.measure.of): one.by for one in report.changed
    } == said
    assert said["disbursed", "NTM-HP/2024", "2024"] == 6_500_000_000


def test_a_difference_is_seen_from_one_knowledge_alone(desk: Desk) -> None:
    week = ("--from", "2024-04-23", "--to", "2024-04-30", "--known", "--known-at", "2024-12-31")

    assert desk.run("diff", *week).status == 2


def _key(measure: dict[str, str]) -> tuple[str, str, str]:
    return measure["figure"], measure["plan"], measure["of"]


def test_charts_are_drawn_in_text_and_in_the_colours_of_the_page(page: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", page, re.DOTALL)

    assert len(charts) == 10
    for chart in charts:
        assert re.match(r'<svg[^>]*role="graphics-document" aria-labelledby="([^"]+)"', chart)
        assert "<title id=" in chart
        assert "<desc id=" in chart
        assert "<text " in chart
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', chart))
        assert {colour for colour in colours if not colour.startswith("var(--")} <= {
            "none",
            "transparent",
        }


def test_whatever_comes_from_the_record_is_escaped(report: Report, page: str) -> None:
    ranked = report.ranking
    places = tuple(
        replace(place, unit=replace(place.unit, name=f"{HOSTILE}{nth}"))
        for nth, place in enumerate(ranked.places)
    )
    figures = report.portfolio
    hostile = replace(
        report,
        programme=ProgrammeId(HOSTILE),
        ranking=replace(ranked, places=places),
        communes={place.unit.name: HOSTILE for place in places},
        escalations=tuple(
            replace(one, name=HOSTILE, name_vi=HOSTILE) for one in report.escalations
        ),
        portfolio=replace(figures, chosen_by_district={HOSTILE: 13}),
        longest=tuple(
            replace(one, waited=replace(one.waited, stream=StreamId(f"project/{HOSTILE}")))
            for one in report.longest
        ),
        changed=tuple(
            replace(one, measure=replace(one.measure, of=HOSTILE)) for one in report.changed
        ),
    )

    written = writing.write(hostile)

    told, plain = Parsed(written), Parsed(page)
    assert (told.wrong, told.open) == ([], [])
    assert set(told.tags) == set(plain.tags)
    assert {name for name, _ in told.attributes} <= {name for name, _ in plain.attributes}
    assert "\u202e" not in written
    assert "<script>alert(1)</script>" in told.text


def test_no_household_is_on_the_page_and_nothing_that_was_typed(desk: Desk, page: str) -> None:
    codes = {code for fact in desk.facts for code in _named(fact.event, ("cases", "case"))}
    typed = {
        text
        for fact in desk.facts
        for text in _named(fact.event, ("how", "reason", "answer", "basis", "minutes"))
    }

    assert len(codes) > 10
    assert sorted(code for code in codes if re.search(rf"\b{re.escape(code)}\b", page)) == []
    assert sorted(text for text in typed if len(text) > 10 and text in page) == []


def _named(event: object, names: tuple[str, ...]) -> list[str]:
    """The texts in some fields of an event, at any depth."""
    if not is_dataclass(event):
        return []
    found: list[str] = []
    for field in fields(event):
        held = getattr(event, field.name)
        for one in held if isinstance(held, tuple) else (held,):
            wanted = field.name in names or (field.name == "code" and "cases" in names)
            if isinstance(one, str) and wanted:
                found.append(str(one))
            found += _named(one, names)
    return found


def test_the_same_record_from_the_same_view_is_the_same_page(
    desk: Desk, page: str, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"

    answer = desk.run(*PORTFOLIO, "--html", str(file))

    assert (answer.status, answer.out) == (0, "")
    assert answer.err == f"written: {file}\n"
    assert file.read_text("utf-8") == f"{page}\n"


def test_in_short_it_fits_a_terminal_and_says_the_same(desk: Desk) -> None:
    told = desk.terminal.run(*PORTFOLIO, NTM_DATABASE_URL=desk.url, COLUMNS="80", NO_COLOR="1").out

    assert "25.8 % = 529.508 billion / 2,047 billion" in told
    assert "13 / 45" in told
    assert "\x1b" not in told
    assert all(len(line.rstrip()) <= 80 for line in told.splitlines())


def test_in_short_it_is_said_in_vietnamese_too(desk: Desk) -> None:
    environment = {"NTM_DATABASE_URL": desk.url, "COLUMNS": "80"}

    told = desk.terminal.run("--lang", "vi", *PORTFOLIO, **environment).out

    assert "25,8 % = 529,508 tỷ / 2.047 tỷ" in told
    assert "Dưới bình quân" in told
    assert all(len(line.rstrip()) <= 80 for line in told.splitlines())


def test_as_json_it_has_the_figures_and_their_events_but_no_event_itself(desk: Desk) -> None:
    found = desk.asks(*PORTFOLIO)

    assert found["portfolio"]["rate"] == {"disbursed": 529_508_000_000, "of": 2_047_000_000_000}
    assert found["rate_percent_cut"] == "25.8"
    lines = [line for one in found["explained"] for line in one["events"]]
    keys = {"position", "stream", "version", "kind", "at", "case", "amount"}
    assert {frozenset(line) for line in lines} == {frozenset(keys)}


def test_a_year_that_has_hardly_begun_makes_a_page_too(desk: Desk) -> None:
    picture = Picture(desk.engine, View(as_of=datetime(2024, 1, 2, tzinfo=HANOI)), NOW)
    found = budget.read(picture, None, None)
    assert found is not None

    early = writing.write(reading.read(picture, found, Grouping.COMMUNE, None))

    told = Parsed(early)
    assert (told.wrong, told.open) == ([], [])
    assert "Nothing yet." in told.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "2024-05-01"), "--since"),
        (("--html", "/nowhere/page.html"), "--html"),
    ],
)
def test_what_is_asked_for_wrongly_is_named(
    desk: Desk, options: tuple[str, ...], said: str
) -> None:
    answer = desk.run(*PORTFOLIO, *options)

    assert answer.status == 2
    assert said in answer.err


def test_a_year_without_a_plan_has_no_page(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "page.html"

    assert desk.run("report", "portfolio", "--year", "2023", "--html", str(file)).status == 1
    assert not file.exists()
