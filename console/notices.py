"""`ntm notices`: which messages wait, went out, or found no taker; and try one again."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from console import record_words, show, words
from console.failures import absent
from console.groups import group
from console.looking import leaving
from console.options import Listing, MaybeAs, Output
from console.sending import check_post, open_session
from domain.values import value
from language.catalogue import plural, tr, tr_in
from language.numerals import grouped
from storage.deliveries import Delivery, Message, State

if TYPE_CHECKING:
    from rich.table import Table

    from activities.letters import Letter

app = group("Messages to posts, and how they fare.")

Key = Annotated[
    str,
    typer.Argument(metavar="KEY", help="The key of a message, from the list: project/AD01-GT#3."),
]


@value
class Line:
    """One message; `state` is that of its worst way."""

    state: State
    message: Message


@value
class Shown:
    """One message as its recipient reads it."""

    state: State
    language: Literal["vi", "en"]
    subject: str
    text: str
    message: Message


@value
class Retried:
    """How many ways of a message are tried anew."""

    key: str
    ways: int


@app.command("list")
@leaving
def notices(
    by: MaybeAs = None,
    given_up: Annotated[
        bool, typer.Option("--given-up", help="Only those that were given up.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Those that were sent as well.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    output: Listing = "table",
) -> None:
    """List messages that wait, fail or were given up, the newest first."""
    from console import sheets
    from storage import deliveries

    with open_session() as session:
        if by is not None:
            check_post(session, by)
        found = deliveries.messages(
            session.engine, to=by, unsent=not everything, given_up=given_up, limit=limit
        )
    lines = tuple(Line(state=message.state, message=message) for message in found)
    if output == "json":
        show.json(lines, tuple[Line, ...])
        return
    if output != "table":
        sheets.write(lines, Line, output)
        return
    screen = show.screen()
    screen.print(_table(lines))
    count = plural("{n} message", "{n} messages", len(lines), n=grouped(len(lines)))
    screen.print(f"[dim]{count}[/]")


@app.command("show")
def one(key: Key, output: Output = "table") -> None:
    """Show one message as it is written, and each of its ways."""
    from activities import contact_file
    from activities.letters import letter
    from stack import home
    from storage import deliveries, texts
    from storage.outbox import Owed

    with open_session() as session:
        found = deliveries.message(session.engine, key)
    if found is None:
        raise absent("KEY", key, tr("see `ntm notices list --all`"))
    contacts = contact_file.load(contact_file.place(home.locate()), secrets=False)
    language = contacts.of(found.notice.to).language
    owed = (Owed(notice=found.notice, since=found.since),)
    written = letter(texts.load(), owed, language)
    if output == "json":
        show.json(
            Shown(
                state=found.state,
                language=language,
                subject=written.subject,
                text=written.text,
                message=found,
            )
        )
    else:
        _tell(found, written)


@app.command()
def retry(key: Key, output: Output = "table") -> None:
    """Try the unsent ways of a message again, by the contacts of now."""
    from stack import endpoints, home
    from storage import deliveries, log, outbox

    engine = log.engine(endpoints.database_url(home.locate(), "recorder"))
    try:
        if deliveries.message(engine, key) is None:
            raise absent("KEY", key, tr("see `ntm notices list --all`"))
        done = Retried(key=key, ways=outbox.again(engine, key))
    finally:
        engine.dispose()
    if output == "json":
        show.json(done)
    elif done.ways:
        typer.echo(
            plural(
                "will be sent again in office hours, on {n} way",
                "will be sent again in office hours, on {n} ways",
                done.ways,
            )
        )
    else:
        typer.echo(tr("nothing of it waits to be sent"))


def _table(lines: tuple[Line, ...]) -> "Table":
    table = show.table(
        tr("Message"),
        tr("To"),
        tr("Since"),
        tr_in("of a message", "Way"),
        tr_in("of a message", "State"),
        whole=[1, 2],
    )
    for line in lines:
        notice = line.message.notice
        ways = line.message.deliveries
        table.add_row(
            show.under(words.said(record_words.TEMPLATES, notice.template), show.clean(notice.key)),
            show.post(notice.to),
            show.minute(line.message.since),
            "\n".join(show.clean(_way(way)) for way in ways),
            "\n".join(show.clean(_fares(way)) for way in ways) or show.clean(_state(line.state)),
        )
    return table


def _tell(found: Message, written: "Letter") -> None:
    typer.echo(show.plain(written.subject))
    typer.echo()
    for line in written.text.splitlines():
        typer.echo(show.plain(line))
    typer.echo()
    for way in found.deliveries:
        typer.echo(f"{_way(way)}: {_fares(way)}")
    if not found.deliveries:
        typer.echo(_state(found.state))


def _way(way: Delivery) -> str:
    name = words.said(record_words.CHANNELS, way.channel)
    return f"{name} {way.via}" if way.via else name


def _state(state: State) -> str:
    return words.said(record_words.DELIVERIES, state)


def _fares(way: Delivery) -> str:
    """How one way fares, in words."""
    state = _state(way.state)
    why = words.said(record_words.TROUBLES, way.trouble) if way.trouble else ""
    match way.state:
        case "sent":
            return f"{state} {show.minute(way.sent_at or way.not_before)}"
        case "waiting":
            return tr("{state}, from {moment}", state=state, moment=show.minute(way.not_before))
        case "failing":
            return tr(
                "{state} ×{n}: {why}; next try {moment}",
                state=state,
                n=way.attempts,
                why=why,
                moment=show.minute(way.next_try_at),
            )
        case "given-up":
            return f"{state} ×{way.attempts}: {why}"
