"""The least a decision on Temporal can cost: an Update that runs an activity that does nothing."""

import asyncio
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bare"


@activity.defn
def nothing(text: str) -> str:
    """Answer what was asked."""
    return text


@workflow.defn
class Bare:
    """Waits for updates for ever."""

    @workflow.run
    async def run(self) -> None:
        """Live until terminated."""
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def ask(self, text: str) -> str:
        """One activity."""
        return await workflow.execute_activity(
            nothing, text, start_to_close_timeout=timedelta(seconds=30)
        )


async def serve(address: str) -> None:
    """Poll until stopped."""
    client = await Client.connect(address)
    worker = Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare],
        activities=[nothing],
        activity_executor=ThreadPoolExecutor(max_workers=8),
        max_concurrent_activities=8,
        max_concurrent_workflow_tasks=10,
    )
    await worker.run()


if __name__ == "__main__":
    try:
        asyncio.run(serve(sys.argv[1]))
    except KeyboardInterrupt:
        gc.collect()
