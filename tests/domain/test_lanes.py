"""Steps that several lanes decide: votes, turns, vetoes, returns, recalls, opinions, expiry."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from domain.approval import (
    AbstainFromStep,
    Approved,
    ApproveStep,
    Command,
    DecisionRecalled,
    DossierRejected,
    DossierReturned,
    Dossiers,
    Event,
    RecallDecision,
    RejectDossier,
    Rejected,
    ReturnDossier,
    Returned,
    StepApproved,
    StepOpened,
    SubmitDossier,
    UnderReview,
    VoteCast,
)
from domain.grounds import Ground
from domain.inbox import waits
from domain.law import Member, Step, Succession
from domain.opinion_forms import AskOpinion, GiveOpinion
from domain.panel import alone
from domain.policy import Policy, Subject
from domain.project import Registered
from domain.quorum import All, AnyOne, AtLeast, Majority, Say
from domain.refusal import Refused
from domain.review import decide, overdue
from domain.rounds import evolve
from domain.values import (
    SYSTEM,
    Act,
    DossierKind,
    Level,
    OfficialId,
    Post,
    Role,
    Seat,
    UnitCode,
    Vnd,
)
from domain.waits import IfIgnored, Task, Wait
from tests.domain.story import (
    AGRICULTURE,
    CHAIR,
    CITY_CHAIR,
    CITY_FINANCE,
    COUNCIL,
    INVESTOR,
    PAPER,
    PLANNING,
    POLICY,
    POWER_COMPANY,
    PROJECT,
    REGISTER,
    TREASURY,
    UNITS,
    act,
    at,
    refused,
    told,
)

KIND = DossierKind.PROJECT
AMOUNT = Vnd(30_000_000_000)
SUBJECT = Subject(units=UNITS)
LAW = Step(
    dossier=KIND, order=1, key="check", role=Role.TREASURY, level=Level.CITY,
    limit="project.appraise", mode="individual", source="made up", verified=False,
    valid_from=date(2020, 1, 1),
)  # fmt: skip
CHECK = LAW
COMMITTEE = replace(
    LAW, order=2, key="appraise", role=Role.PLANNING, opinion="opinion.give",
    members=(
        Member(role=Role.FINANCE, level=Level.CITY),
        Member(role=Role.AGRICULTURE, level=Level.CITY),
    ),
)  # fmt: skip
DECIDE = replace(
    LAW, order=3, key="approve", role=Role.CHAIR, returns_to=("check", "appraise"),
)  # fmt: skip

Asked = tuple[Command, Act]


def law(*steps: Step) -> Policy:
    return replace(POLICY, chains=steps)


def chain(**appraise: object) -> Policy:
    """Check by the treasury, three lanes that appraise, the chair of the city."""
    return law(CHECK, replace(COMMITTEE, **appraise), DECIDE)  # type: ignore[arg-type]


def when(asked: Asked, given: Dossiers, policy: Policy) -> tuple[Event, ...]:
    command, by = asked
    return decide(given, command, Ground(act=by, subject=SUBJECT, policy=policy))


def after(*story: Asked, policy: Policy, given: Dossiers | None = None) -> Dossiers:
    dossiers: Dossiers = given or {}
    for asked in story:
        for event in when(asked, dossiers, policy):
            dossiers = evolve(dossiers, event, asked[1])
    return dossiers


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind for event in events]


def held(dossiers: Dossiers) -> UnderReview:
    found = dossiers[KIND]
    assert isinstance(found, UnderReview)
    return found


def open_posts(dossiers: Dossiers) -> set[Post]:
    now = held(dossiers)
    return {lane.post for lane in now.deciding.open_lanes(now.ballots)}


def yes(step: str, by: Post, day: str = "2024-02-01") -> Asked:
    return ApproveStep(dossier=KIND, step=step), act(by, day)


def no(by: Post, day: str = "2024-02-01") -> Asked:
    return RejectDossier(dossier=KIND, step="appraise", reason="no capital"), act(by, day)


def neither(by: Post, day: str = "2024-02-01") -> Asked:
    return AbstainFromStep(dossier=KIND, step="appraise", reason="kin"), act(by, day)


def back(by: Post, to: str | None = None, step: str = "approve", day: str = "2024-02-05") -> Asked:
    command = ReturnDossier(dossier=KIND, step=step, reason="count again", to=to)
    return command, act(by, day)


def recall(by: Post, day: str = "2024-02-02") -> Asked:
    return RecallDecision(dossier=KIND, reason="a slip"), act(by, day)


SUBMIT: Asked = (SubmitDossier(dossier=KIND, amount=AMOUNT), act(INVESTOR, "2024-01-10"))
CHECKED = (SUBMIT, yes("check", TREASURY, "2024-01-11"))
P, F, A = PLANNING, CITY_FINANCE, AGRICULTURE
APPRAISED = (*CHECKED, yes("appraise", P), yes("appraise", F), yes("appraise", A))


# Votes


def test_lanes_vote_side_by_side_and_the_last_yes_of_all_opens_the_next_step() -> None:
    policy = chain()
    two = after(*CHECKED, yes("appraise", P), yes("appraise", F), policy=policy)

    assert open_posts(after(*CHECKED, policy=policy)) == {P, F, A}
    assert open_posts(two) == {A}
    assert kinds(when(yes("appraise", A), two, policy)) == [
        "VoteCast",
        "StepApproved",
        "StepOpened",
    ]


def test_three_of_three_is_not_two() -> None:
    policy = chain(quorum=AtLeast(count=3))
    two = after(*CHECKED, yes("appraise", P), yes("appraise", F), policy=policy)

    assert held(two).step == "appraise"
    with refused("separation_of_duties"):
        when(yes("appraise", F), two, policy)


def test_two_of_three_are_enough_where_the_law_says_so() -> None:
    policy = chain(quorum=AtLeast(count=2))

    done = after(*CHECKED, yes("appraise", F), no(P), yes("appraise", A), policy=policy)

    assert held(done).step == "approve"
    assert {hand.post for hand in held(done).approvals[-1].by} == {F, A}


def test_noes_that_nothing_outweighs_end_the_dossier() -> None:
    policy = chain(quorum=Majority(attendance=2))
    one = after(*CHECKED, no(P), policy=policy)

    events = when(no(F), one, policy)

    assert kinds(events) == ["VoteCast", "DossierRejected"]
    assert isinstance(after(no(F), policy=policy, given=one)[KIND], Rejected)
    assert isinstance(events[-1], DossierRejected)


def test_an_abstention_that_leaves_no_majority_gives_the_dossier_back() -> None:
    policy = chain(quorum=Majority(attendance=2), abstain=True)
    tied = after(*CHECKED, yes("appraise", P), no(F), policy=policy)

    assert kinds(when(neither(A), tied, policy)) == ["VoteCast", "DossierReturned"]


def test_abstaining_is_for_where_the_law_lets_one() -> None:
    policy = chain(quorum=AtLeast(count=2))

    with refused("input"):
        when(neither(A), after(*CHECKED, policy=policy), policy)


def test_a_veto_ends_a_step_that_two_have_carried() -> None:
    veto = (Member(role=Role.FINANCE, level=Level.CITY, veto=True), *COMMITTEE.members[1:])
    policy = chain(members=veto, quorum=AtLeast(count=2))
    two = after(*CHECKED, yes("appraise", P), yes("appraise", A), policy=policy)

    assert open_posts(two) == {F}, "it is heard before anything is carried"
    assert kinds(when(no(F), two, policy)) == ["VoteCast", "DossierRejected"]
    assert kinds(when(yes("appraise", F), two, policy))[1] == "StepApproved"


def test_lanes_in_turn_open_one_after_another() -> None:
    policy = chain(in_turn=True)
    first = after(*CHECKED, policy=policy)

    assert open_posts(first) == {P}
    with refused("out_of_turn"):
        when(yes("appraise", A), first, policy)
    (vote,) = when(yes("appraise", P), first, policy)
    assert isinstance(vote, VoteCast)
    assert vote.turn_of == F
    assert open_posts(after(yes("appraise", P), policy=policy, given=first)) == {F}


def test_who_holds_no_lane_has_no_vote() -> None:
    policy = chain()

    with refused("authority"):
        when(yes("appraise", CHAIR), after(*CHECKED, policy=policy), policy)


def test_one_person_at_two_desks_votes_once() -> None:
    policy = chain()
    person = OfficialId("CB-0007")
    mine = (yes("appraise", P)[0], replace(act(P, "2024-02-01"), official=person))
    again = (yes("appraise", F)[0], replace(act(F, "2024-02-01"), official=person))

    with refused("separation_of_duties"):
        when(again, after(*CHECKED, mine, policy=policy), policy)


def test_who_submitted_may_not_vote_at_another_desk() -> None:
    policy = chain()
    person = OfficialId("CB-0007")
    submitted = (SUBMIT[0], replace(SUBMIT[1], official=person))
    mine = (yes("check", TREASURY)[0], replace(act(TREASURY, "2024-02-01"), official=person))

    with refused("separation_of_duties"):
        when(mine, after(submitted, policy=policy), policy)


@pytest.mark.parametrize(
    "seen",
    [
        ApproveStep(dossier=KIND, step="appraise", round=2),
        ApproveStep(dossier=KIND, step="appraise", amount=Vnd(1)),
        RejectDossier(dossier=KIND, step="appraise", reason="no", round=2),
        AbstainFromStep(dossier=KIND, step="appraise", reason="no", amount=Vnd(1)),
        ReturnDossier(dossier=KIND, step="appraise", reason="no", round=2),
    ],
    ids=lambda command: command.kind,
)
def test_a_vote_on_what_has_changed_is_refused(seen: Command) -> None:
    policy = chain(quorum=AtLeast(count=1), abstain=True)

    with refused("out_of_turn"):
        when((seen, act(P, "2024-02-01")), after(*CHECKED, policy=policy), policy)


def test_a_vote_on_what_its_voter_saw_counts() -> None:
    policy = chain()
    seen = ApproveStep(dossier=KIND, step="appraise", round=1, amount=AMOUNT)

    assert when((seen, act(P, "2024-02-01")), after(*CHECKED, policy=policy), policy)


# Minutes


def test_a_body_has_not_decided_before_its_minutes_are_named() -> None:
    policy = chain(quorum=AtLeast(count=2), minutes=True)
    one = after(*CHECKED, yes("appraise", P), policy=policy)
    with_minutes = ApproveStep(dossier=KIND, step="appraise", minutes=PAPER)

    with refused("minutes_missing"):
        when(yes("appraise", F), one, policy)
    approved = when((with_minutes, act(F, "2024-02-01")), one, policy)[1]
    assert isinstance(approved, StepApproved)
    assert approved.minutes == PAPER


def test_minutes_that_an_earlier_vote_named_are_enough() -> None:
    policy = chain(quorum=AtLeast(count=2), minutes=True)
    first = (ApproveStep(dossier=KIND, step="appraise", minutes=PAPER), act(P, "2024-02-01"))

    done = after(*CHECKED, first, yes("appraise", F), policy=policy)

    assert held(done).step == "approve"


# Returns


def test_a_dossier_goes_back_to_an_earlier_step_in_a_new_round() -> None:
    policy = chain()
    decided = after(*APPRAISED, policy=policy)

    returned, opened = when(back(CITY_CHAIR, "check"), decided, policy)

    assert isinstance(returned, DossierReturned)
    assert (returned.round, returned.to, returned.voided) == (1, "check", ("check", "appraise"))
    assert isinstance(opened, StepOpened)
    assert (opened.round, opened.step, opened.post) == (2, "check", TREASURY)


def test_voided_approvals_are_asked_for_again_from_the_same_posts() -> None:
    policy = chain()
    again = after(*APPRAISED, back(CITY_CHAIR, "check"), policy=policy)

    moved = after(yes("check", TREASURY, "2024-02-06"), policy=policy, given=again)

    assert (held(again).approvals, held(again).approved_by) == ((), ())
    assert (held(moved).step, open_posts(moved)) == ("appraise", {P, F, A})


def test_kept_approvals_stand_and_the_dossier_comes_straight_back() -> None:
    policy = law(CHECK, COMMITTEE, replace(DECIDE, keeps_approvals=True))

    again = after(*APPRAISED, back(CITY_CHAIR, "check"), policy=policy)
    moved = after(yes("check", TREASURY, "2024-02-06"), policy=policy, given=again)

    assert [one.step for one in held(again).approvals] == ["appraise"]
    assert (held(moved).step, held(moved).round) == ("approve", 2)
    done = after(yes("approve", CITY_CHAIR, "2024-02-07"), policy=policy, given=moved)
    assert done[KIND] == Approved(round=2, amount=AMOUNT, at=at("2024-02-07"))


def test_kept_approvals_stand_when_the_submitter_brings_the_same_amount_back() -> None:
    policy = law(CHECK, COMMITTEE, replace(DECIDE, keeps_approvals=True))
    returned = after(*APPRAISED, back(CITY_CHAIR), policy=policy)
    same = (SubmitDossier(dossier=KIND, amount=AMOUNT), act(INVESTOR, "2024-02-08"))
    other = (SubmitDossier(dossier=KIND, amount=Vnd(AMOUNT - 1)), act(INVESTOR, "2024-02-08"))

    assert held(after(same, policy=policy, given=returned)).step == "approve"
    anew = held(after(other, policy=policy, given=returned))
    assert (anew.step, anew.round, anew.approvals) == ("check", 2, ())


@pytest.mark.parametrize("to", ["approve", "finish"])
def test_nothing_is_returned_to_where_it_has_not_been(to: str) -> None:
    policy = chain()

    with refused("input") as refusal:
        when(back(CITY_CHAIR, to), after(*APPRAISED, policy=policy), policy)
    assert "its submitter, check, appraise" in str(refusal.value)


def test_a_member_has_a_vote_and_the_leader_sends_back() -> None:
    policy = chain()
    opened = after(*CHECKED, policy=policy)

    with refused("authority"):
        when(back(F, step="appraise"), opened, policy)
    assert kinds(when(back(P, step="appraise"), opened, policy)) == ["DossierReturned"]


# Recalls


def test_a_vote_is_taken_back_until_another_acts_and_both_stay_on_record() -> None:
    policy = chain()
    before = after(*CHECKED, policy=policy)
    voted = after(yes("appraise", P), policy=policy, given=before)

    recalled = after(recall(P), policy=policy, given=voted)

    assert recalled == {KIND: replace(held(before), last=None)}
    with refused("out_of_turn"):
        when(recall(P), after(yes("appraise", F), policy=policy, given=voted), policy)
    with refused("out_of_turn"):
        when(recall(F), voted, policy)


def test_a_yes_that_opened_the_next_step_is_taken_back_and_that_step_told() -> None:
    policy = chain()
    checked = after(*CHECKED, policy=policy)

    (event,) = when(recall(TREASURY), checked, policy)

    assert isinstance(event, DecisionRecalled)
    assert set(event.told) == {P, F, A}
    restored = held(evolve(checked, event, act(TREASURY, "2024-02-02")))
    submitted = held(after(SUBMIT, policy=policy))
    assert (restored.step, restored.approved_by, restored.due) == ("check", (), submitted.due)


def test_a_return_is_taken_back_until_the_submitter_brings_it_again() -> None:
    policy = chain()
    returned = after(*APPRAISED, back(CITY_CHAIR), policy=policy)
    again = (SubmitDossier(dossier=KIND, amount=AMOUNT), act(INVESTOR, "2024-02-08"))

    assert held(after(recall(CITY_CHAIR), policy=policy, given=returned)).step == "approve"
    with refused("out_of_turn"):
        when(recall(CITY_CHAIR), after(again, policy=policy, given=returned), policy)


def test_a_submission_is_withdrawn_before_anybody_has_decided() -> None:
    policy = chain()

    withdrawn = after(SUBMIT, recall(INVESTOR), policy=policy)[KIND]

    assert isinstance(withdrawn, Returned)
    assert (withdrawn.round, withdrawn.reason) == (1, "a slip")
    with refused("out_of_turn"):
        when(recall(INVESTOR), after(*CHECKED, policy=policy), policy)


def test_a_number_of_a_round_is_given_once() -> None:
    policy = chain()
    again = after(*APPRAISED, back(CITY_CHAIR, "check"), recall(CITY_CHAIR), policy=policy)

    (_, opened) = when(back(CITY_CHAIR, "check", day="2024-02-06"), again, policy)

    assert isinstance(opened, StepOpened)
    assert opened.round == 3


def test_what_is_in_force_is_not_recalled() -> None:
    policy = chain()
    done = after(*APPRAISED, yes("approve", CITY_CHAIR), policy=policy)

    with refused("out_of_turn"):
        when(recall(CITY_CHAIR), done, policy)


def test_a_reminder_of_the_clock_is_no_act_that_ends_a_recall() -> None:
    policy = chain()
    checked = after(*CHECKED, policy=policy)
    (notice,) = overdue(checked, at("2024-06-01"))
    late = evolve(checked, notice, Act(by=SYSTEM, at=at("2024-06-01")))

    assert when(recall(TREASURY, "2024-06-03"), late, policy)


# Second opinions


def asks(of: Post, by: Post = P, day: str = "2024-02-01") -> Asked:
    return AskOpinion(dossier=KIND, step="appraise", of=of, question="Poles?"), act(by, day)


def gives(by: Post, day: str = "2024-02-02", number: int = 1) -> Asked:
    return GiveOpinion(dossier=KIND, number=number, opinion="Two lines"), act(by, day)


def test_an_opinion_is_recorded_and_is_no_vote() -> None:
    policy = chain()

    told = held(after(*CHECKED, asks(POWER_COMPANY), gives(POWER_COMPANY), policy=policy))

    (opinion,) = told.opinions
    assert (opinion.asked_by, opinion.given, opinion.waits) == (P, "Two lines", False)
    assert (told.ballots, told.step) == ((), "appraise")


def test_a_step_does_not_wait_for_an_opinion_unless_the_law_says_so() -> None:
    asked = (*CHECKED, asks(POWER_COMPANY))
    waits, goes_on = chain(opinion_waits=True), chain()

    assert when(yes("appraise", P), after(*asked, policy=goes_on), goes_on)
    waiting = after(*asked, policy=waits)
    with refused("out_of_turn"):
        when(yes("appraise", P), waiting, waits)
    answered = after(gives(POWER_COMPANY), policy=waits, given=waiting)
    assert when(yes("appraise", P, "2024-02-05"), answered, waits)


def test_no_opinion_stops_a_step_beyond_its_limit() -> None:
    policy = chain(opinion_waits=True)
    waiting = after(*CHECKED, asks(POWER_COMPANY), policy=policy)

    # Five working days after 1 February; Tết comes after them.
    with refused("out_of_turn"):
        when(yes("appraise", P, "2024-02-07"), waiting, policy)
    assert when(yes("appraise", P, "2024-02-20"), waiting, policy)


@pytest.mark.parametrize(
    ("story", "asked", "rule"),
    [
        ((), asks(F), "separation_of_duties"),
        ((), asks(INVESTOR), "separation_of_duties"),
        ((), asks(TREASURY), "separation_of_duties"),
        ((), asks(Post(role=Role.FINANCE, unit=UnitCode("nowhere"))), "input"),
        ((), asks(POWER_COMPANY, by=CHAIR), "authority"),
        ((asks(POWER_COMPANY),), asks(POWER_COMPANY, by=F), "already_exists"),
        ((asks(POWER_COMPANY),), gives(COUNCIL), "authority"),
        ((asks(POWER_COMPANY),), gives(POWER_COMPANY, number=2), "not_found"),
        ((asks(POWER_COMPANY), gives(POWER_COMPANY)), gives(POWER_COMPANY), "not_found"),
    ],
    ids=[
        "asked of who votes",
        "asked of who submitted",
        "asked of who approved a step",
        "asked of a unit nobody knows",
        "asked by who does not decide",
        "asked twice",
        "given by another",
        "given to what was not asked",
        "given twice",
    ],
)
def test_an_opinion_may_not_be(story: tuple[Asked, ...], asked: Asked, rule: str) -> None:
    policy = chain()

    with refused(rule):  # type: ignore[arg-type]  # parametrised
        when(asked, after(*CHECKED, *story, policy=policy), policy)


def test_where_the_law_sets_no_limit_no_opinion_is_asked() -> None:
    policy = chain(opinion=None)

    with refused("no_authority_rule"):
        when(asks(POWER_COMPANY), after(*CHECKED, policy=policy), policy)


# Expiry


def test_a_step_that_expires_is_told_to_those_who_are_late_and_above_and_goes_on_waiting() -> None:
    policy = chain(escalates_to=Seat(role=Role.CHAIR, level=Level.CITY))
    one = after(*CHECKED, yes("appraise", F), policy=policy)

    (notice,) = overdue(one, at("2024-06-01"))

    assert (set(notice.waited_for), notice.escalated_to) == ({P, A}, CITY_CHAIR)
    late = evolve(one, notice, Act(by=SYSTEM, at=at("2024-06-01")))
    assert (held(late).step, open_posts(late)) == ("appraise", {P, A})


# What waits


def waiting(dossiers: Dossiers) -> list[Wait]:
    """The rows of all inboxes that a project with these dossiers has."""
    project = told(REGISTER)[PROJECT]
    assert isinstance(project, Registered)
    return [
        wait
        for wait in waits(replace(project, dossiers=dossiers), POLICY)
        if wait.task in (Task.DECIDE_DOSSIER, Task.GIVE_OPINION)
    ]


def test_each_open_lane_is_a_wait_that_its_vote_ends() -> None:
    above = Seat(role=Role.CHAIR, level=Level.CITY)
    policy = chain(quorum=Majority(attendance=2), escalates_to=above)
    one = after(*CHECKED, yes("appraise", P), asks(POWER_COMPANY, by=F), policy=policy)

    rows = {wait.key: wait for wait in waiting(one)}

    assert {key: wait.post for key, wait in rows.items()} == {
        "project/appraise/finance@city": F,
        "project/appraise/agriculture@city": A,
        "project/appraise/opinion/1": POWER_COMPANY,
    }
    mine = rows["project/appraise/finance@city"]
    assert mine.about == "project, round 1, 1 of 3 have voted; needs a majority with 2 present"
    assert (mine.if_ignored, mine.due, mine.round) == (IfIgnored.ESCALATES, held(one).due.at, 1)
    asked = rows["project/appraise/opinion/1"]
    assert (asked.task, asked.if_ignored) == (Task.GIVE_OPINION, IfIgnored.DECIDED_WITHOUT)


VOTERS = (P, F, A)
MOVES: tuple[Asked, ...] = (
    SUBMIT,
    yes("check", TREASURY),
    *(yes("appraise", by) for by in VOTERS),
    *(no(by) for by in VOTERS),
    *(neither(by) for by in VOTERS),
    *(recall(by, "2024-02-01") for by in (INVESTOR, TREASURY, *VOTERS, CITY_CHAIR)),
    asks(POWER_COMPANY),
    gives(POWER_COMPANY, "2024-02-01"),
    back(P, "check", "appraise", "2024-02-01"),
    back(CITY_CHAIR, "appraise", day="2024-02-01"),
    back(CITY_CHAIR, day="2024-02-01"),
    yes("approve", CITY_CHAIR),
)
LAWS = tuple(
    chain(
        in_turn=in_turn,
        abstain=True,
        quorum=quorum,
        returns_to=("check",),
        keeps_approvals=keeps,
    )
    for in_turn in (False, True)
    for keeps in (False, True)
    for quorum in (AnyOne(), AtLeast(count=2), Majority(attendance=2))
)


@for_any(
    walk=st.lists(st.sampled_from(MOVES), max_size=40),
    start=st.integers(0, len(APPRAISED)),
    policy=st.sampled_from(LAWS),
)
@settings(deadline=None, max_examples=300)
def test_on_any_way_the_open_lanes_and_opinions_are_what_waits(
    walk: list[Asked], start: int, policy: Policy
) -> None:
    dossiers: Dossiers = {}
    for asked in (*APPRAISED[:start], *walk):
        try:
            events = when(asked, dossiers, policy)
        except Refused:
            continue
        for event in events:
            dossiers = evolve(dossiers, event, asked[1])
        rows = waiting(dossiers)
        now = dossiers[KIND]
        if not isinstance(now, UnderReview):
            assert rows == []
            continue
        lanes = [lane.post for lane in now.deciding.open_lanes(now.ballots)]
        assert [row.post for row in rows if row.task is Task.DECIDE_DOSSIER] == lanes
        assert lanes, "somebody can act"
        asked_of = [one.of for one in now.awaited_opinions()]
        assert [row.post for row in rows if row.task is Task.GIVE_OPINION] == asked_of
        assert len({row.key for row in rows}) == len(rows)
        # Whoever waits may speak: the engine and the inbox are of one mind.
        for post in lanes:
            assert when(yes(now.step, post), dossiers, policy)


# The law that was pinned, and units that are no more


def test_an_open_step_keeps_its_quorum_when_the_law_changes() -> None:
    two_of_three, all_of_them = chain(quorum=AtLeast(count=2)), chain(quorum=All())
    opened = after(*CHECKED, policy=two_of_three)

    one = after(yes("appraise", P), policy=all_of_them, given=opened)

    assert kinds(when(yes("appraise", F), one, all_of_them))[1] == "StepApproved"


GONE = Succession(
    unit=UNITS.district, to_unit=UNITS.city, source="made up", verified=False,
    valid_from=date(2024, 3, 1),
)  # fmt: skip


def of_district(**more: object) -> Policy:
    members = (
        Member(role=Role.FINANCE, level=Level.DISTRICT),
        Member(role=Role.FINANCE, level=Level.CITY),
    )
    return replace(chain(members=members, **more), successions=(GONE,))


def test_a_lane_is_voted_in_by_the_heir_of_a_unit_that_is_no_more() -> None:
    members = (Member(role=Role.FINANCE, level=Level.DISTRICT), COMMITTEE.members[1])
    policy = replace(chain(members=members), successions=(GONE,))
    opened = after(*CHECKED, policy=policy)

    (vote,) = when(yes("appraise", CITY_FINANCE, "2024-03-04"), opened, policy)

    assert isinstance(vote, VoteCast)
    assert (vote.lane, vote.by.post) == ("finance@district", CITY_FINANCE)


def test_the_heir_of_two_lanes_votes_in_one() -> None:
    policy = of_district()
    opened = after(*CHECKED, policy=policy)
    once = after(yes("appraise", CITY_FINANCE, "2024-03-04"), policy=policy, given=opened)

    for by in (CITY_FINANCE, Post(role=Role.FINANCE, unit=UNITS.district)):
        with refused("separation_of_duties"):
            when(yes("appraise", by, "2024-03-05"), once, policy)


def test_a_step_whose_lanes_have_become_too_few_does_not_open() -> None:
    policy = of_district()

    with refused("quorum_impossible"):
        when(yes("check", TREASURY, "2024-03-04"), after(SUBMIT, policy=policy), policy)
    enough = of_district(quorum=AtLeast(count=2))
    opened = after(SUBMIT, yes("check", TREASURY, "2024-03-04"), policy=enough)
    assert open_posts(opened) == {P, CITY_FINANCE}


def test_a_step_of_before_there_were_lanes_is_one_lane() -> None:
    policy = chain()
    opened = held(after(SUBMIT, policy=policy))
    old = {KIND: replace(opened, panel=None)}

    assert replace(opened, panel=None).deciding == alone(TREASURY)
    assert kinds(when(yes("check", TREASURY), old, policy)) == ["StepApproved", "StepOpened"]


def test_every_vote_says_one_of_three_things() -> None:
    assert set(Say) == {"approve", "reject", "abstain"}
