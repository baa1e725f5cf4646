"""Every signature on record, checked again: whose it was, by the registry as it was then.

Whoever has the recorder's password can append what nobody decided. From the founding of the
registry on it is found, because nobody else can sign for an official. Before it nothing was proved.
"""

import json
from collections.abc import Iterator

from sqlalchemy import Connection

from domain import officials, registry
from domain.authority import BY_THE_CLOCK
from domain.chain import Json
from domain.official_forms import Event
from domain.registry import Registry, Standing, Unfounded
from domain.values import SYSTEM, OfficialId
from signing import recorded
from signing.sshsig import Malformed
from storage import log
from storage.breaks import Break

_MOST = 10
"""So many breaks of a kind are named; where there are more, all of it is doubtful."""

_AT_ONCE = 200

# An act is the same for all events of a decision, and names what was signed by its hash.
_NOT_THEIRS = """
    SELECT events.position, events.stream, events.version, events.decision_id
    FROM events LEFT JOIN proofs USING (decision_id)
    WHERE events.position > %(founded)s
      AND CASE WHEN events.act->'by'->>'role' = %(system)s
               THEN events.kind <> ALL(%(clock)s)
               ELSE proofs.decision_id IS NULL OR events.act->>'proof' IS DISTINCT FROM
                    encode(sha256(convert_to(proofs.signed, 'UTF8')), 'hex')
          END
    ORDER BY events.position LIMIT %(most)s
"""

# The first event of a decision is on the stream that was asked.
_SIGNED = """
    SELECT first.position, first.stream, first.version, first.decision_id, first.act::text,
           proofs.signed, proofs.signature
    FROM proofs CROSS JOIN LATERAL (
        SELECT position, stream, version, decision_id, act FROM events
        WHERE events.decision_id = proofs.decision_id ORDER BY position LIMIT 1
    ) AS first
    ORDER BY first.position
"""


def found(connection: Connection) -> Iterator[Break]:
    """Every event since the founding that is nobody's, and every proof that is not its own."""
    ledger = _ledger(connection)
    founded = next((at for at, state in ledger if isinstance(state, Registry)), None)
    if founded is None:
        return
    values = {
        "founded": founded, "system": SYSTEM.role, "clock": sorted(BY_THE_CLOCK), "most": _MOST
    }  # fmt: skip
    cursor = log.driver(connection)
    for position, stream, version, decision_id in cursor.execute(_NOT_THEIRS, values).fetchall():
        yield Break(
            wrong="unproved", position=position, stream=stream, version=version, detail=decision_id
        )
    yield from _forged(connection, ledger)


def count(connection: Connection) -> int:
    """How many decisions are proved."""
    row = log.driver(connection).execute("SELECT count(*) FROM proofs").fetchone()
    assert row is not None
    return int(row[0])


def _forged(connection: Connection, ledger: list[tuple[int, Standing]]) -> Iterator[Break]:
    state: Standing = Unfounded()
    ahead = iter(ledger)
    following = next(ahead, None)
    raw = log.driver(connection).connection
    with raw.cursor("every_proof") as cursor:
        cursor.itersize = _AT_ONCE
        for position, stream, version, decision_id, act, signed, signature in cursor.execute(
            _SIGNED
        ):
            while following is not None and following[0] < position:
                state, following = following[1], next(ahead, None)
            try:
                check(state, stream, decision_id, json.loads(act), signed, signature)
            except ValueError as error:
                yield Break(
                    wrong="forged", position=position, stream=stream, version=version,
                    detail=f"{decision_id} ({error})",
                )  # fmt: skip


def check(
    state: Standing, stream: str, decision_id: str, act: Json, signed: str, signature: str
) -> None:
    """Raise ValueError unless the act is what the official signed, with a key that counted."""
    told, key = recorded.check(signed, signature, stream, decision_id, act)
    if not isinstance(state, Registry):
        raise Malformed("nobody was enrolled")
    if told.get("record") != state.record:
        raise Malformed("it was signed for another record")
    owner = state.officials.get(OfficialId(str(act.get("official"))))
    held = next((one for one in owner.keys if one.public == key), None) if owner else None
    if held is None:
        raise Malformed(f"{key.fingerprint} was not {act.get('official')}'s")
    flaw = held.flaw(recorded.moment(act, "known_at"))
    if flaw is not None:
        raise Malformed(f"{key.fingerprint} {flaw}")


def _ledger(connection: Connection) -> list[tuple[int, Standing]]:
    """The registry after each of its events, by their positions; up to one that is unreadable."""
    state: Standing = Unfounded()
    states: list[tuple[int, Standing]] = []
    try:
        for entry in log.read(connection, officials.STREAM):
            if isinstance(entry.fact.event, Event):
                state = registry.evolve(state, entry.fact.event, entry.fact.act)
            states.append((entry.position, state))
    except (log.Unreadable, AssertionError, LookupError):
        # The passage over the log names it.
        return states
    return states
