"""What operators see of a case in the Web UI: current details and search attributes."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, assert_never

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from domain import approval, clearance, payment, project, question
from domain.alarms import Alarm
from domain.calendar import due_day, local_day
from domain.cases import CaseStatus
from domain.charter import Charter
from domain.phase import Phase, phase
from domain.stall import Stall
from domain.streams import State, question_stream
from domain.waits import Wait

PROGRAMME = SearchAttributeKey.for_keyword("Programme")
COHORT = SearchAttributeKey.for_keyword("Cohort")
COMMUNE = SearchAttributeKey.for_keyword("Commune")
PHASE = SearchAttributeKey.for_keyword("Phase")
WAITING_ON = SearchAttributeKey.for_keyword_list("WaitingOn")
STALLED = SearchAttributeKey.for_bool("Stalled")
ESCALATION_LEVEL = SearchAttributeKey.for_int("EscalationLevel")


class Show:
    """Keeps the Web UI's picture of one case current, and writes it only when it changes."""

    def __init__(self) -> None:
        self._attributes: tuple[SearchAttributeUpdate[Any], ...] = ()

    def refresh(self, state: State, waits: tuple[Wait, ...], alarm: Alarm | None) -> None:
        """Show what the case is, where it stands and whom it waits for."""
        workflow.set_current_details(details(state, waits, alarm))
        attributes = tuple(_attributes(state, waits))
        if attributes and attributes != self._attributes:
            workflow.upsert_search_attributes(attributes)
            self._attributes = attributes


def details(state: State, waits: tuple[Wait, ...], alarm: Alarm | None) -> str:
    """Markdown: phase, what is waited for, from whom, since, due; sections; obstacles."""
    lines: list[str] = []
    match state:
        case project.Registered():
            lines += _project(state)
        case clearance.Clearing():
            lines += _clearance(state)
        case payment.Submitted():
            lines += [
                f"## {state.charter.name}: payment {state.payment}",
                f"**{state.payment_kind}**, {state.cash:,} đồng, **{state.status}**",
            ]
        case question.Asked():
            lines += _question(state)
        case _:
            lines += ["The record does not know this case yet."]
    if waits or not _questions(state):
        lines += _waits(waits)
    if alarm is not None:
        lines += ["", f"Next deadline: **{due_day(alarm.at):%d/%m/%Y}**, {alarm.label}"]
    return "\n".join(lines)


def _project(state: project.Registered) -> Iterator[str]:
    yield f"## {state.charter.name}"
    yield f"Phase **{phase(state)}**, commune {state.charter.commune},"
    yield f"cohort {state.charter.cohort}, version of the law `{state.policy}`"
    yield ""
    for kind, dossier in state.dossiers.items():
        match dossier:
            case approval.UnderReview():
                at = f"round {dossier.round}, at **{dossier.step}**{_votes(dossier)}"
                yield f"- dossier {kind}: {at}"
            case approval.Returned() | approval.Approved() | approval.Rejected():
                yield f"- dossier {kind}: {dossier.kind.lower()}"
            case _:
                assert_never(dossier)
    yield f"- disbursed {state.ledger.disbursed:,} of {state.ceiling:,} đồng"
    yield ""
    yield "| section | stage | site | works |"
    yield "|---|---|---|---|"
    for name, site in state.building.sections.items():
        ground = site.released or "–"
        yield f"| {name} {site.plan.name} | {site.stage} | {ground} | {site.percent} % |"


def _votes(held: approval.UnderReview) -> str:
    panel = held.deciding
    if panel.is_one:
        return ""
    said = ", ".join(f"{one.by} {one.say}" for one in held.ballots) or "nobody has voted"
    return f", {said}; needs {panel.needs()}"


def _clearance(state: clearance.Clearing) -> Iterator[str]:
    yield f"## {state.charter.name}, section {state.section}"
    yield f"Handed over: **{state.released or 'not yet'}**, households {state.cleared_percent} %"
    yield ""
    counts = Counter(case.status for case in state.cases.values())
    said = ", ".join(f"{counts[status]} {status}" for status in CaseStatus if counts[status])
    yield f"- {len(state.cases)} households: {said or 'none listed'}"
    for name, utility in state.ground.utilities.items():
        entry = utility.entry
        moved = f", {utility.moved} moved" if utility.moved else ""
        yield f"- {entry.poles} {entry.voltage} poles ({name}): {utility.status}{moved}"
    for name_, obstacle in state.ground.standing().items():
        since = f"{local_day(obstacle.since):%d/%m/%Y}"
        asked = f", waits for **question {r.question}**" if (r := obstacle.referral) else ""
        yield (
            f"- obstacle {name_}: **{obstacle.cause}**, owner {obstacle.owner},"
            f" since {since}{asked}"
        )
    if state.stall.level:
        since = f"{local_day(state.stall.progress_at):%d/%m/%Y}"
        yield f"- **stalled** since {since}, escalation level **{state.stall.level}**"
        yield from _latest(state.stall)
    if (pause := state.stall.pause) is not None:
        until = f" to {pause.last:%d/%m/%Y}" if pause.last else ""
        yield f"- clock **paused** from {pause.first:%d/%m/%Y}{until}: {pause.cause}"
    for snooze in state.stall.snoozes[-1:]:
        yield f"- next rung put off to {snooze.last:%d/%m/%Y}"


def _latest(stall: Stall) -> Iterator[str]:
    """What the last letter was raised for, and who owes an answer."""
    letters = sorted(stall.escalations.items())
    for why in letters[-1][1].reasons if letters else ():
        yield f"- because: {why.trigger} {why.about}".rstrip()
    for _, asked in letters:
        if asked.answered_at is None:
            due = f"{due_day(asked.answer_due.at):%d/%m/%Y}"
            again = ", asked again" if asked.reminded_at else ""
            yield f"- {asked.document} to **{asked.addressee}**: answer due {due}{again}"


def _question(state: question.Asked) -> Iterator[str]:
    sections = len({(one.project, one.section) for one in state.concerns})
    obstacles = sum(len(one.obstacles) for one in state.concerns)
    yield f"## Question {state.question}: {state.cause}"
    yield state.text
    yield f"**{state.status}**: {obstacles} obstacles of {sections} sections wait for it"
    yield ""
    for share in state.shares:
        streams = ", ".join(f"{one.project}/{one.section}" for one in share.concerns)
        yield f"- asked by {share.by}: {streams}"
    if state.merged:
        yield f"- has taken in {', '.join(state.merged)}"
    if state.merged_into:
        yield f"- has become part of **{state.merged_into}**"
    if state.directive:
        yield f"- {state.document}: **{state.directive.outcome}**, {state.directive.text}"
    if state.overdue:
        yield "- **overdue**"


def _questions(state: State) -> tuple[str, ...]:
    """The streams of questions that a section's obstacles wait for."""
    if not isinstance(state, clearance.Clearing):
        return ()
    return tuple(question_stream(name) for name in state.ground.awaited())


def _waits(waits: tuple[Wait, ...]) -> Iterator[str]:
    yield ""
    if not waits:
        yield "Waits for nobody."
        return
    # Three columns: the Web UI sets no space between cells, and more of them run together.
    yield "| waits for | to do | since → due |"
    yield "|---|---|---|"
    for wait in waits:
        about = wait.about or (f"{wait.count} cases" if wait.count > 1 else "")
        since = f"{local_day(wait.since):%d/%m/%Y}"
        due = f"**{due_day(wait.due):%d/%m/%Y}**" if wait.due else "no date"
        yield f"| **{wait.post}** | {wait.task} {about} | {since} → {due}, then {wait.if_ignored} |"


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
    yield WAITING_ON.value_set(sorted({*(str(wait.post) for wait in waits), *_questions(state)}))


def _of(charter: Charter, where: str) -> Iterator[SearchAttributeUpdate[Any]]:
    yield PROGRAMME.value_set(charter.programme)
    yield COHORT.value_set(charter.cohort)
    yield COMMUNE.value_set(charter.commune)
    yield PHASE.value_set(str(where))
