"""How a reading command looks: at what had happened by one time, as it was known at another."""

import inspect
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, get_args

import typer

from console import paging, show
from console.failures import Failure
from console.options import AsOf, KnownAt, Listing, Out
from domain.travel import Past, View
from domain.values import StreamId, value
from language.catalogue import plural, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

_Line = TypeVar("_Line")


@value
class LeftOut:
    """A fact that a view holds without what it followed, so that it was not folded."""

    stream: StreamId
    version: int
    kind: str


def looking(read: Callable[..., None]) -> Callable[..., None]:
    """A command that reads: its own options, and the two times that make its `view`."""

    def look(*, as_of: AsOf = None, known_at: KnownAt = None, **own: Any) -> None:
        with paging.paged() if own.get("output") == "table" else nullcontext():
            read(view=View(as_of=as_of, known_at=known_at), **own)

    return leaving(_joined(look, read))


def leaving(read: Callable[..., None]) -> Callable[..., None]:
    """A command that lists takes `--out` as well; every other one stays as it is."""
    if read.__annotations__.get("output") is not Listing:
        return read

    def leave(*, out: Out = None, **own: Any) -> None:
        if out is None:
            read(**own)
            return
        from console import sheets

        with sheets.into(out):
            read(**{**own, "output": sheets.form_of(out, own["output"])})

    return _joined(leave, read)


def _joined(outer: Callable[..., None], read: Callable[..., None]) -> Callable[..., None]:
    """The outer function with the options of both, as Typer reads them."""
    options = [
        parameter
        for parameter in inspect.signature(outer).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    arguments = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in inspect.signature(read).parameters.values()
        if parameter.name != "view"
    ]
    every = [*arguments, *options]
    outer.__name__ = read.__name__
    outer.__doc__ = read.__doc__
    outer.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    outer.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]  # Typer reads it
    return outer


def left_out(pasts: Iterable[Past]) -> tuple[LeftOut, ...]:
    """What could not be folded, stream by stream."""
    found = {
        (fact.stream, fact.version): LeftOut(
            stream=fact.stream, version=fact.version, kind=fact.event.kind
        )
        for past in pasts
        for fact in past.left_out
    }
    return tuple(found[key] for key in sorted(found))


def mention(picture: "Picture") -> None:
    """Say on stderr, beside whatever is printed, what the answer had to do without."""
    mention_all(left_out(picture.left_out.values()))


def mention_all(found: tuple[LeftOut, ...]) -> None:
    """The same, of facts already gathered."""
    if not found:
        return
    some = ", ".join(f"{row.stream} {row.version} {row.kind}" for row in found[:3])
    more = ", …" if len(found) > 3 else ""
    told = plural(
        "left out {n} fact, for what it follows comes later: {facts}",
        "left out {n} facts, for what they follow comes later: {facts}",
        len(found),
        facts=f"{show.plain(some)}{more}",
    )
    typer.echo(f"ntm: {told}", err=True)


def times(view: View, now: datetime) -> str:
    """Both times in words."""
    happened = show.minute(view.as_of or now)
    known = show.minute(view.known_at or now)
    return tr("as of {happened}, known at {known}", happened=happened, known=known)


def head(picture: "Picture", *, empty: bool = False) -> None:
    """Above a table that does not show what stands now: from when it looks."""
    if picture.view.is_now:
        return
    show.screen().print(f"[dim]{times(picture.view, picture.asked_at)}[/]")
    if empty:
        typer.echo(tr("nothing yet"))


def listed(
    picture: "Picture",
    lines: tuple[_Line, ...],
    form: Any,
    output: str,
    table: "Callable[[tuple[_Line, ...]], Table]",
    counted: str,
) -> None:
    """Lines as data of a form, or as a table with their number and what they are below it.

    `counted` is what so many of them are called: `project` of one, `projects` of two.
    """
    mention(picture)
    if handed_over(picture, lines, form, output):
        return
    head(picture, empty=not lines)
    screen = show.screen()
    screen.print(table(lines))
    screen.print(f"[dim]{grouped(len(lines))} {counted}[/]")


def handed_over(picture: "Picture", lines: tuple[object, ...], form: Any, output: str) -> bool:
    """Lines of a form as JSON or as a spreadsheet; False if people want to see a table."""
    if output == "json":
        show.json(lines, form)
    elif output != "table":
        spread(picture, lines, get_args(form)[0], output)
    return output != "table"


def spread(picture: "Picture", lines: Iterable[object], form: type, output: str) -> None:
    """Lines of a form as a spreadsheet, which says from when they are."""
    from console import sheets

    about = {
        tr("As of"): sheets.cell(picture.view.as_of or picture.asked_at),
        tr("Known at"): sheets.cell(picture.view.known_at or picture.asked_at),
        tr("Facts left out"): len(left_out(picture.left_out.values())),
    }
    sheets.write(lines, form, output, about)


def missing(
    picture: "Picture", stream: StreamId, output: str, failure: Failure, nothing: str = "null"
) -> NoReturn:
    """Nothing yet, if the stream begins later; if it is not on record at all, the failure.

    `nothing` is how JSON says it.
    """
    from storage import queries

    if picture.view.is_now or queries.standing(picture.engine, stream) is None:
        raise failure
    mention(picture)
    if output == "json":
        typer.echo(nothing)
    elif output == "table":
        head(picture, empty=True)
    raise typer.Exit
