"""Cases that began under earlier code go on under this one."""

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.workflows.conftest import DATA_CONVERTER, HISTORIES
from worker import SANDBOX, WORKFLOWS

KEPT = {path.stem: path.read_text("utf-8") for path in sorted(HISTORIES.glob("*.json"))}


def test_histories_of_every_workflow_are_kept() -> None:
    rooms = {name.split(".")[1].rstrip("0123456789") for name in KEPT}

    assert rooms == {"project", "clearance", "payment", "question"}


@pytest.mark.asyncio
@pytest.mark.parametrize("name", KEPT, ids=lambda name: name.replace("_", " "))
async def test_a_kept_history_is_replayed_to_the_letter(name: str) -> None:
    replayer = Replayer(
        workflows=WORKFLOWS,
        workflow_runner=SANDBOX,
        data_converter=DATA_CONVERTER,
    )

    await replayer.replay_workflow(WorkflowHistory.from_json(name, KEPT[name]))
