"""A case that runs goes over to another law: its workflow reads that law, and rings by it."""

from pathlib import Path

import pytest

from domain.adoption import AdoptPolicy
from domain.calendar import due_day
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import DossierKind
from storage import pinned
from tests.conftest import amended
from tests.domain.story import CITY_CHAIR, PLANNING, PROJECT, REGISTER, TOTAL, act, approve, submit
from tests.workflows.conftest import Office

pytestmark = pytest.mark.asyncio

DOSSIER = DossierKind.INVESTMENT_POLICY


async def test_a_workflow_whose_case_adopts_another_law_goes_on_by_that_law(
    office: Office, policy: Policy, tmp_path: Path
) -> None:
    row = 'rule = "policy.decide"\ncount = 20\nunit = "days"'
    newer = amended(
        tmp_path / "policies",
        "limits.toml",
        row,
        row.replace("20", "5").replace("days", "working-days"),
    )
    pinned.save(office.engine, newer)
    await office.at("2024-01-25")
    office.recorded(REGISTER, submit(DOSSIER, TOTAL, "2024-01-03"))
    await office.start()

    adopt = PROJECT, AdoptPolicy(policy=newer.version), act(CITY_CHAIR, "2024-01-05")
    first = await office.ask(adopt, f"{office.project}-adopt")
    again = await office.ask(adopt, f"{office.project}-adopt")
    receipt = await office.ask(approve(DOSSIER, "appraise", PLANNING, "2024-01-08"))

    (wait,) = receipt.waits
    assert wait.due is not None
    assert due_day(wait.due).isoformat() == "2024-01-15"
    assert again.version == first.version
    await office.follows()
    with pytest.raises(Refused, match=r"\[not_found\]$"):
        await office.ask(
            (PROJECT, AdoptPolicy(policy="0123456789ab"), act(CITY_CHAIR, "2024-01-09"))
        )
    back = PROJECT, AdoptPolicy(policy=policy.version), act(CITY_CHAIR, "2024-01-09")
    receipt = await office.ask(back)
    (same,) = receipt.waits
    assert same == wait, "what was given stays"
    await office.follows()
