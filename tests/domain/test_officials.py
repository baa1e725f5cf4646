"""The registry of officials: two registrars for each power, and what takes power away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.delegations import Matter, Scope
from domain.keys import PublicKey
from domain.official_forms import (
    AppointOfficial,
    Command,
    ConfirmAppointment,
    ConfirmEnrolment,
    DeclineProposal,
    EndAppointment,
    EndDelegation,
    EnrolKey,
    EnrolOfficial,
    FoundRegistry,
    Registrar,
    RevokeKey,
    RotateKey,
)
from domain.officials import STREAM, decide
from domain.people import nomination
from domain.refusal import Rule
from domain.registry import Registry, Unfounded
from domain.values import (
    Act,
    DelegationId,
    DossierKind,
    OfficialId,
    PaymentKind,
    Post,
    Role,
    UnitCode,
    Vnd,
)
from tests.domain.enrolling import (
    AN,
    BINH,
    CHI,
    FOUND,
    FOUNDED,
    GRANT,
    LAN,
    MINH,
    PEOPLE,
    RECORD,
    appointed,
    enrolled,
    key,
    lent,
    person,
    registry,
    standing,
)
from tests.domain.story import (
    BOARD,
    CHAIR,
    CITY_CHAIR,
    FINANCE,
    POLICY,
    REGISTRAR,
    Asked,
    act,
    at,
    refused,
)

NEW = OfficialId("CB-0099")
LATER = "2024-02-01"
APPROVE = Matter(command="ApproveStep", dossier=DossierKind.PROJECT, step="approve", amount=Vnd(9))
LANS = key(LAN).fingerprint


def asked(command: Command, by: Act, *given: Asked) -> object:
    """The one event that answers a command after a story."""
    (event,) = decide(registry(*(given or PEOPLE)), command, by, POLICY)
    return event


def no(rule: Rule, command: Command, by: Act, *given: Asked) -> None:
    with refused(rule):
        asked(command, by, *given)


# Founding


def test_before_it_is_founded_nobody_is_asked_for_proof() -> None:
    assert not Unfounded().demands_proof
    assert registry(FOUND).demands_proof


def test_it_is_founded_once_and_names_the_record_for_ever() -> None:
    assert registry(FOUND).record == RECORD
    no("already_exists", FOUND[1], person(AN, REGISTRAR), FOUND)


def test_its_founders_are_the_registrars() -> None:
    held = registry(FOUND)

    assert held.holders(REGISTRAR, at(FOUNDED).date(), POLICY) == (AN, BINH, CHI)
    found = held.key(key(AN).fingerprint)
    assert found is not None
    assert (found.official, found.is_valid(at(FOUNDED))) == (AN, True)


def _founders(*names: str, keys: tuple[str, ...] = ()) -> FoundRegistry:
    return FoundRegistry(
        record=RECORD,
        registrars=tuple(
            Registrar(official=OfficialId(name), name="N", key=key(one))
            for name, one in zip(names, keys or names, strict=True)
        ),
    )


@pytest.mark.parametrize(
    "command",
    [
        _founders("A"),
        _founders("A", "A", keys=("a", "b")),
        _founders("A", "B", keys=("a", "a")),
        _founders("A", "bà Lan"),
        replace(_founders("A", "B"), record="1"),
        replace(_founders("A", "B"), record=RECORD.upper()),
    ],
    ids=["one", "same person", "same key", "a name for a code", "short record", "upper case"],
)
def test_it_is_not_founded_by(command: FoundRegistry) -> None:
    with refused("input"):
        decide(Unfounded(), command, act(CITY_CHAIR, FOUNDED), POLICY)


def test_it_is_founded_on_a_decision() -> None:
    with refused("input"):
        decide(Unfounded(), FOUND[1], act(CITY_CHAIR, FOUNDED, None), POLICY)


def test_nothing_is_asked_of_a_registry_that_is_not_founded() -> None:
    with refused("not_found"):
        decide(Unfounded(), enrolled(LAN)[0][1], person(AN, REGISTRAR), POLICY)  # type: ignore[arg-type]


# Enrolment


def test_a_person_has_a_key_once_another_registrar_has_heard_its_fingerprint() -> None:
    proposed = registry(FOUND, enrolled(LAN)[0])
    confirmed = registry(FOUND, *enrolled(LAN))

    assert proposed.key(LANS) is None
    assert LAN not in proposed.officials
    found = confirmed.key(LANS)
    assert found is not None
    assert (found.official, found.valid_from, found.valid_to) == (LAN, date(2024, 1, 2), None)
    assert confirmed.proposals == {}


@pytest.mark.parametrize(
    ("by", "rule"),
    [(AN, "separation_of_duties"), (BINH, None), (CHI, None)],
    ids=["who proposed it", "second", "third"],
)
def test_an_enrolment_is_confirmed_by_another_registrar(by: OfficialId, rule: Rule | None) -> None:
    confirm = ConfirmEnrolment(official=LAN, fingerprint=LANS)
    given = (FOUND, enrolled(LAN)[0])

    if rule is None:
        assert asked(confirm, person(by, REGISTRAR), *given)
    else:
        no(rule, confirm, person(by, REGISTRAR), *given)


def test_nobody_is_enrolled_under_a_fingerprint_that_was_not_proposed() -> None:
    wrong = ConfirmEnrolment(official=LAN, fingerprint=key("other").fingerprint)
    swapped = ConfirmEnrolment(official=MINH, fingerprint=LANS)

    for command in (wrong, swapped):
        no("not_found", command, person(BINH, REGISTRAR), FOUND, enrolled(LAN)[0])


def test_a_registrar_gives_no_key_to_themselves_nor_confirms_one() -> None:
    mine = EnrolKey(official=AN, key=key("new"))
    confirm = ConfirmEnrolment(official=AN, fingerprint=key("new").fingerprint)
    by_binh = (STREAM, mine, person(BINH, REGISTRAR))

    no("separation_of_duties", mine, person(AN, REGISTRAR))
    no("separation_of_duties", confirm, person(AN, REGISTRAR), *PEOPLE, by_binh)
    assert asked(confirm, person(CHI, REGISTRAR), *PEOPLE, by_binh)


def test_two_of_three_registrars_can_give_the_third_a_new_key() -> None:
    new = EnrolKey(official=CHI, key=key("new"), valid_to=date(2024, 12, 31))
    confirm = ConfirmEnrolment(official=CHI, fingerprint=key("new").fingerprint)
    held = registry(
        *PEOPLE,
        (STREAM, RevokeKey(fingerprint=key(CHI).fingerprint, reason="lost"), person(AN, REGISTRAR)),
        (STREAM, new, person(AN, REGISTRAR)),
        (STREAM, confirm, person(BINH, REGISTRAR)),
    )

    found = held.key(key("new").fingerprint)
    assert found is not None
    assert (found.official, found.valid_to) == (CHI, date(2024, 12, 31))


@pytest.mark.parametrize("whose", [LAN, MINH, AN])
def test_a_key_is_one_persons_once_and_for_ever(whose: OfficialId) -> None:
    no("already_exists", EnrolKey(official=MINH, key=key(whose)), person(BINH, REGISTRAR))


def test_a_key_that_two_would_have_enrolled_is_the_first_ones() -> None:
    twice = EnrolOfficial(official=NEW, name="N", key=key(LAN))

    no("already_exists", twice, person(BINH, REGISTRAR), FOUND, enrolled(LAN)[0])


def test_a_person_is_enrolled_once() -> None:
    again = EnrolOfficial(official=LAN, name="Lan", key=key("new"))

    no("already_exists", again, person(AN, REGISTRAR))
    no("not_found", EnrolKey(official=NEW, key=key("new")), person(AN, REGISTRAR))


@pytest.mark.parametrize(
    "blob",
    ["", "abc", "không", key(LAN).blob[:-4], key(LAN).blob + "AAAA", "A" * 9_000, "AAAA" * 17],
)
def test_what_is_no_key_is_not_enrolled(blob: str) -> None:
    wrong = PublicKey(algorithm="ssh-ed25519", blob=blob)

    no("input", EnrolOfficial(official=NEW, name="N", key=wrong), person(AN, REGISTRAR))


def test_a_key_does_not_end_before_it_begins() -> None:
    ended = EnrolOfficial(official=NEW, name="N", key=key(NEW), valid_to=date(2024, 1, 1))

    no("input", ended, person(AN, REGISTRAR))


def test_a_proposal_that_is_declined_is_gone() -> None:
    decline = DeclineProposal(proposal=LANS, reason="không đọc đúng")
    held = registry(FOUND, enrolled(LAN)[0], (STREAM, decline, person(BINH, REGISTRAR)))

    assert held.proposals == {}
    no("not_found", decline, person(BINH, REGISTRAR))
    no("input", replace(decline, reason=" "), person(BINH, REGISTRAR), FOUND, enrolled(LAN)[0])


# Appointment


def test_a_person_holds_a_post_once_another_registrar_has_read_the_decision() -> None:
    day = at(FOUNDED).date()
    proposed = registry(FOUND, *enrolled(LAN), appointed(LAN, CHAIR)[0])

    assert proposed.holders(CHAIR, day, POLICY) == ()
    assert registry(*PEOPLE).holders(CHAIR, day, POLICY) == (LAN,)


def test_an_appointment_is_confirmed_by_another_registrar_and_as_it_was_proposed() -> None:
    given = (FOUND, *enrolled(LAN), appointed(LAN, CHAIR)[0])
    yes = ConfirmAppointment(official=LAN, post=CHAIR, first=date(2024, 1, 2))

    no("separation_of_duties", yes, person(AN, REGISTRAR), *given)
    no("other_body", replace(yes, first=date(2024, 1, 1)), person(BINH, REGISTRAR), *given)
    no("other_body", replace(yes, last=date(2024, 5, 1)), person(BINH, REGISTRAR), *given)
    no("not_found", replace(yes, post=FINANCE), person(BINH, REGISTRAR), *given)
    assert asked(yes, person(CHI, REGISTRAR), *given)


def test_a_registrar_appoints_nobody_to_a_post_of_their_own() -> None:
    mine = AppointOfficial(official=AN, post=CITY_CHAIR, first=date(2024, 1, 2))

    no("separation_of_duties", mine, person(AN, REGISTRAR))


@pytest.mark.parametrize(
    ("official", "post", "first", "last", "rule"),
    [
        (NEW, CHAIR, "2024-01-02", None, "not_found"),
        (LAN, CHAIR, "2024-01-02", None, "already_exists"),
        (LAN, CHAIR, "2023-01-01", "2024-01-02", "already_exists"),
        (LAN, FINANCE, "2024-01-02", "2024-01-01", "input"),
        (LAN, BOARD, "2025-07-01", None, "input"),
        (LAN, Post(role=Role.SYSTEM, unit=UnitCode("ntm")), "2024-01-02", None, "input"),
    ],
)
def test_nobody_is_appointed(
    official: OfficialId, post: Post, first: str, last: str | None, rule: Rule
) -> None:
    command = AppointOfficial(
        official=official,
        post=post,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last) if last else None,
    )

    no(rule, command, person(AN, REGISTRAR))


def test_an_appointment_rests_on_a_decision() -> None:
    command = AppointOfficial(official=LAN, post=FINANCE, first=date(2024, 1, 2))

    no("input", command, replace(person(AN, REGISTRAR), document=None))


def test_a_post_may_have_several_persons_and_a_person_several_posts() -> None:
    held = registry(*PEOPLE, *appointed(MINH, CHAIR), *appointed(MINH, FINANCE))
    day = at(FOUNDED).date()

    assert held.holders(CHAIR, day, POLICY) == (LAN, MINH)
    assert held.holders(FINANCE, day, POLICY) == (MINH,)


def test_an_appointment_ends_on_the_day_it_was_given_until() -> None:
    held = registry(FOUND, *enrolled(LAN), *appointed(LAN, CHAIR, last=date(2024, 3, 31)))

    assert held.holders(CHAIR, date(2024, 3, 31), POLICY) == (LAN,)
    assert held.holders(CHAIR, date(2024, 4, 1), POLICY) == ()


def test_one_registrar_ends_an_appointment_from_today_on() -> None:
    end = EndAppointment(official=LAN, post=CHAIR, last=date(2024, 2, 1))
    held = registry(*PEOPLE, (STREAM, end, person(AN, REGISTRAR, LATER)))

    assert held.holders(CHAIR, date(2024, 2, 1), POLICY) == (LAN,)
    assert held.holders(CHAIR, date(2024, 2, 2), POLICY) == ()
    no("input", replace(end, last=date(2024, 1, 31)), person(AN, REGISTRAR, LATER))
    no("not_found", replace(end, post=FINANCE), person(AN, REGISTRAR, LATER))


def test_there_are_two_registrars_for_ever() -> None:
    def end(official: OfficialId) -> EndAppointment:
        return EndAppointment(official=official, post=REGISTRAR, last=date(2024, 2, 1))

    one = (STREAM, end(CHI), person(AN, REGISTRAR, LATER))

    assert asked(end(CHI), person(AN, REGISTRAR, LATER))
    no("out_of_turn", end(BINH), person(AN, REGISTRAR, LATER), *PEOPLE, one)


# Keys


def test_a_key_is_rotated_by_its_owner_and_both_sign_meanwhile() -> None:
    rotate = RotateKey(old=LANS, key=key("next"), overlap=date(2024, 2, 15))
    held = registry(*PEOPLE, (STREAM, rotate, person(LAN, CHAIR, LATER)))
    old, new = held.key(LANS), held.key(key("next").fingerprint)

    assert old is not None
    assert new is not None
    assert (new.official, new.valid_from) == (LAN, date(2024, 2, 1))
    assert old.is_valid(at("2024-02-15", "23:59"))
    assert not old.is_valid(at("2024-02-16", "00:00"))
    assert old.flaw(at("2024-02-16")) == "expired on 2024-02-15"
    assert new.is_valid(at("2024-02-16"))


def test_a_key_is_rotated_by_nobody_else_nor_into_the_past_nor_after_its_end() -> None:
    rotate = RotateKey(old=LANS, key=key("next"), overlap=date(2024, 2, 15))
    revoke = RevokeKey(fingerprint=LANS, reason="lost")
    gone = (STREAM, revoke, person(LAN, CHAIR))
    once = (STREAM, rotate, person(LAN, CHAIR, LATER))

    no("not_found", rotate, person(MINH, CHAIR, LATER))
    no("input", replace(rotate, overlap=date(2024, 1, 31)), person(LAN, CHAIR, LATER))
    no("already_exists", replace(rotate, key=key(MINH)), person(LAN, CHAIR, LATER))
    no("out_of_turn", rotate, person(LAN, CHAIR, LATER), *PEOPLE, gone)
    longer = replace(rotate, key=key("more"), overlap=date(2024, 2, 16))
    no("input", longer, person(LAN, CHAIR, LATER), *PEOPLE, once)


@pytest.mark.parametrize(
    "by",
    [person(LAN, CHAIR, LATER), person(AN, REGISTRAR, LATER)],
    ids=["its owner", "any registrar"],
)
def test_a_key_is_revoked_at_once_and_for_good(by: Act) -> None:
    revoke = RevokeKey(fingerprint=LANS, reason="mất máy")
    heard = replace(by, at=at("2024-01-15"), known_at=at(LATER, "10:00"))
    held = registry(*PEOPLE, (STREAM, revoke, heard))
    found = held.key(LANS)

    assert found is not None
    assert (found.revoked_at, found.revoked_because) == (at(LATER, "10:00"), "mất máy")
    assert found.is_valid(at(LATER, "10:00") - timedelta(microseconds=1))
    assert not found.is_valid(at(LATER, "10:00"))
    no("nothing_to_do", revoke, by, *PEOPLE, (STREAM, revoke, heard))
    again = EnrolKey(official=LAN, key=key(LAN))
    no("already_exists", again, person(AN, REGISTRAR, LATER), *PEOPLE, (STREAM, revoke, heard))


def test_a_key_is_not_revoked_by_somebody_else_nor_without_a_reason() -> None:
    revoke = RevokeKey(fingerprint=LANS, reason="mất máy")

    no("authority", revoke, person(MINH, CHAIR))
    no("input", replace(revoke, reason=""), person(LAN, CHAIR))
    no("not_found", replace(revoke, fingerprint=key("?").fingerprint), person(LAN, CHAIR))


def test_what_was_never_valid_yet_does_not_sign() -> None:
    found = registry(*PEOPLE).key(LANS)

    assert found is not None
    assert found.flaw(at("2024-01-01")) == "is valid from 2024-01-02"


# Delegation


def may(held: Registry, by: Act, matter: Matter = APPROVE, now: str | None = None) -> None:
    held.may_act(by, matter, POLICY, at(now) if now else by.at)


def test_whoever_holds_a_post_may_act_for_it() -> None:
    may(registry(*PEOPLE), person(LAN, CHAIR, LATER))


@pytest.mark.parametrize(
    ("by", "rule"),
    [
        (act(CHAIR, LATER), "unproved"),
        (person(NEW, CHAIR, LATER), "authority"),
        (person(MINH, CHAIR, LATER), "authority"),
        (person(LAN, BOARD, LATER), "vacant_post"),
        (person(LAN, CHAIR, "2024-01-01"), "vacant_post"),
        (standing(person(MINH, CHAIR, LATER)), "not_delegated"),
    ],
    ids=["nobody", "a stranger", "without the post", "empty post", "too early", "no delegation"],
)
def test_who_does_not_hold_it_may_not(by: Act, rule: Rule) -> None:
    with refused(rule):
        may(registry(*PEOPLE), by)


def test_nobody_acts_after_the_end_of_an_appointment_by_dating_the_act_back() -> None:
    held = registry(FOUND, *enrolled(LAN), *appointed(LAN, CHAIR, last=date(2024, 3, 31)))

    may(held, person(LAN, CHAIR, "2024-03-29"), now="2024-03-31")
    with refused("vacant_post"):
        may(held, person(LAN, CHAIR, "2024-03-29"), now="2024-04-01")


def test_a_delegate_acts_for_the_giver_from_day_to_day() -> None:
    held = registry(*PEOPLE, lent(first="2024-02-01", last="2024-02-29"))
    by = standing(person(MINH, CHAIR, LATER))

    may(held, by)
    for day in ("2024-01-31", "2024-03-01"):
        with refused("not_delegated"):
            may(held, replace(by, at=at(day)))
    with refused("not_delegated"):
        may(held, by, now="2024-03-01")


@pytest.mark.parametrize(
    ("scope", "within"),
    [
        (Scope(), True),
        (Scope(commands=("ApproveStep", "ReturnDossier")), True),
        (Scope(commands=("ReturnDossier",)), False),
        (Scope(dossiers=(DossierKind.PROJECT,), steps=("approve",)), True),
        (Scope(dossiers=(DossierKind.SETTLEMENT,)), False),
        (Scope(steps=("appraise",)), False),
        (Scope(payments=(PaymentKind.ADVANCE,)), False),
        (Scope(ceiling=Vnd(9)), True),
        (Scope(ceiling=Vnd(8)), False),
    ],
)
def test_a_delegate_acts_within_the_scope(scope: Scope, within: bool) -> None:  # noqa: FBT001
    held = registry(*PEOPLE, lent(scope))
    by = standing(person(MINH, CHAIR, LATER))

    if within:
        may(held, by)
    else:
        with refused("not_delegated"):
            may(held, by)


def test_a_ceiling_lets_nothing_pass_that_names_no_amount() -> None:
    held = registry(*PEOPLE, lent(Scope(ceiling=Vnd(9))))

    with refused("not_delegated"):
        may(held, standing(person(MINH, CHAIR, LATER)), replace(APPROVE, amount=None))


def test_a_delegation_is_its_holders_and_for_its_post() -> None:
    held = registry(*PEOPLE, *enrolled(NEW), *appointed(LAN, BOARD), lent())
    by = standing(person(MINH, CHAIR, LATER))

    for other in (
        replace(by, official=NEW),
        replace(by, by=BOARD),
        replace(by, delegation=DelegationId("UQ-02")),
    ):
        with refused("not_delegated"):
            may(held, other)


def test_a_delegation_is_worth_what_its_giver_holds() -> None:
    end = EndAppointment(official=LAN, post=CHAIR, last=date(2024, 2, 1))
    held = registry(*PEOPLE, lent(), (STREAM, end, person(AN, REGISTRAR, LATER)))

    may(held, standing(person(MINH, CHAIR, LATER)))
    with refused("not_delegated"):
        may(held, standing(person(MINH, CHAIR, "2024-02-02")))


def test_a_delegation_is_not_given_on() -> None:
    grant = replace(lent()[1], delegation=DelegationId("UQ-02"), to=AN)

    no("not_delegated", grant, standing(person(MINH, CHAIR, LATER)), *PEOPLE, lent())
    # Without the first one it is no chain, and nobody's power.
    with refused("authority"):
        may(registry(*PEOPLE, lent()), person(MINH, CHAIR, LATER), Matter(command="Delegate"))


@pytest.mark.parametrize(
    ("given", "by", "rule"),
    [
        ({"to": LAN}, person(LAN, CHAIR), "input"),
        ({"to": NEW}, person(LAN, CHAIR), "not_found"),
        ({"to": LAN}, person(AN, REGISTRAR), "input"),
        ({"first": date(2024, 1, 1)}, person(LAN, CHAIR), "input"),
        ({"last": date(2024, 1, 1)}, person(LAN, CHAIR), "input"),
        ({"delegation": DelegationId("UQ 1")}, person(LAN, CHAIR), "input"),
        ({}, replace(person(LAN, CHAIR), document=None), "input"),
    ],
    ids=["to oneself", "to a stranger", "a registrar", "past", "no time", "no code", "no paper"],
)
def test_nothing_is_delegated(given: dict[str, object], by: Act, rule: Rule) -> None:
    no(rule, replace(lent()[1], **given), by)  # type: ignore[arg-type]


def test_a_delegation_is_not_needed_by_who_holds_the_post() -> None:
    no("nothing_to_do", lent()[1], person(LAN, CHAIR), *PEOPLE, *appointed(MINH, CHAIR))


@pytest.mark.parametrize("by", [person(LAN, CHAIR, LATER), person(AN, REGISTRAR, LATER)])
def test_a_delegation_is_ended_by_its_giver_or_a_registrar_at_once(by: Act) -> None:
    end = EndDelegation(delegation=GRANT, reason="đã về")
    held = registry(*PEOPLE, lent(), (STREAM, end, by))

    with refused("not_delegated"):
        may(held, standing(person(MINH, CHAIR, LATER)))
    no("nothing_to_do", end, by, *PEOPLE, lent(), (STREAM, end, by))
    no("authority", end, person(MINH, CHAIR, LATER), *PEOPLE, lent())
    no("not_found", end, by)


def test_what_is_asked_of_the_registry_is_asked_by_a_person() -> None:
    for by in (act(REGISTRAR, LATER), standing(person(AN, REGISTRAR, LATER))):
        with refused("unproved" if by.official is None else "not_delegated"):
            asked(DeclineProposal(proposal=nomination(LAN, CHAIR), reason="no"), by)


# Who is there


def test_who_can_act_are_holders_and_delegates_with_a_key_that_signs() -> None:
    revoke = RevokeKey(fingerprint=LANS, reason="lost")
    held = registry(*PEOPLE, lent())
    without = registry(*PEOPLE, lent(), (STREAM, revoke, person(AN, REGISTRAR, LATER)))

    assert held.able(CHAIR, at(LATER), POLICY) == (LAN, MINH)
    assert held.able(BOARD, at(LATER), POLICY) == ()
    assert without.able(CHAIR, at(LATER), POLICY) == (MINH,)


def test_a_post_whose_unit_is_no_more_is_held_by_who_holds_its_heir() -> None:
    held = registry(*PEOPLE, *enrolled(NEW), *appointed(NEW, CITY_CHAIR))

    assert held.able(CHAIR, at("2025-06-30"), POLICY) == (LAN,)
    # The district's chair does not become the city's.
    assert held.able(CHAIR, at("2025-07-01"), POLICY) == (NEW,)
    assert held.able(CITY_CHAIR, at("2025-07-01"), POLICY) == (NEW,)
    may(held, person(NEW, CITY_CHAIR, "2025-07-01"))
    may(held, person(NEW, CHAIR, "2025-07-01"))
    with refused("authority"):
        may(held, person(LAN, CHAIR, "2025-07-01"))
