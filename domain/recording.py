"""How commands reach the record, and what it answers."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from domain.clock import Clock
from domain.policy import Policy
from domain.refusal import Rule
from domain.streams import Envelope, Fact, State, replay
from domain.values import BY_KIND, StreamId, value


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
