"""The contract of a project's works: its worth, its amendments, its guarantee for advances."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from domain.calendar import local_day
from domain.policy import Policy
from domain.refusal import Refused
from domain.values import Act, Vnd, value


@value
class Guarantee:
    """A bank's guarantee, đồng, good to the end of a day."""

    amount: Vnd
    valid_to: date


class Exemption(StrEnum):
    """Contracts whose advance needs no guarantee (254/2025/NĐ-CP Art. 9.2b)."""

    SELF_PERFORMED = "self-performed"
    COMMUNITY = "community"
    MANAGEMENT_CONSULTANCY = "management-consultancy"


# Commands


@value
class SignContract:
    """`completes_on` is the day by which the works are done, and any advance recovered."""

    number: str
    contractor: str
    worth: Vnd
    guarantee: Guarantee | None = None
    completes_on: date | None = None
    exempt: Exemption | None = None
    kind: Literal["SignContract"] = "SignContract"


@value
class AmendContract:
    """A signed annex (phụ lục hợp đồng): another worth, another end, or both."""

    reason: str
    worth: Vnd | None = None
    completes_on: date | None = None
    kind: Literal["AmendContract"] = "AmendContract"


@value
class RecordGuarantee:
    """A bank's guarantee was received, in place of an earlier one or as its extension."""

    guarantee: Guarantee
    kind: Literal["RecordGuarantee"] = "RecordGuarantee"


@value
class WaiveAdvanceCeiling:
    """The investment decider lets this contract's advances reach so many đồng."""

    ceiling: Vnd
    kind: Literal["WaiveAdvanceCeiling"] = "WaiveAdvanceCeiling"


# Events


@value
class ContractSigned:
    number: str
    contractor: str
    worth: Vnd
    guarantee: Guarantee | None
    completes_on: date | None = None
    exempt: Exemption | None = None
    kind: Literal["ContractSigned"] = "ContractSigned"


@value
class ContractAmended:
    """Worth and end as they are from now on."""

    worth: Vnd
    completes_on: date | None
    reason: str
    kind: Literal["ContractAmended"] = "ContractAmended"


@value
class GuaranteeReceived:
    guarantee: Guarantee
    kind: Literal["GuaranteeReceived"] = "GuaranteeReceived"


@value
class GuaranteeExpiring:
    """The clock found a guarantee about to end while an advance of so many đồng stands."""

    valid_to: date
    balance: Vnd
    kind: Literal["GuaranteeExpiring"] = "GuaranteeExpiring"


@value
class AdvanceCeilingWaived:
    ceiling: Vnd
    kind: Literal["AdvanceCeilingWaived"] = "AdvanceCeilingWaived"


# State


@value
class Contract:
    """`waived_to` is what advances may reach by the investment decider's leave, đồng.

    `warned_at` is when the clock found the guarantee about to end; a new one ends the warning.
    """

    number: str
    worth: Vnd
    guarantee: Guarantee | None
    signed_at: datetime
    completes_on: date | None = None
    exempt: Exemption | None = None
    waived_to: Vnd | None = None
    warned_at: datetime | None = None

    def advance_ceiling(self, policy: Policy, on: date) -> Vnd:
        """What all advances together may reach on a day, đồng."""
        return max(policy.share("advance.cap", on, self.worth), self.waived_to or Vnd(0))


@value
class Room:
    """What a contract's worth may be, đồng: what was done and paid, and what the total leaves.

    `balance` is the advance that stands on it, `reached` what was paid or asked for.
    """

    least: Vnd
    most: Vnd
    balance: Vnd
    reached: Vnd = Vnd(0)


Command: TypeAlias = SignContract | AmendContract | RecordGuarantee | WaiveAdvanceCeiling
Event: TypeAlias = (
    ContractSigned | ContractAmended | GuaranteeReceived | GuaranteeExpiring | AdvanceCeilingWaived
)


def decide(
    contract: Contract | None, command: Command, room: Room, act: Act, policy: Policy
) -> tuple[Event, ...]:
    """Answer a command about the contract, or raise `Refused`."""
    if isinstance(command, SignContract):
        return (_sign(contract, command, room, policy, local_day(act.at)),)
    if contract is None:
        raise Refused("out_of_turn", "no contract is in force")
    if act.document is None:
        raise Refused("input", "document: name the paper, SYMBOL;DATE;ISSUER")
    match command:
        case AmendContract():
            return (_amend(contract, command, room, policy, local_day(act.at)),)
        case RecordGuarantee(guarantee=guarantee):
            _check_guarantee(contract, guarantee, room, policy, local_day(act.at))
            return (GuaranteeReceived(guarantee=guarantee),)
        case WaiveAdvanceCeiling(ceiling=ceiling):
            before = contract.advance_ceiling(policy, local_day(act.at))
            if not before < ceiling <= contract.worth:
                raise Refused(
                    "advance_ceiling",
                    f"ceiling: {ceiling:,} đồng must lie above {before:,}"
                    f" and within the contract's {contract.worth:,}",
                )
            return (AdvanceCeilingWaived(ceiling=ceiling),)
        case _:
            assert_never(command)


def evolve(contract: Contract | None, event: Event, act: Act) -> Contract:
    """Apply one event to the contract."""
    if isinstance(event, ContractSigned):
        return Contract(
            number=event.number,
            worth=event.worth,
            guarantee=event.guarantee,
            signed_at=act.at,
            completes_on=event.completes_on,
            exempt=event.exempt,
        )
    assert contract is not None
    match event:
        case ContractAmended(worth=worth, completes_on=completes_on):
            return replace(contract, worth=worth, completes_on=completes_on)
        case GuaranteeReceived(guarantee=guarantee):
            return replace(contract, guarantee=guarantee, warned_at=None)
        case GuaranteeExpiring():
            return replace(contract, warned_at=act.at)
        case AdvanceCeilingWaived(ceiling=ceiling):
            return replace(contract, waived_to=ceiling)
        case _:
            assert_never(event)


def _sign(
    contract: Contract | None, command: SignContract, room: Room, policy: Policy, day: date
) -> ContractSigned:
    if contract is not None:
        raise Refused(
            "out_of_turn", f"contract {contract.number} is in force; amend it, or end it first"
        )
    _check_worth(command.worth, room, policy, day)
    _check_end(command.completes_on, day)
    return ContractSigned(
        number=command.number,
        contractor=command.contractor,
        worth=command.worth,
        guarantee=command.guarantee,
        completes_on=command.completes_on,
        exempt=command.exempt,
    )


def _amend(
    contract: Contract, command: AmendContract, room: Room, policy: Policy, day: date
) -> ContractAmended:
    if not command.reason.strip():
        raise Refused("input", "reason: is empty; an annex says why")
    worth = contract.worth if command.worth is None else command.worth
    ends = command.completes_on or contract.completes_on
    if (worth, ends) == (contract.worth, contract.completes_on):
        raise Refused("nothing_to_do", "worth, completes_on: the contract says so already")
    if command.worth is not None:
        _check_worth(worth, room, policy, day)
    _check_end(command.completes_on, day)
    cap = replace(contract, worth=worth).advance_ceiling(policy, day)
    if room.balance > cap:
        raise Refused(
            "advance_ceiling",
            f"worth: of {worth:,} đồng {cap:,} may be advanced, {room.balance:,} stands"
            f"{policy.cite('advance.cap', day)}",
        )
    full_at = policy.share("advance.recovered-at", day, worth)
    if room.balance and room.reached >= full_at:
        raise Refused(
            "advance_recovery",
            f"worth: of {worth:,} đồng no advance may stand open from {full_at:,} on,"
            f" {room.reached:,} is reached{policy.cite('advance.recovered-at', day)}",
        )
    return ContractAmended(worth=worth, completes_on=ends, reason=command.reason)


def _check_worth(worth: Vnd, room: Room, policy: Policy, day: date) -> None:
    if not 0 < worth <= room.most:
        raise Refused(
            "investment_ceiling",
            f"worth: {worth:,} đồng must be positive and within {room.most:,}, what the approved"
            f" total leaves{policy.cite('paid.within-total', day)}",
        )
    if worth < room.least:
        raise Refused(
            "contract_ceiling",
            f"worth: {worth:,} đồng is less than the {room.least:,} that were accepted or asked"
            f" for{policy.cite('paid.within-item', day)}",
        )


def _check_end(completes_on: date | None, day: date) -> None:
    if completes_on is not None and completes_on < day:
        raise Refused("input", f"completes_on: {completes_on} is past; {day} or later")


def _check_guarantee(
    contract: Contract, guarantee: Guarantee, room: Room, policy: Policy, day: date
) -> None:
    held = contract.guarantee
    source = policy.cite("advance.guarantee-above", day)
    if guarantee.amount <= 0 or guarantee.valid_to < day:
        raise Refused(
            "input",
            f"guarantee: {guarantee.amount:,} đồng to {guarantee.valid_to}; a positive amount, to"
            f" {day} or later",
        )
    if room.balance and guarantee.amount < room.balance:
        raise Refused(
            "guarantee_missing",
            f"guarantee: {guarantee.amount:,} đồng, {room.balance:,} is advanced{source}",
        )
    if room.balance and held is not None and guarantee.valid_to < held.valid_to:
        raise Refused(
            "guarantee_missing",
            f"guarantee: ends on {guarantee.valid_to}, before the {held.valid_to} of the one that"
            f" secures {room.balance:,} đồng{source}",
        )
