"""How commands reach the record, and what it answers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

from domain.authority import authorise, authorise_person
from domain.citing import check_citation
from domain.clock import Clock
from domain.policy import Policy
from domain.refusal import Refused, Rule
from domain.registry import Standing
from domain.streams import (
    Command,
    Entailed,
    Envelope,
    Event,
    Fact,
    State,
    decide,
    entails,
    replay,
)
from domain.values import BY_KIND, Act, StreamId, value

AHEAD = timedelta(minutes=5)
"""How far a sender's clock may run ahead before an act counts as in the future."""


@value
class Accepted:
    """The decision is on record: now, or since an earlier delivery of the same envelope."""

    decision_id: str
    version: int
    position: int
    kind: Literal["Accepted"] = "Accepted"


@value
class Denied:
    """The decision was refused; `rule` for machines, `because` for people."""

    decision_id: str
    rule: Rule
    because: str
    kind: Literal["Denied"] = "Denied"


Outcome: TypeAlias = Accepted | Denied


@value
class Ask:
    """One envelope; `keep_refusal` puts a refusal on record, for a sender who did not wait."""

    envelope: Envelope
    keep_refusal: bool = False


def is_held(ask: Ask, outcome: Outcome) -> bool:
    """Whether a command has to be handed in again: its sender would never hear that it was not
    decided, because a record that was restored keeps no refusals either.
    """
    return ask.keep_refusal and isinstance(outcome, Denied) and outcome.rule == "restored"


@value
class Batch:
    """Envelopes for one stream, in order, from someone who has seen it up to version `after`.

    `now` is what the programme clock shows, aware. `timeline` is the one on which the stream was
    seen: what was seen on an earlier one, an accepted restore may have lost. `voucher` shows that
    it was the record that told of it; see `storage/vouchers.py`.
    """

    stream: StreamId
    after: int
    now: datetime
    asks: tuple[Ask, ...] = ()
    timeline: int = 1
    voucher: str = ""


@value
class Recorded:
    """An outcome per ask, every fact after the version the asker had seen, and messages owed.

    `version` is where the stream stands: below what the asker had seen if the record was restored
    to an earlier point. `timeline` begins anew whenever such a restore was accepted; it is 0 for
    an asker who has seen what this record never told: they read their case anew.
    """

    outcomes: tuple[Outcome, ...]
    facts: tuple[Fact, ...]
    version: int
    notices: int
    timeline: int = 1
    voucher: str = ""


KNOWN_DECISIONS = 200
"""How many decision ids a case keeps in mind, so that its validator lets their repeats through."""


@value
class Opened:
    """A case as its workflow needs it to begin: state, version, the law it pinned, the clock.

    `decided` are the ids of its newest decisions: whoever repeats one is answered, not judged.
    """

    version: int
    state: Annotated[State, BY_KIND]
    policy: Policy
    clock: Clock
    decided: tuple[str, ...] = ()
    timeline: int = 1
    voucher: str = ""

    @property
    def seen(self) -> tuple[int, int]:
        """Up to which version its stream was seen, and on which timeline."""
        return self.version, self.timeline

    def told(self, facts: tuple[Fact, ...], voucher: str) -> "Opened":
        """The case after facts that followed, and what shows that they were told."""
        if not facts:
            return self if voucher == self.voucher else replace(self, voucher=voucher)
        ids = dict.fromkeys(fact.decision_id for fact in facts)
        return replace(
            self,
            state=replay(facts, self.state),
            version=facts[-1].version,
            decided=(*self.decided, *ids)[-KNOWN_DECISIONS:],
            voucher=voucher,
        )


def check_said(act: Act) -> None:
    """Raise `Refused` where the sender says what only the record can."""
    for field in ("known_at", "on_behalf_of", "proof"):
        if getattr(act, field) is not None:
            raise Refused("input", f"{field}: is set by the record")


def admit(
    wanted: Envelope, state: State, law: Policy, people: Standing, *, now: datetime, today: datetime
) -> None:
    """Raise `Refused` unless this person may give this command, on the paper that the law wants.

    `now` bounds the moment of the act; `today` is when the person has to hold the post, by the
    record's own clock.
    """
    act = wanted.act
    if act.at > now + AHEAD:
        raise Refused("in_the_future", f"at: {act.at} is later than now, {now}")
    authorise(wanted.command, act, state, law)
    authorise_person(wanted.command, act, state, people, law, today)
    check_citation(wanted.command, act, law)


def known_now(act: Act, people: Standing, now: datetime) -> Act:
    """An act as the record keeps it: when it was learned of, and whose power a delegate used."""
    return replace(act, known_at=now, on_behalf_of=people.giver(act.delegation))


def consequences(
    wanted: Envelope,
    act: Act,
    hold: Callable[[StreamId], State],
    law: Callable[[Command | Entailed, State], Policy],
) -> Iterator[tuple[StreamId, Event]]:
    """Every event of one decision, on its own stream and on all that it touches; or `Refused`.

    Each is to be applied before the next is asked for: `hold` answers with the state so far.
    """
    todo: list[tuple[StreamId, Command | Entailed]] = [(wanted.stream, wanted.command)]
    for stream, command in todo:
        state = hold(stream)
        for event in decide(state, command, act, law(command, state)):
            yield stream, event
            todo.extend(entails(hold(stream), event))
