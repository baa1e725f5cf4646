"""`ntm clearance import` before a record: what is new, what is there already, what contradicts."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from console import importing
from console.failures import Failure
from console.flaws import Flaw
from console.spreadsheet import comparing, reading
from domain.clearance import Clearing
from domain.households import ConfirmOrigin
from domain.recording import Accepted
from domain.streams import Envelope
from domain.utilities import RegisterUtilities
from storage import queries
from storage.record import Record
from tests.conftest import hand_in, tell
from tests.console.sheets import CASES, DT1, H1, H2, POLES, xlsx
from tests.console.terminal import Answer, Terminal
from tests.domain.story import (
    CLEARANCE,
    INVESTOR,
    OFFICER,
    POLICY,
    TO_CLEARANCE,
    act,
    codes,
)

CANARY = "Canary Nguyễn Thị Hoàng Yến 031085001234"
NAMED = ("STT", "Họ và tên", "Số CCCD", *CASES)
HELD = ("H1", 100, 20, 80, "rõ")
"""A case of the story, as a clerk's list would have it."""


@dataclass(frozen=True)
class Desk:
    """A clerk's terminal before a section that is being cleared, with H1 and H2 on record."""

    place: Path
    record: Record
    engine: Engine

    def imports(self, file: Path, *words: str, by: object = OFFICER) -> Answer:
        url = self.engine.url.render_as_string(hide_password=False)
        called = ("clearance", "import", "AD01-GT/T1", str(file), "--as", str(by), *words)
        return Terminal(self.place / "home").run(*called, NTM_DATABASE_URL=url, COLUMNS="400")

    def tries(self, file: Path, by: object = OFFICER) -> Any:
        answer = self.imports(file, "--dry-run", "--output", "json", by=by)
        return answer.status, json.loads(answer.out)

    def compares(self, file: Path) -> comparing.Compared:
        standing = queries.standing(self.engine, CLEARANCE)
        assert standing is not None
        assert isinstance(standing.state, Clearing)
        today = act(OFFICER, "2024-03-01")
        return comparing.compare(reading.read(file), standing.state, today, POLICY)

    def records(self, file: Path, by: Any = OFFICER) -> Envelope:
        """The decision of a file, as the command would send it."""
        command = comparing.command(self.compares(file).fresh)
        name = importing.decision_id(CLEARANCE, command)
        wanted = Envelope(
            decision_id=name, stream=CLEARANCE, act=act(by, "2024-03-01"), command=command
        )
        assert isinstance(hand_in(self.record, wanted), Accepted)
        return wanted

    def dump(self) -> str:
        """Every row of every table."""
        names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        with self.engine.connect() as connection:
            tables = connection.execute(text(names)).scalars().all()
            rows = [connection.execute(text(f'SELECT * FROM "{t}"')).all() for t in tables]
        return str(rows)


@pytest.fixture
def desk(record: Record, engine: Engine, tmp_path: Path) -> Desk:
    tell(record, *TO_CLEARANCE)
    return Desk(tmp_path, record, engine)


def test_a_trial_says_exactly_what_would_be_recorded_and_records_nothing(desk: Desk) -> None:
    before = desk.dump()
    rows = [(n, CANARY, "031085001234", *row) for n, row in enumerate((HELD, H1, H2))]
    status, told = desk.tries(xlsx(desk.place / "a.xlsx", NAMED, *rows))

    assert (status, told["outcome"], told["rows"], told["same"]) == (0, "dry-run", 3, 1)
    assert told["fresh"] == {
        "rows": 2,
        "area_before_m2": 492,
        "area_given_m2": 35,
        "area_left_m2": 457,
        "origins_clear": 1,
        "poles": 0,
        "estimate": 0,
    }
    assert [c["column"] for c in told["columns"] if c["use"] == "personal"] == ["B", "C"]
    assert desk.dump() == before


def test_a_file_imported_twice_changes_nothing_and_new_rows_alone_are_recorded(
    desk: Desk,
) -> None:
    first = desk.records(xlsx(desk.place / "a.xlsx", CASES, H1))
    again = desk.imports(xlsx(desk.place / "b.xlsx", CASES, H1))
    more = desk.compares(xlsx(desk.place / "c.xlsx", CASES, H1, H2))

    assert (again.status, again.err) == (0, "")
    assert "all of it is on record already" in again.out
    assert [reading.name_of(entry) for entry in more.fresh] == ["H002"]
    # Whoever repeats it after a crash repeats the same decision, and is answered from the record.
    before = desk.dump()
    assert isinstance(hand_in(desk.record, first), Accepted)
    assert desk.dump() == before


def test_the_decision_is_named_by_section_and_content(desk: Desk) -> None:
    one = comparing.command(desk.compares(xlsx(desk.place / "a.xlsx", CASES, H1)).fresh)
    other = comparing.command(desk.compares(xlsx(desk.place / "b.xlsx", CASES, H2)).fresh)
    elsewhere = type(CLEARANCE)("clearance/AD01-GT/T9")

    assert importing.decision_id(CLEARANCE, one) == importing.decision_id(CLEARANCE, one)
    assert importing.decision_id(CLEARANCE, one) != importing.decision_id(CLEARANCE, other)
    assert importing.decision_id(CLEARANCE, one) != importing.decision_id(elsewhere, one)


@pytest.mark.parametrize(
    ("row", "flaw", "said"),
    [
        (("H1", 101, 21, 80, "rõ"), "contradicts-record", "100 = 20 + 80 m²"),
        (("H1", 100, 20, 80, "chưa rõ"), "contradicts-record", "origin clear"),
        (("h1", 100, 20, 80, "rõ"), "near-duplicate", "H1"),
        (("H9", 100, 20, 70, "rõ"), "rule", "given 20 m² + left 70 m² must make 100 m²"),
    ],
)
def test_what_contradicts_record_or_rule_is_an_error(
    desk: Desk, row: tuple[object, ...], flaw: str, said: str
) -> None:
    (found,) = desk.compares(xlsx(desk.place / "a.xlsx", CASES, H2, row)).findings

    assert (found.flaw, found.row) == (flaw, 3)
    assert said in found.write


def test_an_origin_confirmed_since_contradicts_no_earlier_list(desk: Desk) -> None:
    earlier = xlsx(desk.place / "a.xlsx", CASES, H2)
    later = xlsx(desk.place / "b.xlsx", CASES, (*H2[:4], "rõ"))
    desk.records(earlier)

    assert desk.compares(later).findings != ()

    tell(desk.record, (CLEARANCE, ConfirmOrigin(cases=codes("H002")), act(OFFICER, "2024-03-02")))

    for file in (earlier, later):
        assert (desk.compares(file).findings, desk.compares(file).same) == ((), 1)


def test_poles_are_imported_by_who_registers_them(desk: Desk) -> None:
    file = xlsx(desk.place / "a.xlsx", POLES, DT1, ("HT1", "hạ thế", 11, "715,5 triệu"))
    status, told = desk.tries(file, by=INVESTOR)
    refused = desk.imports(file, by=OFFICER)

    assert (status, told["fresh"]["poles"]) == (0, 17)
    assert told["fresh"]["estimate"] == 1_975_500_000
    assert refused.status == 1
    assert "[authority]" in refused.err
    assert isinstance(desk.records(file, by=INVESTOR).command, RegisterUtilities)
    assert desk.compares(file).same == 2


def test_errors_are_a_table_on_stderr_in_the_readers_language(desk: Desk) -> None:
    file = xlsx(desk.place / "a.xlsx", CASES, ("H5", "1.000", -1, "5,5", "?"), H2)
    english, vietnamese = desk.imports(file), desk.imports(file, "--lang", "vi")

    assert english.status == vietnamese.status == 1
    for said in ("can be read in two ways", "1.000", "1000 or 1", "is negative", "recorded"):
        assert said in english.err
    for said in ("có thể hiểu hai cách", "1.000", "1000 hoặc 1", "số âm", "không có gì được"):
        assert said in vietnamese.err


def test_a_file_that_cannot_be_read_is_refused_in_both_forms(desk: Desk) -> None:
    file = desk.place / "a.csv"
    file.write_bytes("M· hé;DiÖn tÝch tr­íc;DiÖn tÝch hiÕn".encode("latin-1"))
    status, told = desk.tries(file)

    assert (status, told["outcome"], told["problems"]) == (1, "refused", 1)
    assert "TCVN3" in desk.imports(file).err


def test_no_person_appears_anywhere(desk: Desk) -> None:
    """Not in answers, errors or the record; nor when their data stand in the wrong column."""
    good = xlsx(desk.place / "a.xlsx", NAMED, (1, CANARY, "031085001234", *H1))
    slipped = (
        (1, "x", "1", CANARY, *H1[1:]),
        (2, "x", "1", "031085001234", *H2[1:]),
        (3, "x", "1", "H3", CANARY, "0912345678", CANARY, CANARY),
        (4, "x", "1", "H4", "031085001234", 5, 5, "Canary"),
        ("Cộng", CANARY, "", "", CANARY, 3),
        (CANARY, CANARY, CANARY, CANARY),
    )
    bad = xlsx(desk.place / "b.xlsx", NAMED, *slipped, (5, CANARY, "1", *H1))
    headless = xlsx(desk.place / "c.xlsx", (CANARY, CANARY), (CANARY, 1))
    answers = (
        desk.imports(good, "--dry-run"),
        desk.imports(bad),
        desk.imports(bad, "-o", "json"),
        desk.imports(headless),
    )
    said = "".join(answer.out + answer.err for answer in answers)
    desk.records(good)

    for part in ("Canary", "Hoàng Yến", "031085001234", "0912345678"):
        assert part not in said
        assert part not in desk.dump()


def test_the_form_needs_no_servers_and_overwrites_nothing(tmp_path: Path) -> None:
    form = tmp_path / "mau.xlsx"
    written = Terminal(tmp_path / "home").run("clearance", "import", "--template", str(form))

    assert (written.status, form.exists()) == (0, True)
    for place in (form, tmp_path / "mau.csv", tmp_path / "nowhere" / "mau.xlsx"):
        with pytest.raises(Failure) as refused:
            importing.write_template(place)
        assert refused.value.status == 2


def test_two_thousand_rows_are_one_decision(desk: Desk) -> None:
    rows = [(f"K{row:04}", 100 + row, row, 100, "rõ") for row in range(2_000)]
    file = xlsx(desk.place / "a.xlsx", CASES, *rows)
    desk.records(file)

    assert desk.compares(file).same == 2_000


def test_what_a_list_leaves_open_contradicts_nothing_and_what_it_says_otherwise_does(
    desk: Desk,
) -> None:
    poles = (*POLES, "Phương án")
    cases = (*CASES, "Loại đất")
    desk.records(xlsx(desk.place / "a.xlsx", cases, (*H1, "đất ở")))
    desk.records(xlsx(desk.place / "b.xlsx", poles, (*DT1, "hạ ngầm")), INVESTOR)

    for again in ((CASES, H1), (cases, (*H1, "")), (POLES, DT1), (poles, (*DT1, ""))):
        compared = desk.compares(xlsx(desk.place / "c.xlsx", *again))
        assert (compared.same, compared.findings) == (1, ())
    for otherwise, held in (
        ((cases, (*H1, "khác")), "residential land"),
        ((poles, (*DT1, "di chuyển")), "undergrounding"),
    ):
        (finding,) = desk.compares(xlsx(desk.place / "d.xlsx", *otherwise)).findings
        assert finding.flaw is Flaw.CONTRADICTS_RECORD
        assert held in finding.write
