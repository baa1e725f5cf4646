"""Writes `docs/reference.md` and the words of `docs/glossary.md` from the code: `make reference`.

`python -m tests.docs.reference` does the same. A test says when they have to be written again.
"""

import inspect
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

from typer.main import get_command

import cli
from console import record_words, refusal_words
from domain import streams
from domain.refusal import Refused, Rule
from domain.values import StreamId
from language.catalogue import Language, choose
from tests.docs import environment, glossary
from tests.docs.quoted import ROOT

REFERENCE = ROOT / "docs" / "reference.md"
_SHARED_FROM = 20
"""An option that as many commands take in the same form is described once for all of them."""

_ANY = "any stream"


def reference() -> str:
    """The whole page, in English whoever writes it; terms have their Vietnamese beside them."""
    choose(Language.ENGLISH)
    parts = [_HEAD, *_commands(), *_refusals(), *_events(), *_policies(), *_environment()]
    return "\n".join(parts).rstrip() + "\n"


_HEAD = """\
# Reference

Written from the code by `make reference`; not to be edited. The `--help` of a command says the same
of it, in Vietnamese with `--lang vi`.

- [Commands](#commands) (*lệnh*)
- [Refusals](#refusals) (*từ chối*)
- [Events](#events) (*sự kiện*)
- [Policy files](#policy-files) (*quy định*)
- [Environment](#environment) (*biến môi trường*)
"""


def leaves() -> Iterator[tuple[str, Any]]:
    """Every command that does something, in the order of the help."""
    for name in cli.Commands().list_commands(None):  # type: ignore[arg-type]  # it asks for none
        yield from _below(f"ntm {name}", get_command(cli.app).get_command(None, name))  # type: ignore[attr-defined]


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None or getattr(command, "invoke_without_command", False):
        yield path, command
    for name, found in (inner or {}).items():
        yield from _below(f"{path} {name}", found)


def _commands() -> Iterator[str]:
    every = list(leaves())
    common = _common(command for _, command in every)
    yield "## Commands\n"
    yield (
        "Options that many commands take are described here and only named below. Every command\n"
        "takes `--lang vi|en` as well, and `ntm --no-pager` goes before any.\n"
    )
    yield "| option | meaning |\n|---|---|"
    yield from common.values()
    titles = {f"ntm {name}": title for title, part in cli.SECTIONS.items() for name in part}
    title = ""
    for path, command in every:
        now = titles[" ".join(path.split()[:2])]
        if now != title:
            title = now
            yield f"\n### {title}\n"
        yield from _command(path, command, common)


def _common(commands: Iterator[Any]) -> dict[str, str]:
    rows = Counter(
        (_name(param), _row(command, param))
        for command in commands
        for param in command.params
        if _is_option(param)
    )
    return {name: row for (name, row), times in rows.items() if times >= _SHARED_FROM}


def _command(path: str, command: Any, common: dict[str, str]) -> Iterator[str]:
    arguments = [param for param in command.params if not _is_option(param)]
    options = [param for param in command.params if _is_option(param)]
    own = [param for param in options if common.get(_name(param)) != _row(command, param)]
    shared = [_name(param) for param in options if param not in own]
    usage = " ".join([path, *map(_placed, arguments), *(["[OPTIONS]"] if options else [])])
    yield f"#### `{usage}`\n"
    yield f"{_line(command.help)}\n"
    if arguments or own:
        yield "| | meaning |\n|---|---|"
        yield from (_row(command, param) for param in (*arguments, *own))
        yield ""
    if shared:
        yield f"Also: {', '.join(f'`{name}`' for name in shared)}.\n"
    examples = list(_examples(command.epilog or ""))
    if examples:
        yield "\n".join(["```", *examples, "```\n"])


def _examples(epilog: str) -> Iterator[str]:
    """The commands of an epilog; what is said between them ends them."""
    for one in re.findall(r"(?:^| )(ntm (?:(?! ntm ).)*)", _line(epilog)):
        yield re.split(r" — |; ", one)[0].removesuffix(";")


def _is_option(param: Any) -> bool:
    return bool(param.param_type_name == "option")


def _name(param: Any) -> str:
    return str(next(name for name in param.opts if name.startswith("--")))


def _placed(param: Any) -> str:
    written = str(param.metavar or param.name.upper())
    return written if param.required or written.startswith("[") else f"[{written}]"


def _row(command: Any, param: Any) -> str:
    """A line as the help has it."""
    record = param.get_help_record(command.make_context("ntm", [], resilient_parsing=True))
    name, means = record or (param.name, "")
    return f"| `{_cell(_line(name))}` | {_cell(_line(means))} |"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _refusals() -> Iterator[str]:
    yield "\n## Refusals\n"
    yield (
        "The word in brackets at the end of a refusal. Nothing was recorded; exit status 1. The\n"
        "sentence before it names the field, what was given and what would be accepted.\n"
    )
    yield "| rule | meaning | tiếng Việt |\n|---|---|---|"
    for rule in sorted(get_args(Rule)):
        vietnamese, english = refusal_words.RULES[rule]
        yield f"| `{rule}` | {english} | {vietnamese} |"


def rooms() -> tuple[str, ...]:
    """The kinds of stream, as the domain names them to whoever asks for another."""
    try:
        streams.initial(StreamId("?"))
    except Refused as refused:
        return tuple(refused.because.partition("one of ")[2].split(", "))
    raise AssertionError("any name is a stream")


def events() -> dict[str, tuple[type, ...]]:
    """What may happen on each kind of stream, as its own `evolve` takes it."""
    modules = [one for one in vars(streams).values() if inspect.ismodule(one)]
    folds = [_taken(one.evolve) for one in modules if hasattr(one, "evolve")]
    found: dict[str, tuple[type, ...]] = {}
    for room in rooms():
        state = type(streams.initial(StreamId(f"{room}/x/x")))
        # A part of a stream folds fewer of its events than the whole does.
        found[room] = max((kinds for states, kinds in folds if state in states), key=len)
    known = {kind for kinds in found.values() for kind in kinds}
    found[_ANY] = tuple(kind for kind in get_args(streams.Event) if kind not in known)
    return found


def _taken(evolve: Any) -> tuple[tuple[type, ...], tuple[type, ...]]:
    """The states and the events that an `evolve` takes."""
    state, event = list(get_type_hints(evolve).values())[:2]
    return get_args(state) or (state,), get_args(event) or (event,)


def _events() -> Iterator[str]:
    yield "\n## Events\n"
    yield (
        "What may be recorded on each kind of stream (`ntm events STREAM`). Every event carries\n"
        "its act: who, when, on which paper.\n"
    )
    for room, kinds in events().items():
        yield f"### {room}\n\n| event | meaning | tiếng Việt | fields |\n|---|---|---|---|"
        for kind in kinds:
            own = kind.__doc__ or ""
            about = "" if own.startswith(f"{kind.__name__}(") else f". {_line(own)}"
            vietnamese, english = record_words.EVENTS[kind.__name__]
            means = f"{_cell(english + about)} | {_cell(vietnamese)}"
            names = [name for name in inspect.signature(kind).parameters if name != "kind"]
            yield f"| `{kind.__name__}` | {means} | {', '.join(names) or '–'} |"
        yield ""


def _policies() -> Iterator[str]:
    yield "## Policy files\n"
    yield (
        "Law as effective-dated rows ([`policies/`](../policies)). *Verified* rows were read in\n"
        "the text of the law they name; the others are from memory or a default of this project,\n"
        "and want a lawyer before real use.\n"
    )
    yield "| file | rows | verified | not verified | fields of a row |\n|---|---|---|---|---|"
    for path in sorted((ROOT / "policies").glob("*.toml")):
        yield from _policy(path)


def _policy(path: Path) -> Iterator[str]:
    for name, rows in tomllib.loads(path.read_text("utf-8")).items():
        if not isinstance(rows, list):
            continue
        read = [row["verified"] for row in rows if "verified" in row]
        counts = f"{sum(read)} | {len(read) - sum(read)}" if read else "– | –"
        fields = ", ".join(dict.fromkeys(field for row in rows for field in row))
        yield f"| `{path.name}` [[{name}]] | {len(rows)} | {counts} | {fields} |"


def _environment() -> Iterator[str]:
    yield "\n## Environment\n"
    yield "| variable | meaning |\n|---|---|"
    for name, means in environment.VARIABLES.items():
        yield f"| `{name}` | {means} |"


if __name__ == "__main__":
    REFERENCE.write_text(reference(), "utf-8")
    glossary.GLOSSARY.write_text(glossary.written(), "utf-8")
