"""What each case waits for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from typing import assert_never

from domain import (
    approval,
    clearance,
    duties,
    payment,
    positions,
    programme_forms,
    project,
    question,
    registry,
    restore,
    stall,
)
from domain.calendar import HANOI, end_of, local_day
from domain.case_waits import pending
from domain.cases import CaseStatus
from domain.dossier_waits import dossier_waits
from domain.officials import STREAM
from domain.people import Enrolment, Nomination
from domain.phase import Phase, phase
from domain.policy import Policy
from domain.separation import persons
from domain.streams import (
    State,
    clearance_stream,
    payment_stream,
    project_stream,
    question_stream,
)
from domain.utilities import Relocation, Utility
from domain.values import DossierKind, Extent, Level, Post, Role
from domain.waits import IfIgnored, Task, Wait


def waits(state: State, policy: Policy) -> tuple[Wait, ...]:
    """Every open wait of a case; nothing waits unseen."""
    match state:
        case project.Registered():
            return tuple(_project_waits(state, policy))
        case clearance.Clearing():
            return tuple(_clearance_waits(state, policy))
        case payment.Submitted():
            return tuple(_payment_waits(state))
        case restore.Restored():
            return tuple(_record_waits(state, policy))
        case question.Asked():
            return tuple(_question_waits(state))
        case registry.Registry():
            return tuple(_registry_waits(state))
        case (
            project.Unregistered()
            | clearance.NotBegun()
            | payment.NotSubmitted()
            | positions.Capital()
            | programme_forms.Unnamed()
            | programme_forms.Running()
            | restore.Trusted()
            | question.Unasked()
            | registry.Unfounded()
        ):
            return ()
        case _:
            assert_never(state)


def is_open(state: State) -> bool:
    """Whether the case still has a life to live, and so a workflow to live it."""
    match state:
        case project.Registered():
            # Accounts may close while the contractor's retention is still in deposit.
            return phase(state) not in (Phase.CLOSED, Phase.REJECTED) or bool(state.ledger.held)
        case clearance.Clearing():
            return state.released is not Extent.FULL
        case payment.Submitted():
            return state.open
        case question.Asked():
            return state.stage is not None
        case _:
            return False


def _project_waits(state: project.Registered, policy: Policy) -> Iterator[Wait]:
    stream = project_stream(state.charter.project)
    investor = Post(role=Role.INVESTOR, unit=state.charter.units.at(Level.DISTRICT))

    def wait(key: str, task: Task, since: datetime, about: str = "") -> Wait:
        return Wait(
            stream=stream,
            key=key,
            post=investor,
            task=task,
            since=since,
            due=None,
            if_ignored=IfIgnored.WORKS_WAIT,
            about=about,
        )

    if not is_open(state):
        return
    for duty in duties.standing(state.duties, policy):
        yield Wait(
            stream=stream,
            key=duty.key,
            post=duty.post,
            task=duty.task,
            since=duty.since,
            due=duty.due.at if duty.due else None,
            if_ignored=duty.if_ignored,
            amount=duty.amount,
            about=duty.about,
        )
    if state.closed_at is not None:
        return
    for kind, dossier in state.dossiers.items():
        if isinstance(dossier, approval.UnderReview):
            yield from dossier_waits(stream, kind, dossier)
    following = _next_dossier(state)
    if following is not None:
        kind, since = following
        yield wait(f"{kind}/submit", Task.SUBMIT_DOSSIER, since, kind)
    building = state.building
    decision = state.dossiers.get(DossierKind.PROJECT)
    if not isinstance(decision, approval.Approved):
        return
    if building.contract is None:
        yield wait("contract", Task.SIGN_CONTRACT, decision.at)
    for name, site in building.sections.items():
        if site.stage == "planned" and site.plan.needs_clearance:
            yield wait(f"{name}/clearance", Task.OPEN_CLEARANCE, site.since, name)
        if site.released and building.contract and site.stage in ("planned", "clearing"):
            yield wait(f"{name}/start", Task.START_WORKS, site.since, name)
        if site.stage == "started":
            task = Task.ACCEPT_WORKS if site.percent == 100 else Task.REPORT_PROGRESS
            yield wait(f"{name}/works", task, site.since, name)
    sites = building.sections.values()
    if building.in_use_since is None and all(site.stage == "accepted" for site in sites):
        yield wait("use", Task.HAND_OVER_TO_USE, max(site.since for site in sites))


def _next_dossier(state: project.Registered) -> tuple[DossierKind, datetime] | None:
    """The dossier that is to be submitted next, and since when it could have been."""
    since = state.since
    for kind in (DossierKind.INVESTMENT_POLICY, DossierKind.PROJECT, DossierKind.SETTLEMENT):
        match state.dossiers.get(kind):
            case approval.Approved(at=at):
                since = at
            case approval.Returned(since=returned):
                return kind, returned
            case None if kind is DossierKind.SETTLEMENT:
                # A duty with a term of its own.
                return None
            case None:
                return kind, since
            case _:
                return None
    return None


def _clearance_waits(state: clearance.Clearing, policy: Policy) -> Iterator[Wait]:
    stream = clearance_stream(state.charter.project, state.section)
    units = state.charter.units
    rung = stall.next_rung(state.stall, clearance.watch(state, policy), policy)
    due = rung.at if rung else None
    if_ignored = IfIgnored.ESCALATES if rung else IfIgnored.TOP_OF_LADDER
    if rung is None and state.stall.pause is not None:
        if_ignored = IfIgnored.CLOCK_PAUSED

    def wait(
        key: str, task: Task, post: Post, since: datetime, *, count: int = 1, about: str = ""
    ) -> Wait:
        return Wait(
            stream=stream,
            key=key,
            post=post,
            task=task,
            since=since,
            due=due,
            if_ignored=if_ignored,
            count=count,
            about=about,
        )

    if not is_open(state):
        return
    for number, asked in state.stall.escalations.items():
        if asked.answered_at is None:
            yield Wait(
                stream=stream,
                key=f"escalation/{number}",
                post=asked.addressee,
                task=Task.ANSWER_ESCALATION,
                since=asked.raised_at,
                due=asked.answer_due.at,
                if_ignored=IfIgnored.OVERDUE_NOTICE if asked.owes_reminder else if_ignored,
                about=asked.document,
            )
    if (pause := state.stall.pause) is not None:
        yield Wait(
            stream=stream,
            key="pause",
            post=pause.awaits or pause.by,
            task=Task.REPLY if pause.awaits else Task.RESUME_CLOCK,
            since=datetime.combine(pause.first, time.min, HANOI),
            due=pause.reply_due.at if pause.reply_due else None,
            if_ignored=IfIgnored.ESCALATES if pause.reply_due else IfIgnored.CLOCK_PAUSED,
            about=pause.cause,
        )
    since = state.stall.progress_at
    officer = Post(role=Role.OFFICER, unit=units.at(Level.COMMUNE))
    board = Post(role=Role.CLEARANCE_BOARD, unit=units.at(Level.DISTRICT))
    if not state.cases:
        yield wait("cases", Task.REGISTER_CASES, officer, since)
    for group in pending(state.cases, since, policy):
        yield Wait(
            stream=stream,
            key=group.key,
            post=Post(role=group.role, unit=units.at(group.level)),
            task=group.task,
            since=group.since,
            due=group.due or due,
            if_ignored=if_ignored,
            count=group.count,
            about=group.about,
        )
    for name, utility in state.ground.utilities.items():
        if utility.status is Relocation.UNFUNDED:
            post = Post(role=Role.CHAIR, unit=units.at(Level.CITY))
            yield wait(f"utility/{name}", Task.DECIDE_RELOCATION_FUNDING, post, utility.since)
        if utility.status is Relocation.FUNDED:
            post = Post(role=Role.POWER_COMPANY, unit=units.at(Level.CITY))
            waited = wait(f"utility/{name}", Task.RELOCATE_UTILITY, post, utility.since)
            yield replace(waited, due=_planned(utility) or due)
    for name_, obstacle in state.ground.standing().items():
        # Who waits for the city's answer is not waited for: the question's holder is.
        if obstacle.referral is None:
            waited = wait(
                f"obstacle/{name_}",
                Task.REMOVE_OBSTACLE,
                obstacle.owner,
                obstacle.since,
                about=obstacle.cause,
            )
            yield replace(waited, due=obstacle.due.at if obstacle.due else due)
    rest = [case for case in state.cases.values() if case.status is not CaseStatus.HANDED_OVER]
    moving = [u for u in state.ground.utilities.values() if u.status is not Relocation.DONE]
    if state.cases and not rest and not moving and not state.ground.standing():
        yield wait("site", Task.HAND_OVER_SITE, board, since)


def _planned(utility: Utility) -> datetime | None:
    """The end of the last planned day of moving a line."""
    return end_of(utility.schedule.ends_on) if utility.schedule else None


def _question_waits(state: question.Asked) -> Iterator[Wait]:
    if state.stage is None:
        return
    yield Wait(
        stream=question_stream(state.question),
        key=state.stage,
        post=state.holder,
        task=Task.REPORT_QUESTION if state.stage == "report" else Task.DECIDE_QUESTION,
        since=state.since,
        due=state.due.at,
        if_ignored=IfIgnored.OVERDUE_NOTICE,
        count=sum(len(concern.obstacles) for concern in state.concerns),
        about=state.cause,
        barred=persons(*state.hands) if state.stage == "decide" else (),
    )


def _payment_waits(state: payment.Submitted) -> Iterator[Wait]:
    if not state.open:
        return
    submitted = state.status == "submitted"
    yield Wait(
        stream=payment_stream(state.payment),
        key="check" if submitted else "treasury",
        post=state.holder,
        task=Task.CHECK_PAYMENT if submitted else Task.CONFIRM_TREASURY,
        since=state.since,
        due=state.due.at,
        if_ignored=IfIgnored.MONEY_WAITS,
        amount=state.cash,
        about=state.payment_kind,
        barred=persons(state.requested_by, state.checked_by),
    )


def _record_waits(state: restore.Restored, policy: Policy) -> Iterator[Wait]:
    """Whoever may accept, and has not: any two of them."""
    found = state.found
    accepted = {one.by.post for one in found.accepted}
    for row in policy.authorities_for(restore.AcceptRestore.__name__, local_day(found.found_at)):
        post = Post(role=row.role, unit=policy.seat)
        if row.level is Level.CITY and post not in accepted:
            yield Wait(
                stream=restore.STREAM,
                key=f"accept/{post}",
                post=post,
                task=Task.ACCEPT_RESTORE,
                since=found.found_at,
                due=None,
                if_ignored=IfIgnored.EVERYTHING_WAITS,
                about=f"{found.left} events left, {len(accepted)} of 2 accepted",
                barred=persons(*(one.by for one in found.accepted)),
            )


def _registry_waits(state: registry.Registry) -> Iterator[Wait]:
    """What one registrar proposed, and another has to confirm."""
    for name, proposed in state.proposals.items():
        match proposed:
            case Enrolment(official=official):
                task, about = Task.CONFIRM_ENROLMENT, f"{official}, {proposed.key.fingerprint}"
            case Nomination(official=official, post=post):
                task, about = Task.CONFIRM_APPOINTMENT, f"{official}, {post}"
        yield Wait(
            stream=STREAM,
            key=name,
            post=state.registrar,
            task=task,
            since=proposed.at,
            due=None,
            if_ignored=IfIgnored.POWER_WAITS,
            about=about,
            barred=(proposed.by, proposed.official),
        )
