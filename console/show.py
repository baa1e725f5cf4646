"""How things look on a terminal: safe text, money, dates, tables, and JSON for programs."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from json import dumps
from typing import TYPE_CHECKING, Any

import typer

from console.words import Word, said
from domain.calendar import HANOI
from domain.values import Act, Post, StreamId
from language.catalogue import tr
from language.numerals import grouped, of_english

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_BILLION = 1_000_000_000
_MILLION = 1_000_000


def clean(text: object) -> str:
    """Text from data, safe to print: nothing in it moves the cursor, turns the line or is markup.

    Control, bidirectional and zero-width characters are replaced; Rich markup is escaped.
    """
    from rich.markup import escape

    return escape(plain(text))


def plain(text: object) -> str:
    """The same for a line that Rich does not read, such as one on stderr."""
    return "".join("�" if _is_hidden(char) else char for char in str(text))


def money(amount: int | None) -> str:
    """Exact: whole millions from a billion upwards in tỷ (10⁹), everything else in đồng.

    What is shown can be typed in again, but for an English amount of less than a million đồng:
    `600,000` could be read in two ways.
    """
    if amount is None:
        return ""
    if abs(amount) < _BILLION or amount % _MILLION:
        return f"{grouped(amount)} đ"
    return tr("{billions} billion", billions=billions(amount))


def billions(amount: int) -> str:
    """Đồng as billions with every digit that is not zero: 529508000000 is `529.508`."""
    whole, rest = divmod(abs(amount), _BILLION)
    digits = f"{rest:09d}".rstrip("0")
    sign = "-" if amount < 0 else ""
    return of_english(f"{sign}{whole:,}.{digits}" if digits else f"{sign}{whole:,}")


def day(moment: datetime | None) -> str:
    """The day in Vietnam, as people write it."""
    return f"{moment.astimezone(HANOI):%d/%m/%Y}" if moment else ""


def last_day(due: datetime | None) -> str:
    """The last day of a limit: it ends at midnight, which belongs to the day before."""
    from datetime import timedelta

    return day(due - timedelta(microseconds=1)) if due else ""


def minute(moment: datetime) -> str:
    return f"{moment.astimezone(HANOI):%d/%m/%Y %H:%M}"


def case(stream: StreamId) -> str:
    """A case by its short name: `AD01-GT/T1` for `clearance/AD01-GT/T1`."""
    return clean(stream.partition("/")[2])


def word(words: dict[str, Word], key: str) -> str:
    """The name of a term, safe to print."""
    return clean(said(words, key))


def under(first: str, second: str) -> str:
    """Two lines of one cell, the second one fainter."""
    return f"{first}\n[dim]{second}[/]" if second else first


def screen() -> "Console":
    """Where tables go; colour and width follow the terminal, NO_COLOR and COLUMNS."""
    from rich.console import Console

    return Console(highlight=False)


def post(who: Post) -> str:
    """A post on two lines, so that its column may be narrow."""
    return f"{clean(who.role)}\n@{clean(who.unit)}"


def actor(act: Act) -> str:
    """Who acted: the post, and below it the person, if known, who held it or stood in."""
    if act.official is None:
        return post(act.by)
    behalf = tr("for {post}", post=clean(act.on_behalf_of)) if act.on_behalf_of else ""
    behalf = f"\n{behalf}" if behalf else ""
    return f"{post(act.by)}\n[dim]{clean(act.official)}{behalf}[/]"


def table(
    *titles: str,
    title: str | None = None,
    numbers: Iterable[int] = (),
    whole: Iterable[int] = (),
) -> "Table":
    """A table of these columns.

    `numbers` are columns aligned to the right; those and `whole` ones are never broken.
    """
    from rich import box
    from rich.table import Table

    built = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title=title,
        title_justify="left",
        title_style="bold",
    )
    right = set(numbers)
    unbroken = right | set(whole)
    for index, heading in enumerate(titles):
        built.add_column(
            heading,
            justify="right" if index in right else "left",
            header_style="",
            overflow="fold",
            no_wrap=index in unbroken,
        )
    return built


def facts(*pairs: tuple[str, str]) -> "Table":
    """Names and values, one pair a line; empty values are left out."""
    from rich.table import Table

    built = Table.grid(padding=(0, 2))
    built.add_column(style="dim", no_wrap=True)
    built.add_column(overflow="fold")
    for name, text in pairs:
        if text:
            built.add_row(name, text)
    return built


def json(value: object, form: Any = None) -> None:
    """A value as JSON on stdout, and nothing else there; `form` is its type if that is a union.

    What a terminal might obey is written as an escape: programs read the same, and people see it.
    """
    from pydantic import TypeAdapter

    adapter: TypeAdapter[object] = TypeAdapter(form or type(value))
    typer.echo(escaped(adapter.dump_json(value, indent=2).decode()))


def escaped(text: str) -> str:
    """JSON in which every hidden character of a text is an escape."""
    hidden = {char for char in set(text) if char != "\n" and _is_hidden(char)}
    return text.translate({ord(char): dumps(char)[1:-1] for char in hidden}) if hidden else text


def _is_hidden(char: str) -> bool:
    """Controls, formats (bidi, zero width), lone surrogates, line and paragraph separators."""
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
