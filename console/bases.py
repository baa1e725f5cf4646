"""`ntm basis`: the papers that decisions cite, and what rests on each of them."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from console import show, words
from console.failures import REFUSED, Failure
from console.groups import group
from console.helping import example
from console.looking import head, listed, looking, mention
from console.options import Output, symbol_of
from console.record_words import EVENTS
from console.sending import open_session
from domain.travel import View
from domain.values import ProjectId
from language.catalogue import plural, tr

if TYPE_CHECKING:
    from rich.table import Table

    from storage.papers import Cited, Paper
    from storage.travel import Picture

app = group("The papers that decisions cite, and what rests on them.")


@app.command("list", epilog=example("ntm basis list"))
@looking
def papers(view: View, output: Output = "table") -> None:
    """List every paper that a decision cites."""
    from storage import papers as cited_in

    with open_session() as session:
        picture = session.picture(view)
        found = tuple(cited_in.papers(cited_in.cited(picture)))
    counted = plural("paper", "papers", len(found))
    listed(picture, found, tuple[cited_in.Paper, ...], output, _papers, counted)


@app.command("show", epilog=example("ntm basis show 02/2023/NQ-HĐND"))
@looking
def paper(
    view: View,
    symbol: Annotated[
        str,
        typer.Argument(parser=symbol_of, metavar="SYMBOL", help="The paper's whole symbol."),
    ],
    output: Output = "table",
) -> None:
    """Show one paper: the decisions that cite it, and the projects that rest on it."""
    from storage import papers as cited_in

    with open_session() as session:
        picture = session.picture(view)
        projects = tuple(resting(picture, symbol))
        cited = cited_in.cited(picture, symbol)
    mention(picture)
    if output == "json":
        show.json(cited_in.Footing(symbol=symbol, cited=cited, projects=projects))
        return
    head(picture)
    screen = show.screen()
    screen.print(_decisions(cited))
    some = ", ".join(projects[:12]) + (", …" if len(projects) > 12 else "")
    told = tr(
        "decisions: {decisions}; projects that rest on it: {projects} ({names})",
        decisions=len(cited),
        projects=len(projects),
        names=show.clean(some) or "–",
    )
    screen.print(f"[dim]{told}[/]")


def resting(picture: "Picture", symbol: str) -> tuple[ProjectId, ...]:
    """The projects that rest on a paper; a failure that says what may have been meant if nobody
    ever cited it, which is not the same as that nothing rests on it.
    """
    from storage import papers as cited_in

    found = cited_in.resting(picture, symbol)
    if found or not picture.view.is_now or cited_in.cited(picture, symbol):
        return tuple(found)
    known = {one.document.symbol for one in cited_in.cited(picture)}
    raise Failure(
        tr("SYMBOL: no decision cites {symbol!r} [not_found]", symbol=show.plain(symbol)),
        _meant(symbol, known),
        REFUSED,
    )


def _meant(given: str, known: set[str]) -> str:
    """A symbol is a whole, so that one which is a part of others is answered with those."""
    bare = given.casefold()
    longer = sorted(one for one in known if one.casefold().startswith(bare))
    near = longer or get_close_matches(given, known, n=3)
    if near:
        return tr("did you mean {near}?", near=show.plain(", ".join(near[:5])))
    return tr("see `ntm basis list`")


def _papers(found: "tuple[Paper, ...]") -> "Table":
    table = show.table(
        tr("Symbol"), tr("Date"), tr("Issuer"), tr("Decisions"), tr("First, last"),
        numbers=(3,), whole=(1, 4),
    )  # fmt: skip
    for row in found:
        paper = row.document
        table.add_row(
            show.clean(paper.symbol),
            f"{paper.issued_on:%d/%m/%Y}",
            show.clean(paper.issuer).replace("@", "\n@"),
            str(row.decisions),
            f"{show.day(row.first)}\n{show.day(row.last)}",
        )
    return table


def _decisions(found: "tuple[Cited, ...]") -> "Table":
    table = show.table(
        tr("Day"), tr("Who"), tr("Stream"), tr("What"), tr("Files"), whole=(0,), numbers=(4,),
    )  # fmt: skip
    for row in found:
        events = (show.clean(words.said(EVENTS, one)) for one in dict.fromkeys(row.events))
        table.add_row(
            show.day(row.at),
            show.post(row.by),
            show.clean(row.stream),
            "\n".join(events),
            str(len(row.document.files) or ""),
        )
    return table
