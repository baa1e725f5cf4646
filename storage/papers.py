"""Which decisions cite which paper: a symbol is looked up as a whole, in the acts of the log."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import ARRAY, Text, cast, func, literal, select

from domain.programme_forms import CohortRegistered, CommunesSelected
from domain.project import Registered
from domain.values import Document, Post, ProjectId, StreamId, value
from storage import codec, log, tables
from storage.travel import Picture, within

_EVENTS = tables.events.c
_SYMBOL = _EVENTS.act["document"]["symbol"].astext


@value
class Cited:
    """A decision that cites a paper, with every kind of event it made on one stream."""

    stream: StreamId
    decision_id: str
    at: datetime
    by: Post
    document: Document
    events: tuple[str, ...]


@value
class Paper:
    """A paper as it was cited, and how often; the same symbol may have been written in two ways."""

    document: Document
    decisions: int
    first: datetime
    last: datetime


@value
class Footing:
    """The decisions that cite a paper, and the projects that rest on it."""

    symbol: str
    cited: tuple[Cited, ...]
    projects: tuple[ProjectId, ...]


def cited(picture: Picture, symbol: str | None = None) -> tuple[Cited, ...]:
    """The decisions that cite a paper of this very symbol, or any; in the order of recording."""
    which = _SYMBOL.is_not(None) if symbol is None else symbol == _SYMBOL
    query = (
        select(
            _EVENTS.stream, _EVENTS.decision_id, _EVENTS.kind, cast(_EVENTS.act, Text)
        )
        .where(which, *within(picture.view))
        .order_by(_EVENTS.position)
    )  # fmt: skip
    found: dict[tuple[StreamId, str], Cited] = {}
    with log.look(picture.engine) as connection:
        for stream, decision, kind, body in connection.execute(query):
            act = codec.ACT.validate_json(body)
            earlier = found.get((stream, decision))
            events = (*earlier.events, kind) if earlier else (kind,)
            assert act.document is not None
            found[stream, decision] = Cited(
                stream=stream,
                decision_id=decision,
                at=act.at,
                by=act.by,
                document=act.document,
                events=events,
            )
    return tuple(found.values())


def newest(
    picture: Picture, streams: Iterable[StreamId], most: int = 3
) -> dict[StreamId, tuple[Document, ...]]:
    """The papers that decisions on each of some streams cited last, the newest first."""
    named = func.unnest(literal(sorted(streams), ARRAY(Text))).column_valued("named")
    last = (
        select(_EVENTS.act["document"].cast(Text).label("body"), _EVENTS.version)
        .where(_EVENTS.stream == named, _SYMBOL.is_not(None), *within(picture.view))
        .order_by(_EVENTS.version.desc())
        # The events of one decision cite one paper.
        .limit(most * 4)
        .lateral("last")
    )
    found: dict[StreamId, tuple[Document, ...]] = {}
    with log.look(picture.engine) as connection:
        query = select(named, last.c.body).order_by(named, last.c.version.desc())
        for stream, body in connection.execute(query):
            paper = codec.DOCUMENT.validate_json(body)
            earlier = found.get(stream, ())
            if paper not in earlier and len(earlier) < most:
                found[stream] = (*earlier, paper)
    return found


def papers(found: Iterable[Cited]) -> Iterator[Paper]:
    """Each paper once, by its symbol, date and issuer."""
    by_paper: dict[tuple[str, object, str], list[Cited]] = {}
    for one in found:
        paper = one.document
        by_paper.setdefault((paper.symbol, paper.issued_on, paper.issuer), []).append(one)
    for _, alike in sorted(by_paper.items(), key=lambda item: str(item[0])):
        moments = [one.at for one in alike]
        yield Paper(
            document=alike[0].document,
            decisions=len({one.decision_id for one in alike}),
            first=min(moments),
            last=max(moments),
        )


def resting(picture: Picture, symbol: str) -> dict[ProjectId, tuple[Cited, ...]]:
    """The projects that rest on a paper, each with the decisions through which it does.

    Directly, by a decision on the project or on one of its sections and payments; through its
    programme, whose paper founded it, its cohort or its choice of communes; through the year's
    plan, where a decision on capital gave or took something of the project's.
    """
    through = cited(picture, symbol)
    if not through:
        return {}
    names_of = _named(picture, through)
    found = {}
    for standing in picture.standings("project"):
        if isinstance(standing.state, Registered):
            why = tuple(one for one in through if _rests(standing.state, one, names_of))
            if why:
                found[standing.state.charter.project] = why
    return found


def _rests(project: Registered, one: Cited, names_of: dict[str, frozenset[str]]) -> bool:
    room, _, name = one.stream.partition("/")
    charter = project.charter
    match room:
        case "project" | "clearance" | "payment":
            return name.split("/", 1)[0] == charter.project
        case "programme":
            names = names_of[one.decision_id]
            ours = charter.cohort in names and (charter.commune in names or len(names) == 1)
            return name == charter.programme and (ours or not names)
        case "capital":
            return charter.project in names_of[one.decision_id]
        case _:
            return False


def _named(picture: Picture, through: tuple[Cited, ...]) -> dict[str, frozenset[str]]:
    """What each decision on a programme or a plan names: a cohort and its communes, or projects.

    A cohort of which no commune is listed is all of it; nothing named is the whole programme.
    """
    wanted = {one.stream for one in through if one.stream.startswith(("programme/", "capital/"))}
    found: dict[str, frozenset[str]] = {}
    for entry in picture.entries(*wanted) if wanted else ():
        fact = entry.fact
        match fact.event:
            case CommunesSelected(cohort=cohort, chosen=chosen):
                names: Iterable[str] = (cohort, *chosen)
            case CohortRegistered(cohort=cohort, communes=communes):
                names = (cohort, *(one.commune for one in communes))
            case event:
                parts = (*getattr(event, "lines", ()), *getattr(event, "taken", ()))
                names = (part.project for part in parts)
        found[fact.decision_id] = found.get(fact.decision_id, frozenset()) | set(names)
    return found
