"""What a sitting knows of officials: the registry as it stands until the sitting ends."""

from sqlalchemy import Connection

from domain import officials
from domain.registry import Unfounded
from storage.folds import Fold, Folds
from storage.journey import Call, Row, Statement

LAST: Call = (
    Statement(
        name="ntm_last_of_officials",
        sql="SELECT version, hash FROM events WHERE stream = $1 ORDER BY version DESC LIMIT 1",
    ),
    (officials.STREAM,),
)
"""What asks for the registry's last event; there is none before it is founded."""

HOLD: tuple[Call, Call] = (
    (
        Statement(
            name="ntm_hold_officials",
            sql="SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))",
        ),
        (officials.STREAM,),
    ),
    LAST,
)
"""What lets nobody change the registry until a turn ends, and asks for its last event.

So a key that is revoked is honoured from the very next decision, and none overtakes it.
"""


def registry(connection: Connection, folds: Folds, last: list[Row]) -> Fold:
    """The registry, by the answer to the second call of `HOLD`: read only if it has moved."""
    for version, end in last:
        return folds.at(officials.STREAM, version, end) or folds.read(connection, officials.STREAM)
    return Fold(version=0, decision_id="", state=Unfounded())
