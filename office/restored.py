"""Whether the record is trusted: what it says of itself, and what others say that it does not."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client

from domain.recording import Batch
from domain.restore import ReportRestore, Restored, Standing, Trusted
from domain.values import value
from office import engine as temporal
from office.reconcile import Difference
from stack import home
from storage import guard, log
from storage.outside import Outside


@value
class Look:
    """What the record says of itself, and what a note outside says that nobody put on record."""

    standing: Standing
    unheard: ReportRestore | None = None

    @property
    def left(self) -> int | None:
        """How many events a restore left that nobody has accepted yet; None if there is none."""
        if isinstance(self.standing, Restored):
            return self.standing.found.left
        return None if self.unheard is None else self.unheard.left


def look(record: Engine, at: Path) -> Look:
    """Read only: what is found is put on record by the next decision, the worker or `reconcile`."""
    with log.look(record) as connection:
        _, standing = guard.read(connection)
        if not isinstance(standing, Trusted):
            return Look(standing=standing)
        outside = Outside(at, home.other_media())
        return Look(standing=standing, unheard=guard.contradiction(connection, standing, outside))


async def seen(
    client: Client, differences: Iterable[Difference], now: datetime
) -> tuple[Batch, ...]:
    """Cases whose workflows may hold more than the record: as they would ask for what follows."""
    batches = []
    for one in differences:
        if one.kind in ("ahead", "unknown"):
            held = await temporal.seen(client, one.stream)
            if held is not None:
                version, timeline = held
                shown = await temporal.voucher(client, one.stream)
                batches.append(
                    Batch(
                        stream=one.stream, after=version, now=now, timeline=timeline, voucher=shown
                    )
                )
    return tuple(batches)
