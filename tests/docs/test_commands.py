"""Every command that the documentation names can be typed: it exists, and so do its options."""

import re
import shlex
from base64 import b64encode
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

import cli
from tests.docs.quoted import ANYTHING, DOCS, Quoted, mentioned

EXACT = ("handbook-", "huong-dan", "tutorial", "reference")
"""Pages whose commands are whole, and can be typed as they stand."""
QUOTED = tuple(one for page in DOCS for one in mentioned(page))
WHOLE = tuple(
    one
    for one in QUOTED
    if one.place.startswith(EXACT) and " --" in one.line and ANYTHING not in one.line
)
_ENDS = ("|", "&&", ";", ">", "·")

_KEY = b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + b"k" * 32).decode()
PUBLIC = f"ssh-ed25519 {_KEY} somebody"
FILES = ("ho-dan.xlsx",)
"""What the pages take for there."""


def flaw(line: str) -> str:
    """What a command line names and `ntm` does not have, or nothing."""
    words = _words(line)
    command, path = _ntm(), "ntm"
    while words and hasattr(command, "get_command") and not words[0].startswith("-"):
        word = words.pop(0)
        found = _found(command, word)
        if found is None:
            return "" if word == ANYTHING or word.isupper() else f"{path} has no {word!r}"
        command, path = found, f"{path} {word}"
    known = {"--help", *(name for param in command.params for name in _names(param))}
    if path == "ntm":
        known |= {"--install-completion", "--show-completion"}
    wanted = [word.partition("=")[0] for word in words if word.startswith("-") and len(word) > 1]
    missing = [word for word in wanted if word not in known]
    return f"{path} has no option {missing[0]}" if missing else ""


@cache
def _ntm() -> Any:
    return get_command(cli.app)


@cache
def _found(group: Any, name: str) -> Any:
    """A command of a group; a group of commands is built once for all of them."""
    return group.get_command(None, name)


def _names(param: Any) -> tuple[str, ...]:
    return (*param.opts, *param.secondary_opts)


def _words(line: str) -> list[str]:
    """The words of one command, without the brackets around what may be left out."""
    # A drawing goes on with an arrow.
    every = shlex.split(line.partition("─")[0], comments=True)[1:]
    if "--lang" in every:
        # It may stand anywhere, and is taken from the line before it is read.
        at = every.index("--lang")
        del every[at : at + 2]
    end = next((n for n, word in enumerate(every) if word in _ENDS), len(every))
    return [word.strip("[],.:") for word in every[:end] if not word.startswith("<")]


def _place(one: Quoted) -> str:
    return f"{one.place} {one.line[:40]}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_what_a_page_says_to_type_exists(page: Path) -> None:
    flaws = {f"{one.place} {one.line}": flaw(one.line) for one in mentioned(page)}

    assert {place: wrong for place, wrong in flaws.items() if wrong} == {}


def test_the_pages_name_commands() -> None:
    assert len(QUOTED) > 150


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ntm inbox --as chair@hai-phong", ""),
        ("ntm works contract amend P1 --reason x  # --nonsense", ""),
        ("ntm demo [--no-live]", ""),
        ("ntm clearance case …", ""),
        ("ntm inbux", "ntm has no 'inbux'"),
        ("ntm works contract amand P1", "ntm works contract has no 'amand'"),
        ("ntm inbox --who chair", "ntm inbox has no option --who"),
        ("ntm --lang vi inbox --all", ""),
        ("ntm inbox --who chair --lang vi", "ntm inbox has no option --who"),
    ],
)
def test_what_does_not_exist_is_found(line: str, found: str) -> None:
    assert flaw(line) == found


@pytest.mark.parametrize("one", WHOLE, ids=_place)
def test_a_command_that_is_quoted_whole_can_be_typed_as_it_stands(
    one: Quoted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # As whoever has said once who he is; the handbooks do so first.
    monkeypatch.setenv("NTM_POST", "chair@hai-phong")
    for file in FILES:
        (tmp_path / file).touch()
    for file in re.findall(r"[\w-]+\.pub", one.line):
        (tmp_path / file).write_text(PUBLIC)
    words = list(one.words)
    command = _ntm()
    # A group may be a command itself, with options of its own.
    while hasattr(command, "get_command") and not words[0].startswith("-"):
        command = _found(command, words.pop(0))

    # Reads every argument and option as the command itself would, and stops there.
    with suppress(typer.Exit):
        command.make_context("ntm", words)
