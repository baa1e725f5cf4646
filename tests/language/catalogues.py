"""Writes the catalogues of `language/locale` anew from the code: `make messages`.

What is said comes from four places: the calls that `language.catalogue` knows, the help of every
command, the sentences with which a rule refuses, and the terms that such sentences name. A message
that is new has no Vietnamese yet; a test says so until somebody writes it into
`vi/LC_MESSAGES/ntm.po` and runs this again.
"""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

import cli
from console.words import RECOGNITIONS, ROUTES
from domain import wording
from domain.wording import Word
from language.catalogue import DOMAIN, LOCALE, SENTENCE, Language
from tests.language import refusals

ROOT = LOCALE.parents[1]
_ROOMS = ("console", "demo", "language", "stack")
_KEYWORDS: dict[str, Any] = {
    "tr": None,
    "mark": None,
    "plural": (1, 2),
    "tr_in": ((1, "c"), 2),
    "mark_in": ((1, "c"), 2),
}
# Nothing in a catalogue depends on the day on which it was written.
_NO_DAY = datetime(2024, 1, 1, tzinfo=UTC)


_TIERS: dict[str, Word] = {
    "year": ("năm", "year"),
    "cohort": ("đợt", "cohort"),
    "commune": ("xã", "commune"),
    "project": ("dự án", "project"),
}
_TABLES: dict[str, object] = {
    **vars(wording), "ROUTES": ROUTES, "RECOGNITIONS": RECOGNITIONS, "TIERS": _TIERS,
}  # fmt: skip
_TERMS: dict[tuple[str, str], Word] = {
    (term, name.lower()): word
    for name, table in _TABLES.items()
    if name.isupper() and isinstance(table, dict)
    for term, word in table.items()
}
"""The domain's terms have their names in both languages already; a table is a context."""


def said() -> Catalog:
    """Every message of the code, without a translation."""
    template = _catalogue()
    for message, context in (*_called(), *_in_helps(), *_refused()):
        template.add(message, context=context)
    for term, context in _TERMS:
        template.add(term, context=context)
    return template


def merged(language: Language) -> Catalog:
    """A catalogue with what the code says now, and nothing that it no longer says."""
    catalogue = _catalogue(language)
    known = kept(language)
    for message in said():
        if not message.id:
            continue
        before = known.get(message.id, message.context)
        catalogue.add(
            message.id,
            _string(language, message, before),
            context=message.context,
            user_comments=before.user_comments if before else (),
        )
    return catalogue


def kept(language: Language) -> Catalog:
    """The catalogue as it lies in the repository."""
    if not po(language).exists():
        return _catalogue(language)
    with po(language).open("rb") as file:
        return read_po(file, locale=language)


def po(language: Language) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def written(catalogue: Catalog) -> tuple[bytes, bytes]:
    """The text for translators, and what gettext reads."""
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalogue, width=100, no_location=True, sort_output=True, omit_header=False)
    write_mo(compiled, catalogue)
    return text.getvalue(), compiled.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Messages that nobody has translated, or not wholly."""
    return [_first(message) for message in catalogue if message.id and not _is_whole(message)]


def astray(catalogue: Catalog) -> list[str]:
    """Messages whose translation names another fact, or not one that the message names.

    One of a number may leave the number out: `one obstacle`.
    """
    return [_first(message) for message in catalogue if message.id and not _is_true(message)]


def _is_true(message: Any) -> bool:
    every = message.id if isinstance(message.id, tuple) else (message.id,)
    told = message.string if isinstance(message.string, tuple) else (message.string,)
    facts = _facts(every[-1])
    return all(_facts(one) in (facts, facts - {"n"}) for one in told if one)


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _catalogue(language: Language | None = None) -> Catalog:
    return Catalog(
        locale=language, project="NTM", version="1", creation_date=_NO_DAY, revision_date=_NO_DAY,
        header_comment="# What NTM says. Written by `make messages`; only msgstr is to be edited.",
        fuzzy=False,
    )  # fmt: skip


def _called() -> Iterator[tuple[Any, str | None]]:
    for file in [ROOT / "cli.py", *_files("py")]:
        yield from _in_code(ast.parse(file.read_text("utf-8")))
    for file in _files("html"):
        found = extract_from_file("jinja2", file, _KEYWORDS, options={"silent": "false"})
        for _, message, _, context in found:
            yield message, context


def _files(ending: str) -> Iterator[Path]:
    for room in _ROOMS:
        yield from sorted((ROOT / room).rglob(f"*.{ending}"))


def _in_code(tree: ast.AST) -> Iterator[tuple[Any, str | None]]:
    """What Babel would find, and what is said inside of an f-string, which it does not read."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        wanted = _KEYWORDS.get(call.func.id, ()) or ((1,) if call.func.id in _KEYWORDS else ())
        given = [getattr(word, "value", None) for word in call.args]
        said = [given[place - 1] for place in wanted if isinstance(place, int)]
        about = [given[place[0] - 1] for place in wanted if isinstance(place, tuple)]
        # What is looked up by the name of a constant is marked where it is written.
        if said and all(isinstance(word, str) for word in (*said, *about)):
            yield tuple(said) if len(said) > 1 else said[0], about[0] if about else None


def commands() -> Iterator[Any]:
    """Every command and group, as the code writes it."""
    yield from _with_inner(get_command(cli.app))
    for section in cli.SECTIONS.values():
        for name, (place, _) in section.items():
            yield from _with_inner(cli.built(name, place))


def _with_inner(command: Any) -> Iterator[Any]:
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from _with_inner(inner)


def _in_helps() -> Iterator[tuple[str, None]]:
    for command in commands():
        yield from ((text, None) for text in (command.help, command.short_help) if text)
        yield from ((one.help, None) for one in command.params if one.help)


def _refused() -> Iterator[tuple[str, str]]:
    for form in refusals.forms():
        yield form, SENTENCE


def _string(language: Language, message: Any, before: Any) -> Any:
    term = _TERMS.get((str(message.id), message.context or ""))
    if term is not None:
        return term[0] if language is Language.VIETNAMESE else term[1]
    return before.string if before else _as_it_is(language, message)


def _as_it_is(language: Language, message: Any) -> Any:
    """English is what the code says; Vietnamese is not made up."""
    if language is Language.ENGLISH:
        return message.id
    return ("",) if isinstance(message.id, tuple) else ""


def _is_whole(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(strings) and all(strings)


def _first(message: Any) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def main() -> int:
    """Write both; say which messages have no Vietnamese."""
    for language in Language:
        text, compiled = written(merged(language))
        po(language).write_bytes(text)
        po(language).with_suffix(".mo").write_bytes(compiled)
    lacking = missing(kept(Language.VIETNAMESE))
    for message in lacking:
        sys.stderr.write(f"no Vietnamese: {message!r}\n")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
