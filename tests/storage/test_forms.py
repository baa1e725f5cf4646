"""A newer program folds anew what an older one left, once."""

from sqlalchemy import Engine, text, update

from domain.policy import Policy
from storage import rebuild, tables
from storage.record import Record
from tests.conftest import tell
from tests.domain.story import TO_SUPPORT_PLAN


def test_what_another_program_folded_is_folded_anew_once(
    record: Record, engine: Engine, policy: Policy
) -> None:
    tell(record, *TO_SUPPORT_PLAN)
    first = rebuild.bring_up(engine, policy)
    with engine.begin() as connection:
        connection.execute(update(tables.forms).values(form="another"))
        connection.execute(text("UPDATE states SET body = '{}' WHERE room = 'clearance'"))

    again = rebuild.bring_up(engine, policy)

    assert first is not None
    assert again == first
    assert rebuild.differences(engine, policy, lambda _done, _of: None) == ()
    assert rebuild.bring_up(engine, policy) is None
