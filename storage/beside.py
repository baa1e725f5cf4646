"""What stands beside the log and decides with it: which decisions were taken, by which law.

Neither is under the tree. Both follow from what is: a decision from its event, and a version of
the law from its own content, whose hash is its name.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from storage import policies, tables
from storage.breaks import Break
from storage.policy_checks import PolicyError

_MOST = 10
"""How many breaks of a kind are named; where there is one, all of it is doubtful."""


def found(connection: Connection) -> list[Break]:
    """Every break there is in decisions and laws."""
    return [*_decisions(connection), *_laws(connection)]


def _decisions(connection: Connection) -> Iterator[Break]:
    """Decisions whose event is not where the record has it, or answers otherwise than they do."""
    events, decisions = tables.events.c, tables.decisions.c
    of_it = (events.stream == decisions.stream) & (events.version == decisions.version)
    is_another = events.decision_id.is_distinct_from(decisions.decision_id)
    was_refused = events.kind == "DecisionRefused"
    told = was_refused.is_distinct_from(decisions.refused_as.is_not(None)) | (
        was_refused
        & (
            events.body["rule"].astext.is_distinct_from(decisions.refused_as)
            | events.body["because"].astext.is_distinct_from(decisions.refused_because)
        )
    )
    query = (
        select(
            decisions.decision_id, decisions.stream, decisions.version, is_another.label("is_lost")
        )
        .join_from(tables.decisions, tables.events, of_it, isouter=True)
        .where(is_another | told)
        .order_by(decisions.stream, decisions.version)
        .limit(_MOST)
    )
    for row in connection.execute(query):
        yield Break(
            wrong="lost" if row.is_lost else "told",
            stream=row.stream,
            version=row.version,
            detail=row.decision_id,
        )


def _laws(connection: Connection) -> Iterator[Break]:
    """Versions of the law that are not what their name says, or that a case pinned and are gone."""
    kept = set()
    for row in connection.execute(select(tables.policies.c.version, tables.policies.c.body)):
        kept.add(row.version)
        try:
            is_itself = policies.parse(row.body).version == row.version
        except PolicyError:
            is_itself = False
        if not is_itself:
            yield Break(wrong="law", detail=row.version)
    events = tables.events.c
    pinned = events.body["policy"].astext
    first = (
        select(pinned.label("version"), func.min(events.position).label("position"))
        .where(pinned.is_not(None))
        .group_by(pinned)
    )
    for row in connection.execute(first):
        if row.version not in kept:
            yield Break(wrong="law", position=row.position, detail=row.version)
