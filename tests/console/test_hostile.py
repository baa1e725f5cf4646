"""Text that moves a cursor, turns a line or hides: on record it may be, on a screen it is inert.

Nobody can record it now; a record from elsewhere, or from before that rule, may hold it.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.streams import Fact
from domain.travel import past
from storage import codec, journey, log, pinned, read_models
from storage.folds import Fold
from storage.policies import load as law
from tests.conftest import NewDatabase
from tests.console.desk import Desk
from tests.console.terminal import Terminal

HOSTILE = (
    "\x1b[2J\x1b[31m"  # clears the screen, in red
    "\x1b]8;;http://evil\x07link\x1b]0;title\x07"  # a hyperlink, a window's title
    "\x9b31m\x07\x08\r\t\n\x0b\x7f"  # the same in eight bits, a bell, a line that is overwritten
    "\u202e\u2066\u200f"  # right to left
    "\u200b\u200d\ufeff\u00ad"  # no width at all
    "\u2028\u2029\U000e0041"  # other ends of a line, a tag
    "[bold red]Đường[/bold red][/]"  # markup of our own
)
FREE = {
    "name", "number", "contractor", "reason", "symbol", "issuer", "text", "text_vi", "text_en",
    "how", "document", "answer", "report",
}  # fmt: skip
"""Fields in which people type what they like."""

PROJECT, SECTION = "AD01-GT", "AD01-GT/T2"
COMMANDS = (
    ("project", "list"),
    ("project", "show", PROJECT),
    ("project", "timeline", PROJECT),
    ("why", PROJECT),
    ("watch", "--once"),
    ("inbox", "--all"),
    ("clearance", "list"),
    ("clearance", "show", SECTION),
    ("clearance", "obstacles", "--all"),
    ("escalation", "list", "--all"),
    ("escalation", "show", SECTION),
    ("escalation", "show", SECTION, "1"),
    ("question", "list", "--all"),
    ("question", "show", "KN01"),
    ("programme", "show", "NTM-HP"),
    ("capital", "show", "NTM-HP", "2024"),
    ("pay", "list"),
    ("pay", "show", f"{PROJECT}/1"),
    ("events", f"project/{PROJECT}"),
    ("events", f"clearance/{SECTION}"),
    ("report", "disbursement"),
    ("diff", "--from", "2024-02-01", "--to", "2024-05-01"),
    ("ledger", "journal"),
    ("export", "oc4ids"),
    ("export", "ocel"),
    ("doctor", PROJECT),
)


@pytest.fixture(scope="module")
def hostile(
    desk: Desk, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """One project of the demo's year, with hostile text wherever people type."""
    facts = tuple(_spoilt(fact) for fact in desk.facts if _is_shown(fact))
    home: Path = tmp_path_factory.mktemp("hostile") / "home"
    with new_database() as engine:
        pinned.save(engine, law())
        with log.turn(engine) as connection:
            log.append(connection, facts)
        with log.turn(engine) as connection:
            for stream in {fact.stream for fact in facts}:
                found = past(stream, (fact for fact in facts if fact.stream == stream))
                fold = Fold(version=found.version, decision_id="", state=found.state)
                journey.send(connection, read_models.write(stream, fold, law()))
        yield Desk(Terminal(home), engine, facts)


def _is_shown(fact: Fact) -> bool:
    room, _, name = fact.stream.partition("/")
    return room in ("programme", "capital", "question") or name.split("/")[0] == PROJECT


def _spoilt(fact: Fact) -> Fact:
    event = codec.EVENT.dump_python(fact.event, mode="json")
    act = codec.ACT.dump_python(fact.act, mode="json")
    return replace(
        fact,
        event=codec.EVENT.validate_json(json.dumps(_with_hostile(event))),
        act=codec.ACT.validate_json(json.dumps(_with_hostile(act))),
    )


def _with_hostile(thing: Any, field: str = "") -> Any:
    match thing:
        case dict():
            return {key: _with_hostile(value, key) for key, value in thing.items()}
        case list():
            return [_with_hostile(one, field) for one in thing]
        case str() if field in FREE and thing:
            return f"{thing} {HOSTILE}"
        case _:
            return thing


def hidden(text: str) -> set[str]:
    return {
        char
        for char in text
        if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_hands_it_to_the_terminal(hostile: Desk, words: tuple[str, ...]) -> None:
    answer = hostile.run(*words)

    assert answer.out, answer.err
    assert "Traceback" not in answer.err
    assert hidden(answer.out) == hidden(answer.err) == set()


def test_markup_in_it_is_text(hostile: Desk) -> None:
    shown = " ".join(hostile.run("project", "show", PROJECT).out.split())

    assert "[bold red]Đường[/bold red]" in shown


@pytest.mark.parametrize("words", [("project", "show", PROJECT), ("project", "list")], ids=" ".join)
def test_as_json_it_is_escaped_and_read_as_it_was(hostile: Desk, words: tuple[str, ...]) -> None:
    answer = hostile.run(*words, "--output", "json")

    assert hidden(answer.out) == set()
    assert HOSTILE in _texts(json.loads(answer.out))


def _texts(thing: Any) -> str:
    match thing:
        case dict():
            return "".join(map(_texts, thing.values()))
        case list():
            return "".join(map(_texts, thing))
        case _:
            return str(thing)


def test_in_a_spreadsheet_it_stands_on_one_line(hostile: Desk) -> None:
    answer = hostile.run("project", "list", "--output", "csv")

    assert hidden(answer.out) - {"\ufeff", "\r"} == set()
    assert answer.out.startswith("\ufeff")
    assert "\ufeff" not in answer.out[1:]
    assert len(answer.out.splitlines()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("project", "show", HOSTILE),
        (HOSTILE,),
        ("project", f"--{HOSTILE}"),
        ("why", HOSTILE),
        ("inbox", "--as", HOSTILE),
        ("events", HOSTILE),
        ("audit", "prove", HOSTILE),
    ],
    ids=range(7),
)
def test_what_is_typed_is_not_thrown_back(hostile: Desk, words: tuple[str, ...]) -> None:
    answer = hostile.run(*words)

    assert answer.status != 0
    assert "Traceback" not in answer.err
    assert hidden(answer.out) == hidden(answer.err) == set()
