"""The glossary: its own words in order, and below them every word that the screen shows."""

import unicodedata
from collections.abc import Iterator
from importlib import import_module

from console.words import Word
from tests.docs.quoted import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
BEGINS = "<!-- words of the screen: `make reference` -->\n"
_ELSEWHERE = ("refusal_words",)
"""Rules stand in the reference."""


def tables() -> dict[str, dict[str, Word]]:
    """Every table of words that the console has."""
    stems = sorted(path.stem for path in (ROOT / "console").glob("*words.py"))
    modules = [import_module(f"console.{stem}") for stem in stems if stem not in _ELSEWHERE]
    return {
        name: table
        for module in modules
        for name, table in vars(module).items()
        if name.isupper() and isinstance(table, dict)
    }


def in_order(text: str) -> tuple[str, str]:
    """How a Vietnamese word is sorted: by its letters, then by its marks."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "dzz"))
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return bare, text


def shown() -> str:
    """The table of the words on the screen."""
    where: dict[Word, list[str]] = {}
    for name, table in tables().items():
        about = name.lower().replace("_", " ")
        for key, word in table.items():
            where.setdefault(word, []).append(f"{about}: `{key}`")
    rows = sorted(where, key=lambda word: (in_order(word[0]), word[1]))
    return "\n".join(_lines(rows, where))


def _lines(rows: list[Word], where: dict[Word, list[str]]) -> Iterator[str]:
    yield "| Vietnamese | English | where it stands |\n|---|---|---|"
    for word in rows:
        yield f"| {word[0]} | {word[1]} | {', '.join(where[word])} |"


def written() -> str:
    """The glossary with its lower part as the code has it."""
    above, mark, _ = GLOSSARY.read_text("utf-8").partition(BEGINS)
    assert mark, f"{GLOSSARY} has lost the line {BEGINS!r}"
    return f"{above}{BEGINS}\n{shown()}\n"


def own_words() -> list[str]:
    """The Vietnamese column of the table that people write."""
    above = GLOSSARY.read_text("utf-8").partition("## Roles")[0]
    rows = [line.split("|") for line in above.splitlines() if line.startswith("| ")]
    return [cells[1].strip() for cells in rows if cells[1].strip() != "Vietnamese"]
