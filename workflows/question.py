"""A policy question, pushed to the department and the city until a directive answers it."""

from temporalio import workflow

from domain.question import Asked
from domain.refusal import Refused
from domain.streams import clearance_stream
from workflows.case import Case, Life
from workflows.nudges import nudge


@workflow.defn(failure_exception_types=[Refused])
class PolicyQuestion:
    """Takes the department's and the city's word on one question, and reminds them of it."""

    @workflow.init
    def __init__(self, life: Life) -> None:
        self._case = Case(life)
        # A question is on record before it has a workflow, and so are the obstacles that wait.
        self._told = life.opened is not None

    @workflow.run
    async def run(self, _life: Life) -> str:
        """Live until it is answered, merged or withdrawn; answers with how the case ended."""
        return await self._case.live(self._tell_sections)

    async def _tell_sections(self) -> None:
        """Have the sections it was raised about read on, once."""
        state = self._case.state
        if self._told or not isinstance(state, Asked):
            return
        self._told = True
        await nudge({clearance_stream(c.project, c.section) for c in state.concerns})
