"""What operators find a case by in the Web UI: its search attributes, and when they change."""

from collections.abc import Iterator
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain import clearance, payment, project, question
from domain.alarms import Alarm
from domain.charter import Charter
from domain.phase import Phase, phase
from domain.streams import State
from domain.waits import Wait
from workflows.details import awaited, details

PROGRAMME = SearchAttributeKey.for_keyword("Programme")
COHORT = SearchAttributeKey.for_keyword("Cohort")
COMMUNE = SearchAttributeKey.for_keyword("Commune")
PHASE = SearchAttributeKey.for_keyword("Phase")
WAITING_ON = SearchAttributeKey.for_keyword_list("WaitingOn")
STALLED = SearchAttributeKey.for_bool("Stalled")
ESCALATION_LEVEL = SearchAttributeKey.for_int("EscalationLevel")
DUE = SearchAttributeKey.for_datetime("Due")
"""The earliest day by which somebody has to act, by the programme clock."""


class Show:
    """Keeps the Web UI's picture of one case current, and writes it only when it changes."""

    def __init__(self) -> None:
        self._attributes: tuple[SearchAttributeUpdate[Any], ...] = ()

    def refresh(self, state: State, waits: tuple[Wait, ...], alarm: Alarm | None) -> None:
        """Show what the case is, where it stands and whom it waits for."""
        workflow.set_current_details(details(state, waits, alarm, workflow.info().namespace))
        attributes = tuple(_attributes(state, waits))
        if attributes and workflow.patched("due-shown"):
            attributes = (*attributes, _due(waits))
        if attributes and attributes != self._attributes:
            workflow.upsert_search_attributes(attributes)
            self._attributes = attributes


def _attributes(state: State, waits: tuple[Wait, ...]) -> Iterator[SearchAttributeUpdate[Any]]:
    match state:
        case project.Registered():
            yield from _of(state.charter, phase(state))
        case clearance.Clearing():
            yield from _of(state.charter, Phase.CLEARANCE)
            yield STALLED.value_set(state.stall.level > 0)
            yield ESCALATION_LEVEL.value_set(state.stall.level)
        case payment.Submitted():
            yield from _of(state.charter, "payment")
        case question.Asked():
            yield PROGRAMME.value_set(state.programme)
            yield PHASE.value_set("question")
        case _:
            return
    yield WAITING_ON.value_set(sorted({*(str(wait.post) for wait in waits), *awaited(state)}))


def _of(charter: Charter, where: str) -> Iterator[SearchAttributeUpdate[Any]]:
    yield PROGRAMME.value_set(charter.programme)
    yield COHORT.value_set(charter.cohort)
    yield COMMUNE.value_set(charter.commune)
    yield PHASE.value_set(str(where))


def _due(waits: tuple[Wait, ...]) -> SearchAttributeUpdate[Any]:
    days = [wait.due for wait in waits if wait.due is not None]
    return DUE.value_set(min(days)) if days else DUE.value_unset()
