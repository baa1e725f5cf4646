"""What holds for the whole tree: what imports what, how things are named, how large they grow."""

import ast
import inspect
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from temporalio.common import SearchAttributeKey

from domain import recording, streams
from domain.authority import OF_THE_CLOCK, OF_THE_HOLDER
from domain.policy import Policy
from stack import attributes
from workflows import show

ROOT = Path(__file__).resolve().parent.parent
PURE = sorted((ROOT / "domain").glob("*.py"))
TIMELESS = [*PURE, *sorted((ROOT / "workflows").glob("*.py"))]
OURS = sorted(
    path
    for path in ROOT.rglob("*.py")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
COMMANDS: tuple[type, ...] = get_args(streams.Command)
ENTAILED: tuple[type, ...] = get_args(streams.Entailed)
EVENTS: tuple[type, ...] = get_args(streams.Event)
STATES: tuple[type, ...] = get_args(streams.State)
OUTCOMES: tuple[type, ...] = get_args(recording.Outcome)


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: str(path.relative_to(ROOT)))


def test_the_domain_needs_only_the_standard_library() -> None:
    modules = [f"domain.{path.stem}" for path in PURE if path.stem != "__init__"]
    # -I -S: no site-packages, no environment, no current directory.
    program = f"import sys; sys.path.append({str(ROOT)!r}); import {', '.join(modules)}"

    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


def test_no_dependency_takes_one_of_our_names() -> None:
    names = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in OURS}
    installed = packages_distributions()

    taken = {name: installed[name] for name in names & installed.keys()}
    assert all(owners == ["ntm"] for owners in taken.values()), taken
    assert not names & sys.stdlib_module_names


def test_every_kind_is_unique_and_is_the_name_of_its_class() -> None:
    closed = (*COMMANDS, *ENTAILED, *EVENTS, *STATES, *OUTCOMES)

    for kind in closed:
        assert get_args(get_type_hints(kind)["kind"]) == (kind.__name__,)
        assert inspect.signature(kind).parameters["kind"].default == kind.__name__
    doubled = [
        name for name, times in Counter(kind.__name__ for kind in closed).items() if times > 1
    ]
    assert doubled == []


def test_every_command_may_be_given_by_somebody(policy: Policy) -> None:
    by_policy = {row.command for row in policy.authorities}
    by_state = {kind.__name__ for kind in (*OF_THE_CLOCK, *OF_THE_HOLDER)}
    commands = {kind.__name__ for kind in COMMANDS}

    assert by_policy | by_state == commands
    assert not by_policy & by_state
    assert not commands & {kind.__name__ for kind in ENTAILED}


def test_the_search_attributes_we_register_are_those_we_show() -> None:
    kinds = {
        "KEYWORD": "Keyword",
        "KEYWORD_LIST": "KeywordList",
        "BOOL": "Bool",
        "INT": "Int",
    }
    shown = {
        key.name: kinds[key.indexed_value_type.name]
        for key in vars(show).values()
        if isinstance(key, SearchAttributeKey)
    }

    assert shown == attributes.ATTRIBUTES


@named(TIMELESS)
def test_rules_and_workflows_are_told_the_time(path: Path) -> None:
    assert list(_clocks(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    ["datetime.now(UTC)", "date.today()", "import random", "datetime(2024, 1, 1)", "time.time()"],
)
def test_what_asks_the_machine_for_the_time_is_found(code: str) -> None:
    assert list(_clocks(ast.parse(code))) != []


@named([path for path in OURS if not path.is_relative_to(ROOT / "tests")])
def test_a_file_can_be_read_at_one_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 350


def _clocks(tree: ast.AST) -> Iterator[str]:
    """Calls that ask the machine for time, chance or identity, and moments without a zone."""
    forbidden = {"now", "utcnow", "today", "time", "monotonic", "uuid4", "random", "fromtimestamp"}
    modules = {"datetime", "date", "time", "random", "uuid", "secrets"}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if (
                owner in modules and name in forbidden
            ):
                yield f"{node.lineno}: {owner}.{name}"
            case ast.Call(func=ast.Name(id="datetime"), keywords=keywords) if not any(
                keyword.arg == "tzinfo" for keyword in keywords
            ):
                yield f"{node.lineno}: a datetime without a zone"
            case ast.Call(func=ast.Attribute(attr="combine"), args=[_, _]):
                yield f"{node.lineno}: combined without a zone"
            case ast.Import(names=names):
                yield from (
                    f"{node.lineno}: {name.name}"
                    for name in names
                    if name.name in {"time", "random", "uuid", "secrets"}
                )
            case _:
                continue


def test_every_complaint_is_answered_by_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "approval-pains.md").read_text("utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if re.match(r"\| \d", line)]
    numbers = [int(row[0]) for row in rows]
    assert numbers == [*range(1, 11), *range(14, 17), *range(20, 40)]
    for number, _, answer, proof in rows:
        named = re.fullmatch(r" `(tests/[\w/]+\.py)::(test_\w+)` ", proof)
        if named is None:
            assert "cannot occur" in answer, number
            continue
        assert f"def {named[2]}(" in (ROOT / named[1]).read_text("utf-8"), number
