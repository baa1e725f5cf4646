"""The vocabulary every rule shares: identifiers, money, posts, papers."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NewType, TypeVar, dataclass_transform, get_args

_T = TypeVar("_T")

Vnd = NewType("Vnd", int)
"""Money: a whole number of đồng."""

StreamId = NewType("StreamId", str)
"""Names a stream of events and its Temporal workflow alike, e.g. `clearance/AD01-GT/T1`."""

ProgrammeId = NewType("ProgrammeId", str)
CohortId = NewType("CohortId", str)
CommuneId = NewType("CommuneId", str)
ProjectId = NewType("ProjectId", str)
SectionId = NewType("SectionId", str)
CaseCode = NewType("CaseCode", str)
"""A household's pseudonym inside one section. Never a name."""
UtilityId = NewType("UtilityId", str)
ObstacleId = NewType("ObstacleId", str)
PaymentId = NewType("PaymentId", str)
QuestionId = NewType("QuestionId", str)
"""A policy question that many places may wait for, e.g. `KN01`."""
UnitCode = NewType("UnitCode", str)
OfficialId = NewType("OfficialId", str)
"""A person who acts for posts, by a code such as `CB-0017`."""
DelegationId = NewType("DelegationId", str)
"""One grant of a post's power to another person, e.g. `UQ-2025-03`."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[_T]) -> type[_T]:
    """A frozen dataclass, built by keyword: the only kind of object in this package.

    The attribute tells the codec at the edges to refuse unknown fields and silent conversions
    (`"1000"` is not an amount).
    """
    built = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    built.__pydantic_config__ = {"extra": "forbid", "strict": True}  # type: ignore[attr-defined]
    return built


class ByKind:
    """Tells the codec at the edges to read of a union the one class that `kind` names.

    Without it every class is tried in turn, and 2,000 cases take a hundred times as long.
    """

    def __get_pydantic_core_schema__(self, union: object, handler: Any) -> dict[str, object]:  # noqa: ANN401  # pydantic's, which this package does not know
        members = get_args(union)
        kinds = {one.__dataclass_fields__["kind"].default: one for one in members}
        return {
            "type": "tagged-union",
            "discriminator": "kind",
            "choices": {kind: handler.generate_schema(one) for kind, one in kinds.items()},
        }


BY_KIND = ByKind()


class Role(StrEnum):
    """What an official is, apart from where. Vietnamese names stand in the glossary."""

    OFFICER = "officer"
    CHAIR = "chair"
    COUNCIL = "council"
    INVESTOR = "investor"
    CLEARANCE_BOARD = "clearance-board"
    INFRASTRUCTURE = "infrastructure"
    FINANCE = "finance"
    PLANNING = "planning"
    AGRICULTURE = "agriculture"
    TREASURY = "treasury"
    POWER_COMPANY = "power-company"
    REGISTRAR = "registrar"
    SYSTEM = "system"


class Level(StrEnum):
    """The tier of government at which a role is sought for a case."""

    COMMUNE = "commune"
    DISTRICT = "district"
    CITY = "city"


@value
class Seat:
    """A role at a tier of the case's own units."""

    role: Role
    level: Level


@value
class Units:
    """The units a case belongs to, one per tier (districts were abolished on 1 July 2025)."""

    commune: UnitCode
    district: UnitCode
    city: UnitCode

    def at(self, level: Level) -> UnitCode:
        match level:
            case Level.COMMUNE:
                return self.commune
            case Level.DISTRICT:
                return self.district
            case Level.CITY:
                return self.city


@value
class Post:
    """A role in a unit, written `chair@an-duong`: who acts, and who is waited for."""

    role: Role
    unit: UnitCode

    def __str__(self) -> str:
        return f"{self.role}@{self.unit}"


SYSTEM = Post(role=Role.SYSTEM, unit=UnitCode("ntm"))
"""The actor of deadlines and escalations."""


@value
class Hand:
    """Whose hand did something: the post, the person if known, and for whom that person stood in.

    What was written before persons were known was a `Post`, and is read as one.
    """

    role: Role
    unit: UnitCode
    official: OfficialId | None = None
    on_behalf_of: OfficialId | None = None

    def __str__(self) -> str:
        return str(self.post)

    @property
    def post(self) -> Post:
        return Post(role=self.role, unit=self.unit)

    @property
    def persons(self) -> frozenset[OfficialId]:
        """Who acted, and whose power it was: a delegate decides in the name of both."""
        return frozenset({self.official, self.on_behalf_of} - {None})  # type: ignore[arg-type]


@value
class Document:
    """The paper a decision rests on. Its symbol is kept whole: `254/2025` is not one.

    `files` are the SHA-256 of its files, in hex: what they hold stays where it is kept.
    """

    symbol: str
    issued_on: date
    issuer: str
    files: tuple[str, ...] = ()


@value
class Act:
    """Who acts, when it happened in the world (aware), and on which paper.

    `by` is the post, `official` the person, and `delegation` names the grant under which that
    person stands in for the post. The record sets the last three, and nobody else may: `known_at`
    is when it learned of the act, by the programme clock; `on_behalf_of` is who gave the
    delegation; `proof` is the hex SHA-256 of the bytes that the official signed.
    """

    by: Post
    at: datetime
    document: Document | None = None
    official: OfficialId | None = None
    delegation: DelegationId | None = None
    known_at: datetime | None = None
    on_behalf_of: OfficialId | None = None
    proof: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("at: needs a time zone, e.g. 2024-05-12T09:00:00+07:00")

    @property
    def hand(self) -> Hand:
        """Whose hand it is, for duties that must be kept apart."""
        return Hand(
            role=self.by.role,
            unit=self.by.unit,
            official=self.official,
            on_behalf_of=self.on_behalf_of,
        )


class DossierKind(StrEnum):
    """The three dossiers of a project that pass through a chain of approval."""

    INVESTMENT_POLICY = "investment-policy"
    PROJECT = "project"
    SETTLEMENT = "settlement"


class Land(StrEnum):
    """What land is used for, as the law tells it apart; other also where nobody said."""

    RESIDENTIAL = "residential"
    AGRICULTURAL = "agricultural"
    OTHER = "other"


class Extent(StrEnum):
    """How much of a section's site has been handed over."""

    PARTIAL = "partial"
    FULL = "full"


class Group(StrEnum):
    """A project's group by size, which some limits depend on (Law on public investment)."""

    A = "A"
    B = "B"
    C = "C"


class PaymentKind(StrEnum):
    """What a payment is for (254/2025/NĐ-CP Art. 8-10, as 99/2021/NĐ-CP before it).

    `OTHER` is work done without a contract, by an estimate. `RETENTION` is what is kept back from
    the contractor: it goes to the investor's deposit account at the treasury (Art. 10.1b).
    """

    ADVANCE = "advance"
    VOLUME = "volume"
    COMPENSATION = "compensation"
    FINAL = "final"
    COMPENSATION_ADVANCE = "compensation-advance"
    OTHER_ADVANCE = "other-advance"
    OTHER = "other"
    RETENTION = "retention"

    @property
    def recovers(self) -> "PaymentKind | None":
        """The kind of advance that a payment of this kind pays back."""
        return _RECOVERS.get(self)

    @property
    def is_advance(self) -> bool:
        return self in _RECOVERS.values()


_RECOVERS = {
    PaymentKind.VOLUME: PaymentKind.ADVANCE,
    PaymentKind.COMPENSATION: PaymentKind.COMPENSATION_ADVANCE,
    PaymentKind.OTHER: PaymentKind.OTHER_ADVANCE,
}


class Cause(StrEnum):
    """Why a section is held up: eight causes of 2024, word for word, and five from 2025."""

    LAND_VALUE_HIGH = "land-value-high"
    DONATED_AREA_LARGE = "donated-area-large"
    REMAINDER_TOO_SMALL = "remainder-too-small"
    LAND_ORIGIN_UNCLEAR = "land-origin-unclear"
    STRUCTURE_PLAN_MISSING = "structure-plan-missing"
    POWER_LINE_LV = "power-line-lv"
    POWER_LINE_MV = "power-line-mv"
    NO_RELOCATION_FUNDING = "no-relocation-funding"
    LAND_PROCEDURE = "land-procedure"
    PERMIT = "permit"
    MATERIAL_PRICE = "material-price"
    WEATHER = "weather"
    CONTRACTOR_CAPACITY = "contractor-capacity"


WorksKind = Literal["road", "school", "culture-house", "health-station", "lighting", "environment"]

Voltage = Literal["LV", "MV"]
"""Low (hạ thế) or medium (trung thế) voltage of a power line."""


class Payer(StrEnum):
    """Who pays for moving power lines: no law names anybody, so that each decision does."""

    CITY_BUDGET = "city-budget"
    PROGRAMME = "programme"
    DISTRICT_BUDGET = "district-budget"
    POWER_COMPANY = "power-company"
    OTHER = "other"


class Outcome(StrEnum):
    """What a directive does to the obstacles that waited for it."""

    REMOVES = "removes"
    RELEASES = "releases"
    REFUSES = "refuses"


@value
class Directive:
    """The city's answer to a policy question; its paper is the act's.

    `text` is the answer, and under `RELEASES` the conditions on which the owners may act. A
    `payer` pays for the lines that the obstacles name.
    """

    outcome: Outcome
    text: str
    effective_from: date
    payer: Payer | None = None
