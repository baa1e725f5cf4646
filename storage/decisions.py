"""What was decided under which id: the key that makes a decision count once, for ever."""

from domain.recording import Accepted, Denied, Outcome
from domain.refusal import Rule
from domain.streams import Envelope
from domain.values import StreamId, value
from storage import codec
from storage.journey import Call, Row, Statement

_EARLIER = Statement(
    name="ntm_earlier",
    sql="""
        SELECT decisions.decision_id, stream, envelope_hash, refused_as, refused_because, version,
               events.position
        FROM decisions LEFT JOIN events USING (stream, version)
        WHERE decisions.decision_id = ANY($1::text[])
    """,
)

_REMEMBER = Statement(
    name="ntm_remember",
    sql="""
        INSERT INTO decisions
            (decision_id, stream, envelope_hash, refused_as, refused_because, version)
        VALUES ($1, $2, $3, $4, $5, $6)
    """,
)


@value
class Decision:
    """An answer that was given, and the position of its event; 0 until that is appended.

    `envelope_hash` tells a repetition from another decision that took the id.
    """

    decision_id: str
    stream: StreamId
    envelope_hash: bytes
    refused_as: Rule | None
    refused_because: str | None
    version: int
    position: int = 0


def answered(found: Decision, envelope: Envelope) -> Outcome:
    """What was answered under this id before; another body under it is refused."""
    name = envelope.decision_id
    if found.envelope_hash != codec.envelope_hash(envelope):
        because = "decision_id: was used for a different decision"
        return Denied(decision_id=name, rule="already_exists", because=because)
    if found.refused_as is not None:
        return Denied(decision_id=name, rule=found.refused_as, because=found.refused_because or "")
    return Accepted(decision_id=name, version=found.version, position=found.position)


def earlier(ids: list[str]) -> Call:
    """What asks for the decisions on record under these ids."""
    return _EARLIER, (ids,)


def known(rows: list[Row]) -> dict[str, Decision]:
    """Its answer, by decision id."""
    return {
        decision_id: Decision(
            decision_id=decision_id,
            stream=stream,
            envelope_hash=envelope_hash,
            refused_as=refused_as,
            refused_because=because,
            version=version,
            position=position or 0,
        )
        for decision_id, stream, envelope_hash, refused_as, because, version, position in rows
    }


def remember(decision: Decision) -> Call:
    """What puts a decision on record; another one under its id is a conflict."""
    return _REMEMBER, (
        decision.decision_id,
        decision.stream,
        decision.envelope_hash,
        decision.refused_as,
        decision.refused_because,
        decision.version,
    )
