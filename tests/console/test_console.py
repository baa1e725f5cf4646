"""The command line as people use it: a subprocess, real servers, one small project's life."""

import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from console import failures, show
from domain.calendar import HANOI
from tests.console.sheets import text
from tests.console.terminal import Terminal

INVESTOR = "investor@an-duong"
OFFICER = "officer@xa-01"
BOARD = "clearance-board@an-duong"
DISTRICT_CHAIR = "chair@an-duong"
CITY_CHAIR = "chair@hai-phong"
DECIDED_BY_HOLDER = ("decide-dossier", "check-payment", "confirm-treasury")
PAPER = ("--document", "01/KH-UBND;2024-01-05;UBND thành phố")
DECISION = ("--document", "12/QĐ-UBND;2024-01-05;UBND thành phố")


@pytest.fixture(scope="session")
def office() -> Iterator[Terminal]:
    """Servers of our own, and a project whose investment was approved."""
    place = Path(tempfile.mkdtemp(prefix="ntm-test-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    terminal = Terminal(place / "home")
    try:
        assert terminal.runs_cold("up").status == 0
        _begin(terminal)
        yield terminal
    finally:
        terminal.runs_cold("down")
        shutil.rmtree(place)


@pytest.fixture
def nowhere(tmp_path: Path) -> Terminal:
    """A home where nothing was started."""
    return Terminal(tmp_path / "home")


def _begin(terminal: Terminal) -> None:
    terminal.does(
        "programme",
        "register",
        "NTM",
        "--name",
        "Nông thôn mới",
        "--base-communes",
        "1",
        by="agriculture@hai-phong",
    )
    cohort = ("2024", "--year", "2024", "--size", "1")
    terminal.does("programme", "cohort", "NTM", *cohort, by="agriculture@hai-phong")
    terminal.does(*register("P1", name="Đường [bold]xã"), by=INVESTOR)
    terminal.does("capital", "allocate", "NTM", _year(), "P1=5000000000", *PAPER, by=CITY_CHAIR)
    terminal.does(
        "project", "submit", "P1", "investment-policy", "--amount", "6000000000", by=INVESTOR
    )


def _year() -> str:
    return str(datetime.now(HANOI).year)


def register(project: str, name: str) -> tuple[str, ...]:
    charter = ("--name", name, "--cohort", "NTM/2024", "--commune", "c01", "--synthetic")
    units = ("--units", "xa-01,an-duong,hai-phong")
    return ("project", "register", project, *charter, *units, "--works", "T1;Đường;road;clear")


def _approve_all(terminal: Terminal, item: str) -> None:
    """Every post that holds an item says yes in its turn, the first as the inbox has it."""
    waiting = [row["wait"] for row in terminal.asks("inbox", "--all")["waits"]]
    while holding := [wait for wait in waiting if wait["task"] in DECIDED_BY_HOLDER]:
        post = holding[0]["post"]
        by = f"{post['role']}@{post['unit']}"
        minutes = ("--minutes", "01/BB;2024-01-05;UBND") if post["role"] == "chair" else ()
        given = minutes if holding[0]["task"] == "decide-dossier" else ()
        waiting = terminal.asks("approve", item, *DECISION, *given, "--as", by)["waits"]


def _clear_the_only_household(office: Terminal) -> None:
    case = ("clearance", "case")
    _import_the_only_household(office)
    office.does(*case, "origin", "P1/T1", "H1", by=OFFICER)
    office.does(*case, "donate", "P1/T1", "H1", "--deed", *PAPER, by=OFFICER)
    # The plan has to hang for some days before it is approved.
    then = ("--at", (datetime.now(HANOI) - timedelta(days=30)).date().isoformat())
    office.does(*case, "inventory", "P1/T1", "H1=12000000", *then, by=BOARD)
    office.does(*case, "post", "P1/T1", "H1", *PAPER, *then, by=BOARD)
    office.does(*case, "plan", "P1/T1", "H1", "--amount", "12000000", by=DISTRICT_CHAIR)
    office.does(*case, "paid", "P1/T1", "H1", by=BOARD)
    office.does(*case, "take-over", "P1/T1", "H1", *PAPER, by=BOARD)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _ask_the_city_about_poles(office: Terminal) -> None:
    line = ("clearance", "utility")
    office.does(*line, "register", "P1/T1", "DT1:MV:6:1260000000", by=INVESTOR)
    obstacle = ("record", "P1/T1", "V2", "power-line-mv", "--utility", "DT1")
    office.does("clearance", "obstacle", *obstacle, by=OFFICER)
    ask = ("question", "raise", "KN1", "P1/T1:V2", "--cause", "power-line-mv", "--text", "Vốn?")
    assert "next: agriculture@hai-phong" in office.does(*ask, by=OFFICER)
    (waiting,) = office.asks("clearance", "obstacles", "--question", "KN1")
    assert (waiting["name"], waiting["age_working_days"]) == ("V2", 0)

    told = ("--text", "Một đoạn", *PAPER)
    office.does("question", "report", "KN1", *told, by="agriculture@hai-phong")
    early = ("question", "answer", "KN1", "--outcome", "releases", "--text", "Làm trước 30/6")
    decided = (*early, "--from", "2024-04-20", "--payer", "programme", *PAPER)
    office.does(*decided, by=CITY_CHAIR)

    (reached,) = office.asks("question", "show", "KN1")["obstacles"]
    assert reached["obstacle"]["answer"]["directive"]["outcome"] == "releases"
    power = "power-company@hai-phong"
    days = ("--from", "2024-05-06", "--to", "2024-05-24")
    office.does(*line, "schedule", "P1/T1", "DT1", *days, by=power)
    office.does(*line, "estimate", "P1/T1", "DT1", "--amount", "1", "--reason", "giá", by=power)
    office.does(*line, "relocated", "P1/T1", "DT1", "--poles", "4", by=power)
    assert "4 / 6" in office.does("clearance", "show", "P1/T1")
    office.does(*line, "relocated", "P1/T1", "DT1", by=power)
    obstacles = office.asks("clearance", "show", "P1/T1")["state"]["ground"]["obstacles"]
    assert obstacles["V2"]["means"] == "relocation"


def _import_the_only_household(office: Terminal) -> None:
    file = text(
        office.home.parent / "ho.csv",
        ("Mã hộ", "Họ tên", "Trước", "Hiến", "Còn lại", "Nguồn gốc đất"),
        ("H1", "Canary Nguyễn", 100, 20, 80, "chưa rõ"),
    )
    asked = ("clearance", "import", "P1/T1", str(file), "--as", OFFICER)

    assert office.asks(*asked, "--dry-run")["outcome"] == "dry-run"
    assert office.asks(*asked)["outcome"] == "recorded"
    assert office.asks(*asked)["outcome"] == "on-record-already"

    kept = [file for file in office.home.rglob("*") if file.is_file()]
    assert len(kept) > 100
    assert [file for file in kept if b"Canary" in file.read_bytes()] == []


def test_a_project_lives_from_registration_to_its_first_payment(office: Terminal) -> None:
    _approve_all(office, "P1")
    office.does("project", "submit", "P1", "project", "--amount", "6000000000", by=INVESTOR)
    _approve_all(office, "P1")
    opened = office.does("project", "clear", "P1", "T1", by=INVESTOR)

    assert f"next: {OFFICER}" in opened

    _clear_the_only_household(office)
    _ask_the_city_about_poles(office)
    obstacle = ("clearance", "obstacle")
    office.does(*obstacle, "record", "P1/T1", "V1", "land-origin-unclear", by=OFFICER)
    blocked = office.run("clearance", "hand-over", "P1/T1", "--extent", "full", "--as", BOARD)

    assert blocked.status == 1
    assert "1 obstacles still stand in the way of a full hand-over [not_cleared]" in blocked.err

    shown = office.asks("clearance", "show", "P1/T1")
    assert shown["progress"]["stages"]["handed-over"]["area_m2"] == 20
    assert office.asks("project", "show", "P1")["clearance"] == shown["progress"]
    printed = office.does("clearance", "show", "P1/T1")
    assert "1 household, 20 m²; 1 handed over, 20 m²; inventoried 1/1; posted 1/1" in _flat(printed)

    recover = ("clearance", "recovery", "meeting", "P1/T1", "H1", *PAPER, "--as", OFFICER)
    donated = office.run(*recover)
    assert donated.status == 1
    assert "on the donation route are: H1 [out_of_turn]" in donated.err

    owner = shown["state"]["ground"]["obstacles"]["V1"]["owner"]
    office.does(
        *obstacle,
        "remove",
        "P1/T1",
        "V1",
        "--how",
        "đã xác nhận",
        by=f"{owner['role']}@{owner['unit']}",
    )
    office.does("clearance", "hand-over", "P1/T1", "--extent", "full", by=BOARD)
    office.does(
        "project",
        "contract",
        "P1",
        "--number",
        "01/HĐ",
        "--contractor",
        "A",
        "--worth",
        "5000000000",
        by=INVESTOR,
    )
    office.does("works", "start", "P1/T1", by=INVESTOR)
    office.does("works", "progress", "P1/T1", "--percent", "40", by=INVESTOR)
    office.does("works", "accept", "P1/T1", "--volume", "2000000000", by=INVESTOR)
    receipt = office.does("pay", "request", "P1/1", "volume", "--worth", "1000000000", by=INVESTOR)

    assert re.search(r"recorded: event \d+, version \d+ of project/P1", receipt)
    assert re.search(r"next: finance@an-duong, .* due \d\d/\d\d/\d{4}", receipt)

    _approve_all(office, "P1/1")
    shown = office.asks("project", "show", "P1")

    assert shown["phase"] == "construction"
    assert list(shown["state"]["ledger"]["paid"]) == ["P1/1"]
    report = office.asks("report", "disbursement")
    assert report["portfolio"]["rate"] == {"disbursed": 1_000_000_000, "of": 5_000_000_000}
    assert report["rate_percent_cut"] == "20.0"


PERSONS = [(f"Canary{n} Nguyễn Thị", f"0310850{n:05d}") for n in range(50)]
"""Invented: nobody bears such a name, or such an identity number."""


def test_fifty_persons_leave_no_trace_in_logs_and_temporal(
    office: Terminal, tmp_path: Path
) -> None:
    """As columns of a file that is read, as codes, and as numbers in a reason, by either door."""
    rows = [(f"K{n}", *person, 100, 20, 80, "rõ") for n, person in enumerate(PERSONS)]
    head = ("Mã hộ", "Họ tên", "CCCD", "Trước", "Hiến", "Còn lại", "Nguồn gốc đất")
    file = text(office.home.parent / "canary.csv", head, *rows)
    names, numbers = ([person[part] for person in PERSONS] for part in (0, 1))
    traces = {"NTM_TRACE": str(tmp_path / "traces.jsonl")}
    office.does(*register("K9", name="Đường xã"), by=INVESTOR)
    case = ("clearance", "case")

    def status(*words: str) -> int | None:
        return office.run(*words, "--as", OFFICER, **traces).status

    # Of a section that is cleared, and of one that is not opened: whatever becomes of it.
    assert status("clearance", "import", "P1/T1", str(file)) in {0, 1}
    assert status("clearance", "import", "K9/T1", str(file)) == 1
    assert status(*case, "origin", "P1/T1", *names) == 2
    for door in ((), ("--no-wait",)):
        reason = f"CCCD {', '.join(numbers)}"
        assert status(*case, "withdraw", "P1/T1", "H1", "--reason", reason, *door) == 1

    kept = [
        file
        for room in ("logs", "temporal")
        for file in (office.home / room).rglob("*")
        if file.is_file()
    ]
    kept.append(Path(traces["NTM_TRACE"]))
    assert b"fact_recorded" in (office.home / "logs" / "worker.log").read_bytes()
    assert b"P1/T1" in b"".join(file.read_bytes() for file in kept)
    found = [
        (file.name, token)
        for file in kept
        for content in [file.read_bytes()]
        for token in ("Canary", *numbers)
        if token.encode() in content
    ]
    assert found == []


def _says(office: Terminal, *words: str, by: str) -> str:
    """What a decision that is refused says on its first line."""
    answer = office.run(*words, "--as", by)
    assert answer.status == 1, words
    return answer.err.splitlines()[0]


def test_a_council_decides_lane_by_lane_and_may_think_again(office: Terminal) -> None:
    planning, finance, power = "planning@hai-phong", "finance@hai-phong", "power-company@hai-phong"
    minutes = ("--minutes", "05/BB;2024-01-05;Hội đồng thẩm định")
    large = ("investment-policy", "--amount", "300000000000")
    office.does(*register("L1", name="Đường lớn"), by=INVESTOR)
    office.does("project", "submit", "L1", *large, by=INVESTOR)

    # One has voted, one does not vote, and the leader asks before it does.
    office.does("approve", "L1", by=finance)
    office.does("abstain", "L1", "--reason", "có liên quan", by="agriculture@hai-phong")
    office.does("opinion", "ask", "L1", power, "--text", "Đường điện?", by=planning)
    slip = ("recall", "L1", "--reason", "nhầm")
    assert "another has acted since" in _says(office, *slip, by=finance)
    part = ("opinion", "ask", "L1", finance, "--text", "Vốn?")
    assert "finance@hai-phong has a part" in _says(office, *part, by=planning)
    office.does("opinion", "give", "L1", "--text", "Hai tuyến", by=power)
    rows = office.asks("inbox", "--as", planning)["waits"]
    (row,) = (row for row in rows if row["wait"]["stream"] == "project/L1")
    needs = "2 of 4 have voted; needs a majority with 3 present, and its minutes"
    assert row["wait"]["about"].endswith(needs)

    # The step is decided on its minutes, sent back by the next, and that is taken back.
    assert "[minutes_missing]" in _says(office, "approve", "L1", by=planning)
    office.does("approve", "L1", *minutes, by=planning)
    back = ("return", "L1", "--reason", "tính lại", "--to")
    assert "its submitter, appraise; not to x" in _says(office, *back, "x", by=CITY_CHAIR)
    assert "next: planning@hai-phong" in office.does(*back, "appraise", by=CITY_CHAIR)
    office.does(*slip, by=CITY_CHAIR)

    shown = office.asks("project", "show", "L1")
    assert [(one["step"], one["state"], one["round"]) for one in shown["chain"]] == [
        ("appraise", "approved", 1),
        ("decide", "open", 2),
    ]
    assert "Hai tuyến" in office.does("project", "show", "L1")
    office.does("approve", "L1", *minutes, *DECISION, by=CITY_CHAIR)


READING = (
    ("inbox", "--all"),
    ("project", "list"),
    ("project", "timeline", "P1"),
    ("programme", "show", "NTM"),
    ("capital", "show", "NTM", _year()),
    ("clearance", "list"),
    ("clearance", "show", "P1/T1"),
    ("clearance", "obstacles", "--all"),
    ("question", "list", "--all"),
    ("question", "show", "KN1"),
    ("pay", "list"),
    ("pay", "show", "P1/1"),
    ("escalation", "list", "--all"),
    ("events", "project/P1"),
    ("report", "disbursement"),
)


def test_tables_keep_to_the_width_and_say_nothing_by_colour_alone(office: Terminal) -> None:
    for words in READING:
        answer = office.run(*words, COLUMNS="80")

        assert (answer.status, answer.err) == (0, "")
        assert max(map(len, answer.out.splitlines())) <= 80
        assert "\x1b" not in answer.out


def test_programs_read_json_and_nothing_else(office: Terminal) -> None:
    for words in READING:
        assert office.asks(*words) is not None


def test_text_from_data_is_no_markup(office: Terminal) -> None:
    assert "Đường [bold]xã" in office.does("project", "show", "P1")


@pytest.mark.parametrize("hidden", ["\x1b[31m", "\u202e", "\u200b", "\r", "\x9b2J"], ids=ascii)
def test_text_from_data_neither_moves_the_cursor_nor_turns_the_line(hidden: str) -> None:
    assert show.clean(f"a{hidden[0]}b") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0 đ"),
        (999_999_999, "999,999,999 đ"),
        (1_845_000_000, "1.845 billion"),
        (1_845_000_001, "1,845,000,001 đ"),
        (2_047_000_000_000, "2,047 billion"),
    ],
)
def test_money_is_shown_exactly(amount: int, said: str) -> None:
    assert show.money(amount) == said


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("approve", "P1", "--as", CITY_CHAIR), "out_of_turn"),
        (("approve", "P9", "--as", CITY_CHAIR), "not_found"),
        (("project", "close", "P1", "--as", INVESTOR), "out_of_turn"),
        (("project", "close", "P1", "--as", DISTRICT_CHAIR), "authority"),
        (("events", "poem/P1"), "not_found"),
    ],
    ids=["nothing waits", "no such item", "too early", "not the post's", "no stream"],
)
def test_a_refusal_is_one_line_with_its_rule_and_what_to_do_next(
    office: Terminal, words: tuple[str, ...], rule: str
) -> None:
    answer = office.run(*words)
    line, advice = answer.err.splitlines()

    assert (answer.status, answer.out) == (1, "")
    assert line.startswith("ntm: ")
    assert line.endswith(f"[{rule}]")
    assert advice.strip()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pay", "request", "P1/9", "volume", "--worth", "1.000", "--as", INVESTOR), "1000 or 1"),
        (("works", "start", "P1", "--as", INVESTOR), "PROJECT/SECTION"),
        (("project", "close", "P1", "--as", "chairr@an-duong"), "did you mean chair@an-duong"),
        (("project", "close", "P1", "--as", "investor@an-duon"), "did you mean investor@an-duong"),
        (("project", "close", "P1", "--as", "system@ntm"), "roles: officer"),
        (("project", "close", "P1"), "NTM_POST"),
        (("project", "close", "P1", "--at", "yesterday", "--as", INVESTOR), "2024-04-30"),
        (("project", "clse", "P1"), "close"),
        (("inbox",), "--all"),
    ],
    ids=[
        "dots in money",
        "no section",
        "a slip in the role",
        "a slip in the unit",
        "the clock",
        "nobody",
        "no date",
        "no command",
        "whose inbox",
    ],
)
def test_wrong_usage_names_the_field_and_what_would_be_accepted(
    office: Terminal, words: tuple[str, ...], said: str
) -> None:
    answer = office.runs_cold(*words)

    assert (answer.status, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 2
    assert said in answer.err


def test_a_decision_repeated_under_its_id_counts_once(office: Terminal) -> None:
    office.does(*register("P2", name="Hai"), by=INVESTOR)
    by = ("--as", INVESTOR, "--id", str(uuid.uuid4()))
    submit = ("project", "submit", "P2", "investment-policy", *by, "--amount")
    first = office.asks(*submit, "1000000000")
    again = office.asks(*submit, "1000000000")
    other = office.run(*submit, "2000000000")

    assert (again["version"], again["position"]) == (first["version"], first["position"])
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert other.status == 1
    assert "was used for a different decision [already_exists]" in other.err

    holder = first["waits"][0]["post"]
    approve = ("approve", "P2", "--as", f"{holder['role']}@{holder['unit']}", "--id", "yes-to-P2")

    assert office.asks(*approve)["repeated"] is False
    assert office.asks(*approve)["repeated"] is True


def test_a_decision_left_without_waiting_shows_its_refusal_in_the_inbox(office: Terminal) -> None:
    left = office.does("project", "close", "P1", "--no-wait", by=INVESTOR)

    assert f"ntm inbox --as {INVESTOR}" in left

    # Durable at once, decided a moment later: a decision that waits comes after it.
    office.run("project", "close", "P1", "--as", INVESTOR)
    refused = office.asks("inbox", "--as", INVESTOR)["refused"]

    assert refused[0]["stream"] == "project/P1"
    assert refused[0]["refused"]["command"] == "CloseAccounts"


def test_the_post_may_come_from_the_environment(office: Terminal) -> None:
    assert office.run("inbox", NTM_POST=INVESTOR).status == 0


def test_resume_is_harmless_for_what_lives(office: Terminal) -> None:
    assert office.asks("resume")["open_cases"] >= 1


@pytest.mark.parametrize(
    "words",
    [("inbox", "--all"), ("project", "close", "P1", "--as", INVESTOR)],
    ids=" ".join,
)
def test_without_servers_the_status_is_3_and_says_how_to_start_them(
    nowhere: Terminal, words: tuple[str, ...]
) -> None:
    answer = nowhere.runs_cold(*words)

    assert (answer.status, answer.out) == (3, "")
    assert "is not running" in answer.err
    assert "ntm up" in answer.err
    assert "Traceback" not in answer.err


def test_a_database_that_does_not_answer_is_named_without_its_password(nowhere: Terminal) -> None:
    url = "postgresql://ntm:secret@127.0.0.1:1/ntm"
    answer = nowhere.runs_cold("inbox", "--all", NTM_DATABASE_URL=url)

    assert answer.status == 3
    assert "the record cannot" in answer.err
    assert "secret" not in answer.err


def test_a_profile_that_is_not_configured_is_wrong_usage(office: Terminal) -> None:
    answer = office.run("resume", TEMPORAL_PROFILE="nowhere")

    assert (answer.status, answer.out) == (2, "")
    assert "'nowhere' not found" in answer.err


def test_help_speaks_vietnamese_where_the_locale_has_no_letters_for_it(nowhere: Terminal) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for group in ((), ("inbox",), ("clearance", "case", "register"), ("demo",)):
        answer = nowhere.runs_cold(*group, "--help", "--lang", "vi", **ascii_only)

        assert (answer.status, answer.err) == (0, "")
        assert "Cách dùng" in answer.out


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, contextlib, cli\n"
        "sys.argv = ['ntm', '--help']\n"
        "with contextlib.suppress(SystemExit): cli.main()\n"
        "heavy = {'temporalio', 'sqlalchemy', 'pydantic', 'rich'} & set(sys.modules)\n"
        "sys.exit(bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_every_expected_failure_is_known_by_the_name_it_has() -> None:
    for name in failures.KNOWN:
        module, _, kind = name.rpartition(".")
        if module == "temporal_sdk_bridge":
            # Compiled, and importable under no name: the test above meets it.
            continue
        found = getattr(import_module(module), kind)

        assert f"{found.__module__}.{found.__qualname__}" == name


def test_a_doctor_finds_nothing_wrong_where_nothing_is(office: Terminal) -> None:
    found = office.asks("doctor")

    assert {finding["level"] for finding in found["findings"]} == {"ok"}
    assert {"postgresql", "temporal", "workers", "resets"} <= {
        f["check"] for f in found["findings"]
    }
    assert office.asks("reconcile")["differences"] == []


def test_a_doctor_says_whom_a_case_waits_for_and_since_when(office: Terminal) -> None:
    office.does(*register("P9", name="Đường"), by=INVESTOR)

    said = office.does("doctor", "P9")

    assert f"waits for {INVESTOR}, since" in said
    assert "(0 working days), no date, because: submit dossier" in said
    assert "; if ignored: " in said
    assert "record and workflow agree" in said


def test_a_doctor_without_servers_says_so_and_a_case_nobody_knows_is_refused(
    office: Terminal, nowhere: Terminal
) -> None:
    alone = nowhere.run("doctor")
    unknown = office.run("doctor", "NOBODY")

    assert alone.status == 3
    assert "PostgreSQL does not answer" in alone.out
    assert "Temporal does not answer" in alone.out
    assert unknown.status == 1
    assert "NOBODY" in unknown.err
