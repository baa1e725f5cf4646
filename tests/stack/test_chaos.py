"""Servers are killed while officials decide: a short run; `make chaos` has longer ones."""

import gc
import os
from pathlib import Path

from chaos.check import Books, Law, check
from chaos.killer import BLOWS
from chaos.ledger import Acknowledged
from chaos.run import Plan, play
from domain.policy import Policy
from stack import up
from tests.stack.test_stack import home  # noqa: F401  # the fixture

SEED = int(os.environ.get("CHAOS_SEED", "2024"))


def test_whatever_is_killed_no_acknowledged_decision_is_lost_or_counted_twice(
    home: Path,  # noqa: F811
) -> None:
    up.up(home)
    plan = Plan(seed=SEED, seconds=0.0, rounds=1, officials=3, pause=(0.3, 1.0))

    outcome = play(home, plan, print)
    gc.collect()

    assert {kill.blow for kill in outcome.kills} == set(BLOWS)
    assert outcome.receipts
    assert outcome.unanswered == 0
    assert [law for law in outcome.laws if law.broken] == []
    assert outcome.differences == ()
    assert [control for control in outcome.controls if not control.seen] == []
    assert len(outcome.controls) >= 5


def test_an_empty_record_breaks_the_law_of_the_first_receipt(policy: Policy) -> None:
    receipt = Acknowledged(
        decision_id="d", stream="project/P", version=1, position=1, one_of=None, at=0.0
    )

    laws = check(Books(events=[], decisions=[], states=[], inbox=[]), (receipt,), policy)

    assert broken(laws) == ["acknowledged, and on record once"]


def broken(laws: tuple[Law, ...]) -> list[str]:
    return [law.name for law in laws if law.broken]
