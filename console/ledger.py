"""`ntm ledger`: the books, double entry, written from the events."""

from typing import TYPE_CHECKING, Annotated

import typer

from console import money_words, record_words, show, words
from console.groups import group
from console.helping import example
from console.looking import handed_over, head, looking, spread
from console.options import Listing, code
from console.sending import open_session
from domain.bookkeeping import Account, Entry, Purpose, Transfer, balances, journal, overdrawn
from domain.travel import View
from domain.values import StreamId, Vnd, value
from language.catalogue import tr, tr_in

if TYPE_CHECKING:
    from storage.travel import Picture

app = group("The ledger: every đồng has a source and a destination.")

OfProject = Annotated[
    str | None,
    typer.Option("--project", parser=code, metavar="PROJECT", help="Only this project."),
]


@value
class Sum:
    """All accounts of a purpose together, đồng."""

    purpose: Purpose
    accounts: int
    balance: Vnd


@value
class TrialBalance:
    """Sums by purpose; `total` is zero, and no account is below zero that must not be."""

    sums: tuple[Sum, ...]
    total: int
    overdrawn: tuple[Account, ...]


@value
class Line:
    """One transfer, and the event it is."""

    stream: StreamId
    version: int
    kind: str
    transfer: Transfer


@app.callback()
def ledger() -> None:
    """The ledger: every đồng has a source and a destination."""


@app.command(epilog=example("ntm ledger balance --as-of 2024-04-30"))
@looking
def balance(*, view: View, project: OfProject = None, output: Listing = "table") -> None:
    """Show the trial balance by purpose; exit status 1 if it is not zero."""
    with open_session() as session:
        picture = session.picture(view)
        standing = balances(_entries(picture))
    if project:
        standing = {one: amount for one, amount in standing.items() if _is_of(one, project)}
    sums = tuple(
        Sum(purpose=purpose, accounts=len(amounts), balance=Vnd(sum(amounts)))
        for purpose in Purpose
        if (amounts := [amount for one, amount in standing.items() if one.purpose is purpose])
    )
    below = overdrawn(standing)
    found = TrialBalance(sums=sums, total=sum(standing.values()), overdrawn=below)
    if output == "json":
        show.json(found)
    elif output != "table":
        spread(picture, sums, Sum, output)
    else:
        head(picture)
        _print(found, whole=project is None)
    if below or (project is None and found.total):
        raise typer.Exit(1)


@app.command("journal", epilog=example("ntm ledger journal --project AD01-GT"))
@looking
def entries(*, view: View, project: OfProject = None, output: Listing = "table") -> None:
    """Show every transfer, and the event it is."""
    with open_session() as session:
        picture = session.picture(view)
        lines = tuple(
            Line(
                stream=entry.fact.stream,
                version=entry.fact.version,
                kind=entry.fact.event.kind,
                transfer=transfer,
            )
            for entry in _entries(picture)
            for transfer in entry.transfers
            if project is None
            or _is_of(transfer.source, project)
            or _is_of(transfer.destination, project)
        )
    if handed_over(picture, lines, tuple[Line, ...], output):
        return
    head(picture)
    table = show.table(
        tr("Event"), tr_in("transfer", "From"), tr_in("transfer", "To"), tr("Amount"), numbers=[3]
    )
    for line in lines:
        table.add_row(
            show.under(
                show.clean(f"{line.stream}#{line.version}"),
                show.word(record_words.EVENTS, line.kind),
            ),
            _named(line.transfer.source),
            _named(line.transfer.destination),
            show.money(line.transfer.amount),
        )
    show.screen().print(table)


def _entries(picture: "Picture") -> tuple[Entry, ...]:
    kept = picture.entries_under("capital/", "project/")
    return tuple(journal(entry.fact for entry in kept))


def _is_of(account: Account, project: str) -> bool:
    return account.of == project or account.of.startswith(f"{project}/")


def _named(account: Account) -> str:
    return show.under(words.said(money_words.PURPOSES, account.purpose), show.clean(account.of))


def _print(found: TrialBalance, *, whole: bool) -> None:
    table = show.table(tr("Account"), tr("How many"), tr("Balance"), numbers=[1, 2])
    for one in found.sums:
        table.add_row(
            show.word(money_words.PURPOSES, one.purpose), str(one.accounts), show.money(one.balance)
        )
    if whole:
        table.add_section()
        table.add_row(tr("total"), "", show.money(found.total))
    show.screen().print(table)
    for account in found.overdrawn:
        named = f"{words.said(money_words.PURPOSES, account.purpose)} {show.plain(account.of)}"
        typer.echo(tr("below zero: {account}", account=named), err=True)
