"""What leaves the record: in the forms of the field's standards, and never a household."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker  # type: ignore[import-untyped]  # no types
from openpyxl import load_workbook
from referencing import Registry
from referencing.jsonschema import DRAFT4

from console.exports import ocel
from domain.cases import CaseEntry, Inventoried
from domain.clearance import HandOverSite
from domain.escalation import Escalate
from domain.households import (
    ApproveSupportPlan,
    PostPlan,
    RecordDonations,
    RecordInventory,
    RecordSupportPaid,
    RegisterCases,
    TakeOverLand,
    WithdrawDonation,
)
from domain.obstacles import Blocks, RecordObstacle, RemoveObstacle
from domain.policy import Policy
from domain.programme_forms import RegisterProgramme
from domain.project import OpenClearance
from domain.streams import Command, programme_stream
from domain.values import (
    SYSTEM,
    Act,
    Cause,
    Document,
    Extent,
    Land,
    ObstacleId,
    PaymentKind,
    Post,
    Vnd,
)
from storage.record import Record
from tests.conftest import NewDatabase, tell
from tests.console.terminal import Terminal
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CHAIR,
    CLEARANCE,
    INVESTOR,
    OFFICER,
    PROGRAMME,
    PROJECT,
    ROAD,
    SCHOOL,
    TO_CONTRACT,
    Asked,
    act,
    at,
    build,
    codes,
    pay,
    request,
)

STANDARD = Path(__file__).parent.parent / "data" / "oc4ids-0.9.5"
FORMATS = FormatChecker(())
"""What the standard wants of a moment: RFC 3339, for which jsonschema alone has no check."""

FORMATS.checks("date-time")(
    lambda text: re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text)
)
CANARIES = codes("CANARY1", "CANARY2")
AREA = 77_123
PERSON = "bà Canary Hoàng Yến"


def on_site(command: Command, by: Post, day: str, paper: str = "01/BB") -> Asked:
    document = Document(symbol=paper, issued_on=date(2024, 1, 5), issuer="UBND")
    return CLEARANCE, command, act(by, day, document)


def _household(code: str) -> CaseEntry:
    return CaseEntry(
        code=codes(code)[0],
        area_before_m2=AREA,
        area_given_m2=20,
        area_left_m2=AREA - 20,
        origin_confirmed=True,
        land=Land.RESIDENTIAL,
    )


STORY: tuple[Asked, ...] = (
    *TO_CONTRACT,
    (PROJECT, OpenClearance(section=ROAD), act(INVESTOR, "2024-02-01")),
    on_site(RegisterCases(cases=tuple(map(_household, CANARIES))), OFFICER, "2024-02-02"),
    on_site(RecordDonations(cases=CANARIES), OFFICER, "2024-02-20", "deed of CANARY1"),
    on_site(
        RecordObstacle(
            obstacle=ObstacleId("O1"),
            cause=Cause.LAND_VALUE_HIGH,
            blocks=Blocks(cases=CANARIES[:1]),
        ),
        OFFICER,
        "2024-02-21",
    ),
    on_site(RemoveObstacle(obstacle=ObstacleId("O1"), how=f"{PERSON} nods"), OFFICER, "2024-03-20"),
    on_site(WithdrawDonation(case=CANARIES[1], reason=f"{PERSON} waits"), OFFICER, "2024-03-21"),
    on_site(RecordDonations(cases=CANARIES[1:]), OFFICER, "2024-03-22"),
    (CLEARANCE, Escalate(), Act(by=SYSTEM, at=at("2024-06-03"))),
    on_site(
        RecordInventory(
            cases=tuple(Inventoried(code=one, structures=Vnd(50_000_000)) for one in CANARIES)
        ),
        BOARD,
        "2024-06-04",
    ),
    on_site(PostPlan(cases=CANARIES), BOARD, "2024-06-04"),
    on_site(ApproveSupportPlan(cases=CANARIES, amount=Vnd(100_000_000)), CHAIR, "2024-06-24"),
    request(1, PaymentKind.COMPENSATION, 100_000_000, "2024-06-25"),
    *pay(1, "2024-06-26"),
    on_site(RecordSupportPaid(cases=CANARIES), BOARD, "2024-06-27"),
    on_site(TakeOverLand(cases=CANARIES[:1]), BOARD, "2024-06-28"),
    on_site(HandOverSite(extent=Extent.PARTIAL), BOARD, "2024-06-28"),
    on_site(TakeOverLand(cases=CANARIES[1:]), BOARD, "2024-07-01"),
    on_site(HandOverSite(extent=Extent.FULL), BOARD, "2024-07-02", "02/BB"),
    *build(ROAD, 1_000_000_000, "2024-08-01"),
    *build(SCHOOL, 1_000_000_000, "2024-08-02"),
    request(2, PaymentKind.VOLUME, 1_000_000_000, "2024-08-05"),
    *pay(2, "2024-08-06"),
    (
        programme_stream(PROGRAMME),
        RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=1),
        act(AGRICULTURE, "2024-08-07"),
    ),
)
LISTS = (
    "inbox --all",
    "project timeline AD01-GT",
    "clearance list",
    "clearance obstacles --all",
    "escalation list --all",
    "notices list --all",
    "events clearance/AD01-GT/T1",
    "report waiting --by case",
    "report disbursement --explain households",
    "report curve --as-of 2024-08-30",
    "report ranking --by commune --as-of 2024-08-30",
    "diff --from 2024-01-31 --to 2024-08-30",
)
"""Whatever is read from a section or its messages."""
STANDARDS = ("export oc4ids", "export ocel")


@dataclass(frozen=True)
class Desk:
    """A terminal at a record that somebody else serves."""

    terminal: Terminal
    url: str

    def writes(self, words: str) -> str:
        answer = self.terminal.run(*words.split(), NTM_DATABASE_URL=self.url)
        assert answer.status == 0, (words, answer.err)
        return answer.out

    def file(self, words: str, name: str) -> Path:
        file = self.terminal.home.parent / name
        assert self.writes(f"{words} --out {file}") == ""
        return file

    def exports(self, words: str) -> Any:
        return json.loads(self.writes(words))


@pytest.fixture(scope="module")
def desk(
    new_database: NewDatabase, policy: Policy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    with new_database() as engine:
        tell(Record(engine, policy), *STORY)
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        yield Desk(Terminal(tmp_path_factory.mktemp("desk") / "home"), url)


def findings(package: Any) -> list[str]:
    """What the standard's own checks would say of a package: schema, codes, currencies, names."""
    schemas = {
        name: json.loads((STANDARD / name).read_text("utf-8"))
        for name in ("project-package-schema.json", "project-schema.json")
    }
    known = Registry().with_resources(
        (schema["id"], DRAFT4.create_resource(schema)) for schema in schemas.values()
    )
    checker = Draft4Validator(
        schemas["project-package-schema.json"],
        registry=known,
        format_checker=FORMATS,
    )
    said = [f"{error.json_path}: {error.message}" for error in checker.iter_errors(package)]
    for project in package["projects"]:
        parties = {party["id"] for party in project.get("parties", ())}
        for path, found in walk(project):
            last = path[-1]
            if isinstance(found, dict) and "amount" in found and last != "amounts":
                inner = found["amount"]
                if not isinstance(inner, dict) and found.get("currency") != "VND":
                    said.append(f"{path}: missing currency")
            if last in ("publicAuthority", "payer", "payee", "sourceParty"):
                said += [] if found["id"] in parties else [f"{path}: {found['id']} is no party"]
            if found in ("", [], {}, None):
                said.append(f"{path}: empty")
        said += [
            f"{name}: {code}"
            for name, found in coded(project)
            for code in found
            if code not in codelist(name)
        ]
    return said


def coded(project: Any) -> Iterator[tuple[str, list[str]]]:
    yield "projectSector", project["sector"]
    yield "milestoneType", [one["type"] for one in project.get("milestones", ())]
    metrics = [*project.get("metrics", ()), *project.get("forecasts", ())]
    yield "metricID", [one["id"] for one in metrics]
    yield "partyRole", [role for party in project["parties"] for role in party["roles"]]
    papers = project.get("documents", ())
    yield "documentType", [one["documentType"] for one in papers if "documentType" in one]
    for one in project.get("contractingProcesses", ()):
        yield "contractNature", one["summary"]["nature"]
        yield "contractingProcessStatus", [one["summary"]["status"]]


def codelist(name: str) -> set[str]:
    text = (STANDARD / "codelists" / f"{name}.csv").read_text("utf-8")
    return {row["Code"] for row in csv.DictReader(io.StringIO(text))}


def walk(found: Any, path: tuple[str, ...] = ("project",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, found
    inner = found.items() if isinstance(found, dict) else ()
    for name, one in inner:
        yield from walk(one, (*path, name))
    for one in found if isinstance(found, list) else ():
        yield from walk(one, (*path, "[]"))


def test_projects_leave_as_the_standard_has_them(desk: Desk) -> None:
    package = desk.exports("export oc4ids --prefix oc4ids-abc123")

    assert findings(package) == []
    (project,) = package["projects"]
    assert project["id"] == "oc4ids-abc123-AD01-GT"
    assert "unregistered" not in package["publisher"]["name"]
    assert project["status"] == "implementation"
    assert project["social"]["landCompensationBudget"]["amount"] == 100_000_000
    assert [one["value"]["amount"] for one in project["transactions"]] == [
        100_000_000,
        1_000_000_000,
    ]
    # Whoever was supported for land is nobody's business: the board is who was paid.
    assert project["transactions"][0]["payee"]["id"] == "clearance-board@an-duong"
    land = next(one for one in project["milestones"] if one["id"] == "site-T1")
    assert (land["status"], land["dateMet"]) == ("met", "2024-07-02T09:00:00+07:00")


def test_whatever_the_view_the_form_stays_that_of_the_standard(desk: Desk) -> None:
    for day in ("2024-01-02", "2024-06-30"):
        assert findings(desk.exports(f"export oc4ids --as-of {day}")) == [], day


def test_without_a_prefix_of_its_own_a_package_says_so(desk: Desk) -> None:
    answer = desk.terminal.run("export", "oc4ids", NTM_DATABASE_URL=desk.url)

    package = json.loads(answer.out)
    assert "NTM_OC4IDS_PREFIX" in answer.err
    assert "unregistered" in package["publisher"]["name"]
    assert findings(package) == []


def test_a_checker_that_finds_nothing_wrong_would_find_what_is(desk: Desk) -> None:
    package = desk.exports("export oc4ids")
    project = package["projects"][0]
    project["status"] = "clearance"
    project["sector"] = ["village"]
    project["updated"] = "2024-03-15"
    project["parties"] = project["parties"][1:]
    project["locations"] = []
    del project["budget"]["amount"]["currency"]

    said = " ".join(findings(package))
    for wrong in ("clearance", "village", "2024-03-15", "no party", "empty", "missing currency"):
        assert wrong in said


def test_the_event_log_is_whole(desk: Desk) -> None:
    log = desk.exports("export ocel")

    assert ocel.flaws(log) == ()
    types = {one["type"] for one in log["objects"]}
    assert types == {"project", "commune", "unit", "section", "approval", "obstacle", "payment"}
    events = {one["id"]: one for one in log["events"]}
    removed = next(one for one in events.values() if one["type"] == "ObstacleRemoved")
    assert {each["objectId"] for each in removed["relationships"]} == {
        "section:AD01-GT/T1",
        "project:AD01-GT",
        "obstacle:AD01-GT/T1/O1",
        "unit:ad-01",
    }
    project = next(one for one in log["objects"] if one["id"] == "project:AD01-GT")
    phases = [one["value"] for one in project["attributes"] if one["name"] == "phase"]
    assert phases == ["approval", "clearance", "construction"]


def test_a_view_that_lacks_what_a_fact_follows_leaves_no_dangling_id(desk: Desk) -> None:
    assert ocel.flaws(desk.exports("export ocel --as-of 2024-03-10")) == ()


def test_a_relation_to_nobody_is_found() -> None:
    log = {
        "eventTypes": [{"name": "A", "attributes": []}],
        "objectTypes": [{"name": "unit", "attributes": []}],
        "events": [
            {
                "id": "e1",
                "type": "A",
                "attributes": [{"name": "role", "value": "x"}],
                "relationships": [{"objectId": "unit:a", "qualifier": "by"}],
            }
        ]
        * 2,
        "objects": [{"id": "unit:b", "type": "ghost", "attributes": [], "relationships": []}],
    }

    said = " ".join(ocel.flaws(log))
    for wrong in ("ids twice", "relates to unit:a", "ghost", "attribute role"):
        assert wrong in said


def test_no_household_leaves_in_any_form(desk: Desk) -> None:
    """By code, by area, by what was typed of a person, or by the paper of its own step."""
    tokens = (
        *CANARIES,
        str(AREA),
        f"{AREA:,}",
        f"{AREA:_}".replace("_", "."),
        "Canary",
        "Hoàng Yến",
    )
    kept = desk.writes("events clearance/AD01-GT/T1 --output json")
    assert all(token in kept for token in (*CANARIES, str(AREA), PERSON))

    left = {
        **{words: desk.writes(f"{words} --output csv") for words in LISTS},
        **{words: desk.writes(words) for words in STANDARDS},
    }
    # Every list goes the same way into either form: these hold the most.
    for number, words in enumerate((LISTS[1], LISTS[3])):
        book = load_workbook(desk.file(words, f"{number}.xlsx"))
        left[f"{words}, xlsx"] = "\n".join(
            str(cell) for sheet in book for row in sheet.values for cell in row
        )
    said = [(words, token) for words, text in left.items() for token in tokens if token in text]
    assert said == []


def test_a_list_leaves_with_real_numbers_and_dates(desk: Desk) -> None:
    sheet = load_workbook(desk.file("pay list", "pay.xlsx")).worksheets[0]
    head, first, *_ = list(sheet.values)

    row = dict(zip(head, first, strict=True))
    assert row["Amount"] == 100_000_000
    assert row["Since"] == datetime(2024, 6, 26, 9)
    assert row["Kind"] == "compensation"
    assert sheet.freeze_panes == "A2"
    amount = head.index("Amount") + 1
    assert sheet.cell(2, amount).number_format == "#,##0"


def test_a_spreadsheet_speaks_as_its_reader_does_and_a_program_reads_the_same(desk: Desk) -> None:
    book = load_workbook(desk.file("--lang vi pay list", "thanh-toan.xlsx"))
    head, first, *_ = list(book.worksheets[0].values)

    assert dict(zip(head, first, strict=True))["Loại"] == "bồi thường, hỗ trợ"
    assert book.worksheets[1].title == "Nguồn"
    assert desk.writes("--lang vi pay list -o json") == desk.writes("pay list -o json")
    assert desk.writes("--lang vi export ocel") == desk.writes("export ocel")


def test_a_file_names_its_form_and_is_written_whole_or_not_at_all(desk: Desk) -> None:
    file = desk.file("clearance list", "sections.csv")
    assert file.read_bytes().startswith("\ufeffStream,".encode())

    told = file.read_bytes()
    answer = desk.terminal.run(
        *("events", "project/NOPE", "--out", str(file)), NTM_DATABASE_URL=desk.url
    )
    assert answer.status == 1
    assert file.read_bytes() == told
    assert [one.name for one in file.parent.glob(".sections*")] == []

    nowhere = desk.terminal.run(
        *("clearance", "list", "--out", "/nowhere/at/all.csv"), NTM_DATABASE_URL=desk.url
    )
    assert (nowhere.status, "--out" in nowhere.err) == (2, True)
