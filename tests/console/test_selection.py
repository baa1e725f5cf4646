"""`ntm programme` and `ntm capital` as their users meet them: rank, choose, bound, show."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import Engine

from console.capital import _ceiling
from console.selection import _candidate
from domain import programme_forms
from domain.programme_forms import (
    Commune,
    Prepared,
    PrepareProjects,
    ProposeCandidates,
    RegisterCohort,
    RegisterProgramme,
)
from domain.streams import programme_stream
from domain.values import CommuneId, UnitCode
from storage.record import Record
from tests.conftest import tell
from tests.console.terminal import Answer, Terminal
from tests.domain.story import AGRICULTURE, CHARTER, PROGRAMME, WORKS, Asked, act

CHAIR = ("--as", "chair@hai-phong")
COUNCIL = ("--as", "council@hai-phong")
PAPER = ("--document", "231/KH-UBND;2023-09-07;UBND thành phố Hải Phòng")
SELECT = ("programme", "select", "ntm", "2024", "--ceiling", "230 tỷ")


class Desk:
    """A shell told of one database; nothing here needs a workflow."""

    def __init__(self, home: Path, engine: Engine) -> None:
        self._terminal = Terminal(home)
        self._url = engine.url.render_as_string(hide_password=False)

    def run(self, *words: str) -> Answer:
        return self._terminal.run(*words, NTM_DATABASE_URL=self._url, COLUMNS="80")

    def does(self, *words: str) -> str:
        answer = self.run(*words)
        assert (answer.status, answer.err) == (0, ""), answer
        return answer.out

    def asks(self, *words: str) -> Any:
        return json.loads(self.does(*words, "-o", "json"))

    def is_refused(self, *words: str) -> str:
        answer = self.run(*words)
        assert answer.status in (1, 2), answer
        return answer.err


def asked(command: programme_forms.Command, day: str) -> Asked:
    return programme_stream(PROGRAMME), command, act(AGRICULTURE, day)


@pytest.fixture
def desk(tmp_path: Path, engine: Engine, record: Record) -> Desk:
    """Three communes, of which one is about to become urban."""
    communes = tuple(
        Commune(commune=CommuneId(code), name=name, district=UnitCode(unit), synthetic=True)
        for code, name, unit in (
            ("c01", "Xã A", "an-duong"), ("c02", "Xã B", "vinh-bao"), ("c03", "Xã C", "vinh-bao"),
        )
    )  # fmt: skip
    candidates = tuple(
        map(
            _candidate,
            (
                "c03;98 tỷ;advanced=100,land-ready=50",
                "c02;100 tỷ;advanced=100,land-ready=90,own-contribution=12",
                "c01;115 tỷ;becoming-urban=100,land-ready=80",
            ),
        )
    )
    charter = replace(CHARTER, commune=communes[0].commune)
    ready = Prepared(charter=charter, works=WORKS)
    commands: tuple[programme_forms.Command, ...] = (
        RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=9),
        RegisterCohort(cohort=CHARTER.cohort, year=2024, size=3, communes=communes),
        ProposeCandidates(cohort=CHARTER.cohort, candidates=candidates),
        PrepareProjects(cohort=CHARTER.cohort, projects=(ready,)),
    )
    tell(record, *(asked(command, "2024-01-02") for command in commands))
    return Desk(tmp_path, engine)


def fits(out: str) -> bool:
    return all(len(line) <= 80 for line in out.splitlines())


def test_a_choice_is_previewed_recorded_and_shown(desk: Desk) -> None:
    # previewed: nothing is recorded
    previewed = desk.asks("programme", "rank", "ntm", "2024", "--ceiling", "230 tỷ")
    assert [(one["rank"], one["commune"], one["chosen"]) for one in previewed["places"]] == [
        (1, "c01", True), (2, "c02", True), (3, "c03", False),
    ]  # fmt: skip
    assert (previewed["total"], previewed["left"]) == (215_000_000_000, 15_000_000_000)
    preview = desk.does(*SELECT, "--against", "c02;Đất tranh chấp", "--preview", *CHAIR)
    assert fits(preview)
    assert all(word in preview for word in ("Đất", "tranh", "chấp"))
    assert "nothing was recorded" in preview

    # never above the ceiling, even with a reason
    against = ("--against", "c03;Trường học xuống cấp", "--why-deferred", "x")
    assert "[capital_ceiling]" in desk.is_refused(*SELECT, *against, *CHAIR, *PAPER)

    # decided
    desk.does(*SELECT, "--why-deferred", "Chưa cân đối được vốn", *CHAIR, *PAPER)
    shown = desk.does("programme", "show", "ntm")
    assert fits(shown)
    assert "c03" in shown
    places = desk.asks("programme", "show", "ntm")["cohorts"]["2024"]["places"]
    assert places[-1]["left"] == 15_000_000_000
    assert "231/KH-UBND, 07/09/2023" in shown

    # begun by its investor and nobody else
    (left,) = desk.asks("programme", "start", "ntm", "2024", "--as", "investor@vinh-bao")
    assert (left["project"], left["outcome"]) == (CHARTER.project, "left")

    # who waits stands again
    again = ("programme", "cohort", "ntm", "2025", "--year", "2025", "--size", "1")
    desk.does(*again, "--deferred-from", "2024", "--as", "agriculture@hai-phong")
    assert list(desk.asks("programme", "show", "ntm")["cohorts"]["2025"]["communes"]) == ["c03"]


@pytest.mark.parametrize(
    "text",
    ["c01", "c01;1 tỷ;waited=100", "c01;1 tỷ;urban=100", "c01;1 tỷ;advanced=-1", "c 1;1 tỷ"],
)
def test_a_candidate_is_written_in_one_way(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"write|letters"):
        _candidate(text)


def test_the_plan_is_a_tree_with_ceilings(desk: Desk) -> None:
    ceiling = ("capital", "ceiling", "ntm", "2024")
    assert "'al'" in desk.is_refused(*ceiling, "al=1 tỷ", *COUNCIL, *PAPER)

    desk.does(*ceiling, "all=20 tỷ", "2024=15 tỷ", "2024/c01=9 tỷ", *COUNCIL, *PAPER)

    shown = desk.does("capital", "show", "ntm", "2024")
    assert fits(shown)
    assert "cohort 2024" in shown
    assert "đợt 2024" in desk.does("--lang", "vi", "capital", "show", "ntm", "2024")
    tree = desk.asks("capital", "show", "ntm", "2024", "--down-to", "cohort")["tree"]
    assert [(node["tier"], node["name"], node["ceiling"]) for node in tree] == [
        ("year", "all", 20_000_000_000), ("cohort", "2024", 15_000_000_000),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["all", "all/c01=1 tỷ", "=1 tỷ", "/c01=1 tỷ"])
def test_a_ceiling_names_its_place(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="COHORT/COMMUNE"):
        _ceiling(text)
