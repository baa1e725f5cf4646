"""What is written from the code is as the code has it, and leaves nothing out."""

import re
from pathlib import Path
from typing import get_args

import pytest

from domain import streams
from domain.streams import DecisionRefused
from tests.docs import environment, glossary, reference
from tests.docs.quoted import DOCS, ROOT

OF_TESTS = ("tests", "bench", "chaos")
_VARIABLE = re.compile(r"\"(NTM_[A-Z0-9_]+)\"")


def test_the_reference_is_up_to_date() -> None:
    assert reference.REFERENCE.read_text("utf-8") == reference.reference(), "run `make reference`"


def test_the_glossary_is_up_to_date() -> None:
    assert glossary.GLOSSARY.read_text("utf-8") == glossary.written(), "run `make reference`"


def test_the_reference_has_every_event_once() -> None:
    kinds = [kind for room in reference.events().values() for kind in room]

    assert len(kinds) == len(set(kinds))
    assert set(kinds) == set(get_args(streams.Event))
    assert DecisionRefused in reference.events()["any stream"]


def test_the_reference_has_every_variable_that_programs_ask_for() -> None:
    rooms = [path for path in ROOT.glob("*") if path.name not in OF_TESTS]
    files = [file for room in rooms for file in (room.rglob("*.py") if room.is_dir() else [room])]
    ours = [file for file in files if file.suffix == ".py" and "/." not in str(file)]
    asked = {name for file in ours for name in _VARIABLE.findall(file.read_text("utf-8"))}

    assert asked == {name for name in environment.VARIABLES if name.startswith("NTM_")}


def test_the_glossary_has_both_words_of_every_table_in_order() -> None:
    rows = {tuple(line.split(" | ")[:2]) for line in glossary.shown().splitlines()}
    words = [word for table in glossary.tables().values() for word in table.values()]

    assert len(words) > 400
    assert {(f"| {vietnamese}", english) for vietnamese, english in words} <= rows
    own = glossary.own_words()
    assert own == sorted(own, key=glossary.in_order)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_within_the_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\((?!https?:|mailto:)([^)#]*)(#[^)]*)?\)", text)
    lost = [f"{name}{anchor}" for name, anchor in targets if not _leads(page, name, anchor)]

    assert lost == []


def _leads(page: Path, name: str, anchor: str) -> bool:
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not anchor or anchor[1:] in _anchors(target.read_text("utf-8"))


def _anchors(text: str) -> set[str]:
    """What a link to a heading of the page is written as."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
