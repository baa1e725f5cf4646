"""Adds an example of each event's present form: `python -m tests.golden.write`.

A file is never written again: it is what a database of that day holds, for ever.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from demo.dataset import load
from domain import capital, programme
from domain.adoption import AdoptPolicy
from domain.approval import RecallDecision, RejectDossier
from domain.capital import AllocateCapital
from domain.construction import StartWorks
from domain.escalation import Escalate
from domain.obstacles import ReassignObstacle
from domain.official_forms import (
    ConfirmEnrolment,
    DeclineProposal,
    EndAppointment,
    EndDelegation,
    EnrolKey,
    RevokeKey,
    RotateKey,
)
from domain.officials import STREAM as OFFICIALS
from domain.opinion_forms import AskOpinion, GiveOpinion
from domain.payment import RefusePayment
from domain.people import nomination
from domain.plan import PlanClearance, Target
from domain.positions import UNALLOCATED, Allocation
from domain.programme_forms import (
    Commune,
    Prepared,
    PrepareProjects,
    Programme,
    RegisterCohort,
    RegisterProgramme,
    Unnamed,
)
from domain.project import Registered
from domain.question_forms import RemindQuestion, ReturnQuestion, WithdrawQuestion
from domain.refusal import Refused
from domain.replanning import (
    AddCapital,
    AdjustCapital,
    CarryOver,
    CarryOverCapital,
    Cut,
    ExpireCapital,
    Ground,
)
from domain.restore import STREAM, AcceptRestore, LostCheckpoint, ReportRestore
from domain.stall import PauseCause
from domain.standstill import PauseClock, ResumeClock, SnoozeEscalation
from domain.streams import DecisionRefused, Event, decide, payment_stream, question_stream
from domain.utilities import RecordRelocation, ReviseEstimate, ScheduleRelocation
from domain.values import (
    SYSTEM,
    Act,
    DossierKind,
    PaymentKind,
    ProjectId,
    QuestionId,
    StreamId,
    Vnd,
)
from storage import codec, upcasts
from tests.demo.test_story import founded, played
from tests.domain.asking import (
    ASKED,
    ASKER,
    LINE,
    MOVER,
    POLES,
    REPORT,
    concern,
    consolidated,
    directed,
    hindered,
    raised,
    section,
)
from tests.domain.enrolling import (
    AN,
    BINH,
    GRANT,
    LAN,
    MINH,
    PEOPLE,
    appointed,
    key,
    lent,
    person,
)
from tests.domain.money import CONTRACTED, KEPT_BACK, RECOGNISED, RETURNED, ROUTE, remind
from tests.domain.story import (
    AGRICULTURE,
    BOARD,
    CAPITAL,
    CHAIR,
    CHARTER,
    CITY_CHAIR,
    CLEARANCE,
    COUNCIL,
    FINANCE,
    INVESTOR,
    PLANNING,
    POLICY,
    POWER_COMPANY,
    PROGRAMME,
    PROJECT,
    REGISTER,
    REGISTRAR,
    ROAD,
    TO_CLEARANCE,
    TO_SUPPORT_PLAN,
    TOTAL,
    TREASURY,
    WORKS,
    Asked,
    World,
    act,
    approve,
    ask,
    at,
    pay,
    payment,
    request,
    submit,
    told,
)
from tests.domain.taking import COERCED

GOLDEN = Path(__file__).parent
DOSSIER = DossierKind.INVESTMENT_POLICY


def examples() -> dict[str, tuple[Event, Act]]:
    """An event of every kind, each the answer to a command, and the act that made it."""
    found: dict[str, tuple[Event, Act]] = {}
    told = (
        _of_the_year(),
        _of_the_plan(),
        _of_the_programme(),
        _of_refusals(),
        _of_lanes(),
        _of_restores(),
        _of_officials(),
        _of_questions(),
        _of_recovery(),
        _of_the_clock(),
        _of_contracts(),
        _of_money(),
        _of_recognition(),
        _of_the_law(),
    )
    for event, by in chain.from_iterable(told):
        found.setdefault(event.kind, (event, replace(by, known_at=by.at)))
    return found


def row(event: Event, by: Act) -> dict[str, Any]:
    """What the log keeps of it, and how it is read."""
    body = codec.EVENT.dump_python(event, mode="json")
    return {
        "kind": event.kind,
        "schema_version": upcasts.current(event.kind),
        "body": body,
        "act": codec.act(by),
        "read_as": body,
    }


def _of_the_year() -> Iterator[tuple[Event, Act]]:
    """What happens in 2024."""
    data = load()
    office = founded(data)
    asyncio.run(played(data, office))
    for fact in office.facts:
        yield fact.event, fact.act


def _of_the_plan() -> Iterator[tuple[Event, Act]]:
    """What becomes of a year's capital: more, elsewhere, later, no longer."""

    def line(project: ProjectId) -> Allocation:
        return Allocation(
            project=project, commune=CHARTER.commune, cohort=CHARTER.cohort,
            amount=Vnd(1_000_000_000), synthetic=True,
        )  # fmt: skip

    mine, other = CHARTER.project, ProjectId("AD02-GT")
    kept = CarryOver(project=mine, amount=Vnd(500_000_000), ground=Ground.CLEARANCE_PROJECT)
    cut = Cut(project=mine, amount=Vnd(1_000_000_000))
    told = (
        (AllocateCapital(programme=PROGRAMME, year=2025, lines=(line(mine),)), "2025-01-06"),
        (AddCapital(lines=(line(mine),)), "2025-10-01"),
        (AdjustCapital(cuts=(cut,), raises=(line(other),)), "2025-11-03"),
        (CarryOverCapital(lines=(kept,)), "2026-01-26"),
        (ExpireCapital(), "2026-02-02"),
    )
    plan = UNALLOCATED
    for command, day in told:
        by = act(CITY_CHAIR, day)
        for event in capital.decide(plan, command, by, POLICY):
            plan = capital.evolve(plan, event)
            yield event, by


def _of_the_programme() -> Iterator[tuple[Event, Act]]:
    """A project that waits for its commune to be chosen."""
    by = act(AGRICULTURE, "2023-12-01")
    where = Commune(commune=CHARTER.commune, name="AD01", district=ASKER.unit, synthetic=True)
    ready = Prepared(charter=CHARTER, works=WORKS)
    standing: Programme = Unnamed()
    for command in (
        RegisterProgramme(programme=PROGRAMME, name="NTM", base_communes=1),
        RegisterCohort(cohort=CHARTER.cohort, year=2024, size=1, communes=(where,)),
        PrepareProjects(cohort=CHARTER.cohort, projects=(ready,)),
    ):
        for event in programme.decide(standing, command, by, POLICY):
            standing = programme.evolve(standing, event, by)
            yield event, by


def _of_refusals() -> Iterator[tuple[Event, Act]]:
    """What did not happen in 2024: a dossier and payments refused, a command out of turn."""
    late = (
        payment_stream(payment(1)),
        RefusePayment(reason="thiếu hồ sơ"),
        act(TREASURY, "2024-03-08"),
    )
    no = (
        PROJECT,
        RejectDossier(dossier=DOSSIER, step="decide", reason="no"),
        act(COUNCIL, "2024-01-10"),
    )
    advance = request(1, PaymentKind.ADVANCE, 100_000_000, "2024-03-07")
    for story in (
        (*TO_SUPPORT_PLAN, advance, pay(1, "2024-03-08")[0], late),
        (
            REGISTER,
            submit(DOSSIER, TOTAL, "2024-01-03"),
            approve(DOSSIER, "appraise", PLANNING, "2024-01-08"),
            no,
        ),
    ):
        world: World = {}
        for asked in story:
            world, told = ask(world, asked)
            yield from ((event, asked[2]) for _, event in told)
    early = PROJECT, StartWorks(section=ROAD), act(INVESTOR, "2024-01-09")
    try:
        ask(ask({}, REGISTER)[0], early)
    except Refused as refused:
        event = DecisionRefused(command="StartWorks", rule=refused.rule, because=refused.because)
        yield event, early[2]


def _of_lanes() -> Iterator[tuple[Event, Act]]:
    """A dossier so large that a council appraises it: a vote, taken back, and an opinion."""
    ask_power = AskOpinion(
        dossier=DOSSIER, step="appraise", of=POWER_COMPANY, question="Có phải di chuyển đường điện?"
    )
    slip = RecallDecision(dossier=DOSSIER, reason="nhầm hồ sơ")
    give = GiveOpinion(dossier=DOSSIER, number=1, opinion="Có, hai tuyến trung thế")
    world: World = {}
    for asked in (
        REGISTER,
        submit(DOSSIER, 150_000_000_000, "2024-01-03"),
        approve(DOSSIER, "appraise", PLANNING, "2024-01-04"),
        (PROJECT, slip, act(PLANNING, "2024-01-05")),
        (PROJECT, ask_power, act(PLANNING, "2024-01-05")),
        (PROJECT, give, act(POWER_COMPANY, "2024-01-08")),
    ):
        world, told = ask(world, asked)
        yield from ((event, asked[2]) for _, event in told)


def _of_restores() -> Iterator[tuple[Event, Act]]:
    """The record found restored, and accepted."""
    lost = LostCheckpoint(size=9, root="00", note=("ntm-record", "9"))
    report = ReportRestore(timeline=1, left=7, evidence=lost)
    by = act(TREASURY, "2024-03-09")
    world: World = {}
    for asked in (
        (STREAM, report, act(SYSTEM, "2024-03-08")),
        (STREAM, AcceptRestore(timeline=1, left=7), by),
    ):
        world, told = ask(world, asked)
        yield from ((event, asked[2]) for _, event in told)


def _of_officials() -> Iterator[tuple[Event, Act]]:
    """Who may decide: given by two registrars, lent, changed, and taken away again."""
    first, by = key(LAN).fingerprint, person(LAN, CHAIR, "2024-02-01")
    registrar = person(AN, REGISTRAR, "2024-02-01")
    rotate = RotateKey(old=first, key=key("next"), overlap=date(2024, 3, 1))
    another = EnrolKey(official=MINH, key=key("another"))
    confirmed = ConfirmEnrolment(official=MINH, fingerprint=key("another").fingerprint)
    declined = DeclineProposal(proposal=nomination(MINH, FINANCE), reason="trái quy định")
    world: World = {}
    for asked in (
        *PEOPLE,
        lent(),
        (OFFICIALS, rotate, by),
        (OFFICIALS, another, registrar),
        (OFFICIALS, confirmed, person(BINH, REGISTRAR, "2024-02-01")),
        appointed(MINH, FINANCE)[0],
        (OFFICIALS, declined, registrar),
        (OFFICIALS, EndDelegation(delegation=GRANT, reason="về sớm"), by),
        (OFFICIALS, RevokeKey(fingerprint=first, reason="mất máy"), by),
        (
            OFFICIALS,
            EndAppointment(official=LAN, post=CHAIR, last=date(2024, 12, 31)),
            registrar,
        ),
    ):
        world, told = ask(world, asked)
        yield from ((event, asked[2]) for _, event in told)


def _of_questions() -> Iterator[tuple[Event, Act]]:
    """Poles of two communes: what is asked about them, answered, and done."""
    one, other = ProjectId("AD01-GT"), ProjectId("AD02-GT")
    moot, second = QuestionId("KN03"), QuestionId("KN02")
    ours = question_stream(moot)
    at_poles = section(one)
    schedule = ScheduleRelocation(
        utility=LINE, starts_on=date(2024, 4, 22), ends_on=date(2024, 5, 31)
    )
    more = ReviseEstimate(utility=LINE, estimate=Vnd(4_500_000_000), reason="giá cáp tăng")
    to_investor = ReassignObstacle(obstacle=POLES, owner=INVESTOR, reason="đường điện của xã")
    late = Act(by=SYSTEM, at=at("2024-04-02"))
    world: World = {}
    for asked in (
        *hindered(one),
        *hindered(other),
        (at_poles, more, act(INVESTOR, "2024-02-20")),
        (at_poles, to_investor, act(CHAIR, "2024-02-21")),
        raised([concern(one)], moot, day="2024-02-22"),
        (ours, WithdrawQuestion(reason="đã thỏa thuận"), act(ASKER, "2024-02-23")),
        raised([concern(one)]),
        raised([concern(other)], second),
        consolidated(second),
        REPORT,
        (ASKED, ReturnQuestion(reason="cần số cột từng xã"), act(CITY_CHAIR, "2024-03-12")),
        (ASKED, RemindQuestion(), late),
        REPORT,
        directed(),
        (at_poles, schedule, act(MOVER, "2024-04-16")),
        (at_poles, RecordRelocation(utility=LINE, poles=12), act(MOVER, "2024-05-02")),
    ):
        world, told = ask(world, asked)
        yield from ((event, asked[2]) for _, event in told)


def _of_recovery() -> Iterator[tuple[Event, Act]]:
    """Land that the State took: in 2024 everybody gave theirs."""
    world: World = {}
    for asked in COERCED:
        world, told = ask(world, asked)
        yield from ((event, asked[2]) for stream, event in told if stream == CLEARANCE)


def _of_the_clock() -> Iterator[tuple[Event, Act]]:
    """A section whose plan is set, whose clock is stopped and put off, and who does not answer."""
    target = Target(by=date(2024, 3, 31), percent=50)
    pause = PauseClock(cause=PauseCause.AWAITING_REPLY, reason="chờ điện lực", awaits=POWER_COMPANY)
    world = told(*TO_CLEARANCE)
    for command, by, day in (
        (PlanClearance(targets=(target,)), BOARD, "2024-02-05"),
        (pause, BOARD, "2024-02-19"),
        (ResumeClock(reason="đã trả lời"), BOARD, "2024-02-20"),
        (SnoozeEscalation(working_days=2, reason="họp dân"), CHAIR, "2024-02-27"),
        (Escalate(), SYSTEM, "2024-03-08"),
        (Escalate(), SYSTEM, "2024-03-18"),
    ):
        world, facts = ask(world, (CLEARANCE, command, act(by, day)))
        yield from ((event, act(by, day)) for _, event in facts)


def _of_contracts() -> Iterator[tuple[Event, Act]]:
    """A contract amended, secured anew, and allowed more than thirty per cent."""
    yield from _told(*CONTRACTED, PROJECT)


def _of_money() -> Iterator[tuple[Event, Act]]:
    """Money for work without a contract; what is kept back, released, and what came back."""
    for stream in (PROJECT, CAPITAL):
        yield from _told(*KEPT_BACK, *RETURNED, remind("2026-02-01"), stream)


def _of_recognition() -> Iterator[tuple[Event, Act]]:
    """A commune on its way, to its recognition."""
    yield from _told(*RECOGNISED, ROUTE)


def _told(*story: Asked | StreamId) -> Iterator[tuple[Event, Act]]:
    """What a story, told step by step, puts on the stream that is named last."""
    world: World = {}
    wanted = story[-1]
    for asked in story[:-1]:
        assert not isinstance(asked, str)
        world, facts = ask(world, asked)
        yield from ((event, asked[2]) for stream, event in facts if stream == wanted)


def _of_the_law() -> Iterator[tuple[Event, Act]]:
    """A project under way that is judged by another law from here on."""
    project = told(REGISTER)[PROJECT]
    assert isinstance(project, Registered)
    by = act(CITY_CHAIR, "2024-03-08")
    newer = replace(POLICY, version="0123456789ab")
    # The law of the day is not what this form is about.
    older = replace(project, policy="ba9876543210")
    for event in decide(older, AdoptPolicy(policy=newer.version), by, newer):
        yield event, by


def main() -> None:
    """Write what is missing."""
    for kind, (event, by) in sorted(examples().items()):
        file = GOLDEN / f"{kind}.{upcasts.current(kind)}.json"
        if not file.exists():
            text = json.dumps(row(event, by), ensure_ascii=False, indent=2)
            file.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
