"""The tutorial is true: a new user's commands, word by word, on servers of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.terminal import Terminal
from tests.docs.quoted import ROOT, differs, typed

TUTORIAL = ROOT / "docs" / "tutorial.md"
OF_SERVERS = ("up", "down")


@pytest.fixture
def newcomer() -> Iterator[Terminal]:
    place = Path(tempfile.mkdtemp(prefix="ntm-test-"))
    # Root's PostgreSQL is another user's process and must get through.
    place.chmod(0o711)
    terminal = Terminal(place / "home")
    try:
        yield terminal
    finally:
        terminal.runs_cold("down")
        shutil.rmtree(place)


def test_whoever_follows_the_tutorial_sees_what_it_says(newcomer: Terminal) -> None:
    told = list(typed(TUTORIAL))

    assert len(told) > 40
    for one in told:
        run = newcomer.runs_cold if one.words[0] in OF_SERVERS else newcomer.run
        answer = run(*one.words, COLUMNS="80")

        printed = answer.err + answer.out
        refused = one.answer[:1] and one.answer[0].startswith("ntm: ")
        assert differs(one.answer, printed) == "", f"{one.place}: {one.line}\n{printed}"
        assert answer.status == (1 if refused else 0), one.place


@pytest.mark.parametrize(
    ("answer", "printed", "found"),
    [
        (("a 1", "b"), "a  1\n\nb\n", ""),
        (("a …", "…", "c"), "a 1\nb\nb\nc", ""),
        (("a",), "a\nb", "(more) b"),
        (("a", "…"), "a\nb", ""),
        (("a", "c"), "a\nb", "c"),
        (("…", "c"), "a\nb", "c"),
        ((), "a", "(more) a"),
    ],
)
def test_an_answer_that_is_not_as_it_was_said_is_found(
    answer: tuple[str, ...], printed: str, found: str
) -> None:
    assert differs(answer, printed) == found
