"""One payment request on its way through finance and treasury."""

from temporalio import workflow

from domain.refusal import Refused
from workflows.case import Case, Life


@workflow.defn(failure_exception_types=[Refused])
class Payment:
    """Takes the checker's and the treasury's word on one request."""

    @workflow.init
    def __init__(self, life: Life) -> None:
        self._case = Case(life)

    @workflow.run
    async def run(self, _life: Life) -> str:
        """Live until the money is paid or refused; answers with how the case ended."""
        return await self._case.live()
