"""Clearance of one section, pushed up the escalation ladder when it stalls."""

from temporalio import workflow

from domain.refusal import Refused
from workflows.case import Case, Life


@workflow.defn(failure_exception_types=[Refused])
class SiteClearance:
    """Takes decisions on one section's site, and wakes for the next rung of the ladder."""

    @workflow.init
    def __init__(self, life: Life) -> None:
        self._case = Case(life)

    @workflow.run
    async def run(self, _life: Life) -> str:
        """Live until the site is handed over in full; answers with how the case ended."""
        return await self._case.live()
