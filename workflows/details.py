"""What a case says of itself in the Web UI: whom it waits for, since when, until when, and why.

Markdown, in Vietnamese and in English. It is not encrypted, so that operators need no key: no
household's code stands in it, and nothing that people typed freely.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from domain import approval, clearance, payment, project, question
from domain.alarms import Alarm
from domain.calendar import due_day, local_day
from domain.cases import CaseStatus
from domain.phase import phase
from domain.stall import Stall
from domain.streams import (
    State,
    clearance_stream,
    payment_stream,
    project_stream,
    question_stream,
)
from domain.values import StreamId
from domain.waits import Task, Wait
from domain.wording import (
    CASE_STATUSES,
    CAUSES,
    DOSSIER_STATES,
    DOSSIERS,
    EXTENTS,
    IF_IGNORED,
    OUTCOMES,
    PAUSE_CAUSES,
    PAYMENT_KINDS,
    PAYMENT_STATUSES,
    PHASES,
    QUESTION_STATUSES,
    RELOCATIONS,
    STAGES,
    TASKS,
    TRIGGERS,
    dong,
    said,
)

_LETTERS = 3
"""The newest; what would move the case must not drown in letters that nobody answered."""

_ABOUT = {**CAUSES, **DOSSIERS, **PAYMENT_KINDS, **PAUSE_CAUSES}


def details(
    state: State, waits: tuple[Wait, ...], alarm: Alarm | None, namespace: str = "default"
) -> str:
    """In one line what it is at, then what is waited for, then where the case stands."""
    match state:
        case project.Registered():
            title = state.charter.name
            at = f"giai đoạn · phase **{said(PHASES, phase(state))}**"
            rest = _project(state, namespace)
        case clearance.Clearing():
            title = f"{state.charter.name}, đoạn · section {state.section}"
            at, rest = _pace(state.stall), _clearance(state, namespace)
        case payment.Submitted():
            title = f"{state.charter.name}: đề nghị · payment {state.payment}"
            status = said(PAYMENT_STATUSES, state.status)
            at = f"**{status}** từ · since {_day(state.since)}, {dong(state.cash)}"
            rest = _payment(state, namespace)
        case question.Asked():
            title = f"Kiến nghị · question {state.question}: {said(CAUSES, state.cause)}"
            at = f"**{said(QUESTION_STATUSES, state.status)}**"
            at += ", **quá hạn · overdue**" if state.overdue else ""
            rest = _question(state, namespace)
        case _:
            return "Hồ sơ chưa được ghi · the record does not know this case yet."
    lines = [f"## {title}", at]
    if waits or not awaited(state):
        lines += _waits(waits)
    lines += [
        f"- chờ · waits for {_link(namespace, stream)}: {said(CAUSES, cause)}"
        for stream, cause in _awaited(state)
    ]
    if alarm is not None:
        lines += ["", f"Đồng hồ · the clock rings after **{_last(alarm.at)}**: {alarm.label}"]
    return "\n".join([*lines, "", "**Hiện trạng · where it stands**", "", *rest])


def awaited(state: State) -> tuple[StreamId, ...]:
    """The streams of questions that a section's obstacles wait for."""
    return tuple(stream for stream, _ in _awaited(state))


def _awaited(state: State) -> Iterator[tuple[StreamId, str]]:
    if isinstance(state, clearance.Clearing):
        causes = {
            one.referral.question: one.cause
            for one in state.ground.standing().values()
            if one.referral is not None
        }
        for name in state.ground.awaited():
            yield question_stream(name), causes.get(name, "")


def _waits(waits: tuple[Wait, ...]) -> Iterator[str]:
    yield ""
    if not waits:
        yield "Không chờ ai · waits for nobody."
        return
    yield "**Đang chờ · waits for**"
    yield ""
    letters = [wait for wait in waits if wait.task is Task.ANSWER_ESCALATION]
    others = [wait for wait in waits if wait.task is not Task.ANSWER_ESCALATION]
    # A list: the Web UI draws tables without lines, and two languages fill every cell.
    for wait in (*others, *letters[-_LETTERS:]):
        due = f"**{_last(wait.due)}**" if wait.due else "không hạn · no date"
        yield (
            f"- **{wait.post}**: {said(TASKS, wait.task)}{_about(wait)},"
            f" {_day(wait.since)} → {due}, nếu không · or else: {said(IF_IGNORED, wait.if_ignored)}"
        )
    if older := letters[:-_LETTERS]:
        yield f"- {len(older)} văn bản trước chưa trả lời · earlier letters not answered"


def _about(wait: Wait) -> str:
    kind, comma, rest = wait.about.partition(", ")
    told = [f"{said(_ABOUT, kind)}{comma}{rest}"] if wait.about else []
    if wait.count > 1:
        told.append(f"{wait.count} hồ sơ · cases")
    if wait.amount is not None:
        told.append(dong(wait.amount))
    return f": {'; '.join(told)}" if told else ""


def _project(state: project.Registered, namespace: str) -> Iterator[str]:
    ledger = state.ledger
    cohort = f"đợt · cohort {state.charter.cohort}"
    yield f"- xã · commune {state.charter.commune}, {cohort}, luật · law `{state.policy}`"
    for dossier_kind, dossier in state.dossiers.items():
        told = said(DOSSIER_STATES, dossier.kind)
        if isinstance(dossier, approval.UnderReview):
            told = f"vòng · round {dossier.round}, **{dossier.step}**{_votes(dossier)}"
        yield f"- hồ sơ · dossier {said(DOSSIERS, dossier_kind)}: {told}"
    of = f"{dong(ledger.disbursed)} / {dong(state.ceiling)}"
    yield f"- đã giải ngân · disbursed {of}"
    if ledger.advance_balance:
        yield f"- tạm ứng chưa thu hồi · advances standing {dong(ledger.advance_balance)}"
    for name, claim in ledger.pending.items():
        link, kind = _link(namespace, payment_stream(name)), claim.payment_kind
        yield f"- đang trả · under way {link}: {said(PAYMENT_KINDS, kind)}, {dong(claim.cash)}"
    for section, site in state.building.sections.items():
        link = _link(namespace, clearance_stream(state.charter.project, section))
        shown = link if site.stage == "clearing" else f"`{section}`"
        ground = f", mặt bằng · site {said(EXTENTS, site.released)}" if site.released else ""
        works = f", {site.percent} %" if site.stage == "started" else ""
        stands = f"{said(STAGES, site.stage)}{ground}{works}"
        yield f"- đoạn · section {shown} {site.plan.name}: {stands}"


def _votes(held: approval.UnderReview) -> str:
    panel = held.deciding
    if panel.is_one:
        return ""
    told = ", ".join(f"{one.by} {one.say}" for one in held.ballots)
    needs = f"cần · needs {panel.needs()}"
    return f", {told or 'chưa ai biểu quyết · nobody has voted'}; {needs}"


def _clearance(state: clearance.Clearing, namespace: str) -> Iterator[str]:
    for name, obstacle in state.ground.standing().items():
        due = f", hạn · due {_last(obstacle.due.at)}" if obstacle.due else ""
        asked = ""
        if (referral := obstacle.referral) is not None:
            asked = f", chờ · waits for {_link(namespace, question_stream(referral.question))}"
        cause = said(CAUSES, obstacle.cause)
        yield (
            f"- vướng mắc · obstacle `{name}`: **{cause}**, {obstacle.owner},"
            f" từ · since {_day(obstacle.since)}{due}{asked}"
        )
    if (pause := state.stall.pause) is not None:
        until = f" → {pause.last:%d/%m/%Y}" if pause.last else ""
        cause = said(PAUSE_CAUSES, pause.cause)
        yield f"- tạm dừng · clock **paused** {pause.first:%d/%m/%Y}{until}: {cause}"
    for snooze in state.stall.snoozes[-1:]:
        yield f"- hoãn bậc kế tiếp · next rung put off to {snooze.last:%d/%m/%Y}"
    counts = Counter(case.status for case in state.cases.values())
    told = ", ".join(
        f"{counts[status]} {said(CASE_STATUSES, status)}" for status in CaseStatus if counts[status]
    )
    yield f"- {len(state.cases)} hộ · households: {told or 'chưa lập · none listed'}"
    for name_, utility in state.ground.utilities.items():
        entry = utility.entry
        moved = f", đã chuyển · moved {utility.moved}" if utility.moved else ""
        status = said(RELOCATIONS, utility.status)
        yield f"- {entry.poles} cột · poles {entry.voltage} `{name_}`: {status}{moved}"
    handed = said(EXTENTS, state.released or "none")
    yield f"- bàn giao · handed over: **{handed}**, {state.cleared_percent} %"
    yield f"- dự án · project {_link(namespace, project_stream(state.charter.project))}"


def _pace(stall: Stall) -> str:
    """Whether it moves, and for what the last letter was raised if it does not."""
    since = _day(stall.progress_at)
    if not stall.level:
        return f"tiến triển gần nhất · last progress {since}"
    letters = sorted(stall.escalations.items())
    reasons = letters[-1][1].reasons if letters else ()
    why = ", ".join(f"{said(TRIGGERS, one.trigger)} {one.about}".rstrip() for one in reasons)
    stalled = f"**chậm tiến độ · stalled** từ · since {since}, **bậc · rung {stall.level}**"
    return f"{stalled}: {why}" if why else stalled


def _payment(state: payment.Submitted, namespace: str) -> Iterator[str]:
    kind = said(PAYMENT_KINDS, state.payment_kind)
    yield f"- {kind}, vốn năm · budget of {state.budget_year}"
    yield f"- người đề nghị · requested by {state.requested_by}"
    if state.checked_by is not None:
        yield f"- người kiểm tra · checked by {state.checked_by}"
    if state.corrects is not None:
        yield f"- thay đề nghị bị từ chối · corrects {state.corrects}"
    yield f"- dự án · project {_link(namespace, project_stream(state.charter.project))}"


def _question(state: question.Asked, namespace: str) -> Iterator[str]:
    sections = len({(one.project, one.section) for one in state.concerns})
    obstacles = sum(len(one.obstacles) for one in state.concerns)
    yield f"- {obstacles} vướng mắc · obstacles / {sections} đoạn · sections"
    for share in state.shares:
        links = ", ".join(
            _link(namespace, clearance_stream(one.project, one.section)) for one in share.concerns
        )
        yield f"- {share.by}: {links}"
    for name in state.merged:
        yield f"- đã gộp · has taken in {_link(namespace, question_stream(name))}"
    if state.merged_into:
        link = _link(namespace, question_stream(state.merged_into))
        yield f"- đã gộp vào · has become part of {link}"
    if state.directive:
        outcome = said(OUTCOMES, state.directive.outcome)
        yield f"- chỉ đạo · directive {state.document}: **{outcome}**"
    yield f"- nội dung · what it says: `ntm question show {state.question}`"


def _link(namespace: str, stream: StreamId) -> str:
    """To another case in the Web UI, by its short name."""
    place = f"/namespaces/{quote(namespace, safe='')}/workflows/{quote(stream, safe='')}"
    return f"[{stream.partition('/')[2]}]({place})"


def _day(moment: datetime) -> str:
    return f"{local_day(moment):%d/%m/%Y}"


def _last(due: datetime) -> str:
    """The last day of a limit that ends at midnight."""
    return f"{due_day(due):%d/%m/%Y}"
