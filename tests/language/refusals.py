"""The forms of the sentences with which rules refuse, read from the code's syntax trees.

Every text of these rooms counts that is a sentence or a phrase: it has a blank and a word of its
own. What stands in its braces gets a name, after which a translation can place it: the last name
of the expression. A piece that is said only at times is a form itself.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from language.catalogue import LOCALE

ROOT: Final = LOCALE.parents[1]

_ROOMS: Final = (
    "domain/*.py", "signing/*.py", "storage/*.py", "activities/contact*.py",
    "office/doctor.py", "office/door.py", "office/engine.py", "office/reconcile.py",
    "office/rehearsal.py", "office/resume.py", "office/sealing.py", "office/session.py",
    "office/signer.py",
    "stack/cluster.py", "stack/endpoints.py", "stack/payload_keys.py", "stack/processes.py",
    "stack/temporal.py",
)  # fmt: skip
_REFUSE_ONLY: Final = ("console/bulk.py", "stack/up.py", "workflows/case.py")
"""Rooms whose other texts are labels, or said in the reader's language by themselves."""

_SAY_SOMETHING_ELSE: Final = {
    # Names in two languages, labels of the Web UI, and draws of chance.
    "domain/alarms.py", "domain/experience.py", "domain/play.py", "domain/simulation.py",
    "domain/wording.py", "storage/day_names.py",
    # Queries.
    "storage/beside.py", "storage/journey.py", "storage/links.py", "storage/names.py",
    "storage/people.py", "storage/proofs.py", "storage/read_models.py", "storage/rehearsal.py",
}  # fmt: skip
_REFUSALS: Final = {"Refused", "DidNotStart"}
_SAID_BY_THEMSELVES: Final = {"tr", "tr_in", "plural", "mark"}
_OF_THEMSELVES: Final = (
    # A word that is a fact by itself, and what stands between several.
    "none", "control", "invisible", "broken", "private-use", "posting", "notice", "persuasion",
    "inventory", "meeting", "nobody", " or ",
    # Of where the law says it, beside what its rows say themselves.
    " Art. ", "group {group}",
    # As the operating system says why a file or an address cannot be had.
    "No such file or directory", "Permission denied", "Is a directory", "Not a directory",
    "File exists", "Read-only file system", "No space left on device", "Address already in use",
    # As the library that reads rows of the law says what is wrong with one.
    "Input should be a valid integer",
    "Input should be a valid boolean",
    "Input should be a valid string",
    "Input should be an object",
    "Input should be {accepted}",
)  # fmt: skip
"""What sentences name, and no sentence holds."""

_PAPER: Final = re.compile("(NĐ|Luật|QĐ|NQ|group) ")
_WORD: Final = re.compile(r"[a-z]{2}")
_NO_SENTENCE: Final = re.compile(
    r"SELECT|WITH|INSERT|WHERE|CASE|SET|LOCK|PREPARE|EXECUTE|FROM|ExecutionStatus|\(\?P|---|# |"
    r".*(\n$| · | \| | WHERE |=\")",
)
"""How a query, a pattern, a line of a file or a label in both languages begins or looks."""


def forms() -> Iterator[str]:
    """Each form once, as the catalogues keep it: `{amount:,} đồng must be positive`."""
    found = dict.fromkeys(_OF_THEMSELVES)
    for room in _ROOMS:
        for file in sorted(ROOT.glob(room)):
            if file.relative_to(ROOT).as_posix() not in _SAY_SOMETHING_ELSE:
                found.update(dict.fromkeys(_spoken(_tree(file))))
    for name in _REFUSE_ONLY:
        for node in ast.walk(_tree(ROOT / name)):
            if isinstance(node, ast.Call) and _called(node) in _REFUSALS:
                found.update(dict.fromkeys(_spoken(node)))
    found.update(dict.fromkeys(_of_the_law()))
    yield from found


def of_source(code: str) -> list[str]:
    """The forms of one piece of code."""
    return list(dict.fromkeys(_spoken(ast.parse(code))))


def _of_the_law() -> Iterator[str]:
    """What the rows of law say of where they come from, beside the symbols of papers."""
    for file in sorted((ROOT / "policies").glob("*.toml")):
        for rows in tomllib.loads(file.read_text("utf-8")).values():
            for row in rows if isinstance(rows, list) else ():
                for phrase in re.split("[:;,] ", row.get("source", "")):
                    if not _PAPER.match(phrase) and " " in phrase:
                        yield phrase


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _spoken(node: ast.AST, *, within: bool = False) -> Iterator[str]:
    """What a node says, the outermost first; `within` a sentence a word alone is a fact of it."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.arg():
            return
        case ast.Call() if _called(node) in _SAID_BY_THEMSELVES:
            return
        case ast.Constant(value=str(text)):
            if _is_phrase(text) or (within and text.isalpha()):
                yield _escaped(text)
        case ast.JoinedStr() | ast.BinOp(op=ast.Add()):
            parts = list(_parts(node))
            if _is_phrase("".join(part if isinstance(part, str) else "0" for part in parts)):
                yield _form(parts)
            for part in parts:
                if not isinstance(part, str):
                    yield from _spoken(_expression(part), within=True)
        case ast.IfExp(body=body, orelse=other):
            yield from _spoken(body, within=within)
            yield from _spoken(other, within=within)
        case ast.BoolOp(values=values):
            for one in values:
                yield from _spoken(one, within=within)
        case ast.AnnAssign(value=value):
            if value is not None:
                yield from _spoken(value)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _spoken(child)


def _parts(node: ast.AST) -> Iterator[str | ast.AST]:
    """The pieces of a text in their order, literal ones as text."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            for one in values:
                yield from _parts(one)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _parts(left)
            yield from _parts(right)
        case _:
            yield node


def _form(parts: list[str | ast.AST]) -> str:
    names: dict[str, str] = {}
    return "".join(
        _escaped(part) if isinstance(part, str) else _fact(part, names) for part in parts
    )


def _fact(part: ast.AST, names: dict[str, str]) -> str:
    # `{name!r}` is written otherwise than `{name}`.
    text = ast.unparse(_expression(part)) + str(getattr(part, "conversion", ""))
    if text not in names:
        wanted = _name(_expression(part))
        alike = sum(re.fullmatch(rf"{wanted}(_\d+)?", one) is not None for one in names.values())
        names[text] = f"{wanted}_{alike + 1}" if alike else wanted
    return f"{{{names[text]}{':,' if _is_number(part) else ''}}}"


def _expression(part: ast.AST) -> ast.AST:
    return part.value if isinstance(part, ast.FormattedValue) else part


def _is_number(part: ast.AST) -> bool:
    match part:
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=",")])):
            return True
        case _:
            return False


def _name(node: ast.AST) -> str:
    """The last name of an expression: `amount` of `command.amount`, `wrong` of `join(wrong)`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner]):
            return _name(inner)
        case ast.Call(func=ast.Attribute(attr="lower", value=inner)):
            return _name(inner)
        case ast.Call(func=ast.Attribute(attr=name)):
            return name.strip("_")
        case ast.Call(func=ast.Name(id=name), args=args):
            return _name(args[0]) if args else name
        case ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
            return _name(inner)
        case ast.Starred(value=inner) | ast.BinOp(left=inner) | ast.IfExp(body=inner):
            return _name(inner)
        case ast.BoolOp(values=[first, *_]):
            return _name(first)
        case ast.GeneratorExp(elt=inner) | ast.ListComp(elt=inner):
            return _name(inner)
        case ast.JoinedStr(values=values):
            named = [one.value for one in values if isinstance(one, ast.FormattedValue)]
            return _name(named[0]) if named else "piece"
        case _:
            return "piece"


def _is_phrase(text: str) -> bool:
    return (
        " " in text.lstrip(",; ").rstrip()
        and _WORD.search(text) is not None
        and _NO_SENTENCE.match(text.lstrip()) is None
    )


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
