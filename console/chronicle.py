"""`ntm events` and `ntm project timeline`: what is on record, fact by fact."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from console import about, field_words, portrait, record_words, show, terms, words
from console.failures import absent
from console.looking import handed_over, head, looking, mention, missing
from console.options import Listing, Project
from console.sending import open_session
from domain.deadlines import Due
from domain.delegations import Delegation
from domain.keys import PublicKey
from domain.streams import Event, Fact, initial
from domain.travel import View
from domain.values import Hand, Post, ProjectId, StreamId, value
from language.catalogue import pick, tr, tr_in
from language.numerals import grouped

if TYPE_CHECKING:
    from storage.log import Entry

_LONG = 5
"""How many members of a list are shown before the rest is only counted."""

SAID_ELSEWHERE = frozenset(
    {
        "kind", "charter", "policy", "programme", "skipped", "text_vi", "text_en",
        "DutyOverdue.key", "EscalationRaised.name",
    }
)  # fmt: skip
"""What has a command of its own: a letter and its count are whole in `ntm escalation show`."""

_SENTENCES = frozenset({"DecisionRefused.because", "DutyOverdue.about"})
"""Fields whose text was said by a rule, in English."""


@value
class Line:
    """One fact, with its place in the log and when we learned it."""

    position: int
    recorded_at: datetime
    fact: Fact


@looking
def events(
    view: View,
    stream: Annotated[
        str, typer.Argument(metavar="STREAM", help="The stream, such as project/AD01-GT.")
    ],
    output: Listing = "table",
) -> None:
    """Show every fact of a stream, as recorded."""
    name = StreamId(stream)
    initial(name)
    with open_session() as session:
        picture = session.picture(view)
        lines = _lines(picture.entries(name))
        if not lines:
            advice = tr("see `ntm project list`, `ntm clearance list`")
            missing(picture, name, output, absent("STREAM", stream, advice), "[]")
    if handed_over(picture, lines, tuple[Line, ...], output):
        return
    head(picture)
    table = show.table(
        tr("Position"), tr("Happened, recorded"), tr("Who"), tr("Event"),
        numbers=[0], whole=[1, 2],
    )  # fmt: skip
    for line in lines:
        act = line.fact.act
        paper = f"{show.clean(act.document.symbol)}; " if act.document else ""
        table.add_row(
            show.under(str(line.position), f"v{line.fact.version}"),
            show.under(show.minute(act.at), show.minute(line.recorded_at)),
            show.actor(act),
            show.under(_called(line.fact.event.kind), paper + show.clean(compact(line.fact.event))),
        )
    show.screen().print(table)


@looking
def timeline(view: View, project: Project, output: Listing = "table") -> None:
    """Show a project's history, with that of its sections and payments."""
    with open_session() as session:
        picture = session.picture(view)
        _, state = portrait.registered(picture, ProjectId(project), output, "[]")
        found = picture.entries(*portrait.streams_of(state))
    mention(picture)
    # By when it happened; what happened together stays in the order of the log.
    lines = _lines(sorted(found, key=lambda entry: (entry.fact.act.at, entry.position)))
    if handed_over(picture, lines, tuple[Line, ...], output):
        return
    head(picture)
    table = show.table(tr("Day"), tr("What"), tr_in("case", "Where"), tr("Who"), whole=[0, 2, 3])
    for line in lines:
        event = line.fact.event
        table.add_row(
            show.day(line.fact.act.at),
            show.under(words.said(record_words.EVENTS, event.kind), show.clean(compact(event))),
            _where(line.fact.stream),
            show.actor(line.fact.act),
        )
    show.screen().print(table)


def _called(kind: str) -> str:
    """In words, and by the name that programs use."""
    return f"{words.said(record_words.EVENTS, kind)} ({kind})"


def _where(stream: StreamId) -> str:
    room, _, name = stream.partition("/")
    part = name.rpartition("/")[2] if "/" in name else ""
    if not part:
        return tr("project")
    return show.under(show.clean(part), tr("payment") if room == "payment" else tr("section"))


def compact(event: Event) -> str:
    """An event's own fields on a line: long lists are counted, nested values abridged.

    What is empty is left out.
    """
    told = {name: _told(event, name) for name in _fields(event) if not _is_elsewhere(event, name)}
    return ", ".join(f"{_label(event, name)} {text}" for name, text in told.items() if text)


def _is_elsewhere(event: Event, name: str) -> bool:
    return name in SAID_ELSEWHERE or f"{event.kind}.{name}" in SAID_ELSEWHERE


def _label(event: Event, name: str) -> str:
    return pick(terms.of(field_words.FIELDS, event.kind, name) or (name, name))


def _told(event: Event, name: str) -> str:
    thing = getattr(event, name)
    if f"{event.kind}.{name}" in _SENTENCES:
        return about.named(thing)
    named = terms.of(terms.NAMED, event.kind, name)
    if named is None or not thing:
        return _short(thing)
    if isinstance(thing, tuple):
        return _short(tuple(words.said(named, one) for one in thing))
    return words.said(named, thing)


def _lines(entries: "tuple[Entry, ...] | list[Entry]") -> tuple[Line, ...]:
    return tuple(
        Line(position=entry.position, recorded_at=entry.recorded_at, fact=entry.fact)
        for entry in entries
    )


def _fields(thing: object) -> tuple[str, ...]:
    if not is_dataclass(thing) or isinstance(thing, type):
        return ()
    return tuple(field.name for field in fields(thing))


def _short(thing: object) -> str:
    match thing:
        case StrEnum():
            return words.said(terms.TERMS.get(type(thing), {}), thing)
        case Post() | Hand() | str():
            return str(thing)
        case None | ():
            return ""
        case bool():
            return tr("yes") if thing else tr("no")
        case int():
            # A year is no sum of money.
            return grouped(thing) if thing >= 10_000 else str(thing)
        case PublicKey():
            return thing.fingerprint
        case Delegation():
            days = f"{thing.first:%d/%m/%Y} – {thing.last:%d/%m/%Y}"
            return f"{thing.delegation} {thing.giver} → {thing.holder}, {thing.post}, {days}"
        case datetime():
            return show.day(thing)
        case date():
            return f"{thing:%d/%m/%Y}"
        case Due():
            return show.last_day(thing.at)
        case tuple():
            first = ", ".join(_short(member) or "–" for member in thing[:_LONG])
            rest = len(thing) - _LONG
            return f"[{first}{f', … +{rest}' if rest > 0 else ''}]"
        case _:
            return _name(thing)


def _name(thing: object) -> str:
    """What a nested value is about: its first field that says something, a name or a moment."""
    names = _fields(thing)
    said = (_of_part(name, getattr(thing, name)) for name in names)
    return next(filter(None, said), "") if names else str(thing)


def _of_part(name: str, thing: object) -> str:
    """That something is so is said by the field's name: an obstacle blocks works."""
    if isinstance(thing, bool):
        return words.said(field_words.FIELDS, name) if thing else ""
    return _short(thing)
