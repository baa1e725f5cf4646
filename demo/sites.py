"""Site clearance in the script: the regular steps of each section, and the stalls told by hand."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, TypeVar, assert_never

from demo.beats import AnswerRung, Move
from demo.stalls import Actor, Stall
from demo.tables import CaseRow, Dataset, SiteRow, UtilityRow
from domain import cases, clearance, households, obstacles, utilities
from domain.charter import Charter
from domain.project import OpenClearance
from domain.streams import Command, clearance_stream, project_stream
from domain.values import (
    Document,
    Extent,
    Level,
    Post,
    Role,
    SectionId,
    StreamId,
    Units,
    Vnd,
    value,
)

_BY: dict[str, tuple[Role, Level]] = {
    "open": (Role.INVESTOR, Level.DISTRICT),
    "cases": (Role.OFFICER, Level.COMMUNE),
    "utilities": (Role.INVESTOR, Level.DISTRICT),
    "donate": (Role.OFFICER, Level.COMMUNE),
    "origin": (Role.OFFICER, Level.COMMUNE),
    "fund": (Role.CHAIR, Level.CITY),
    "inventory": (Role.CLEARANCE_BOARD, Level.DISTRICT),
    "plan": (Role.CHAIR, Level.DISTRICT),
    "pay": (Role.CLEARANCE_BOARD, Level.DISTRICT),
    "take-over": (Role.CLEARANCE_BOARD, Level.DISTRICT),
    "relocate": (Role.POWER_COMPANY, Level.CITY),
    "partial": (Role.CLEARANCE_BOARD, Level.DISTRICT),
    "full": (Role.CLEARANCE_BOARD, Level.DISTRICT),
}
_Row = TypeVar("_Row", CaseRow, UtilityRow, SiteRow)
_PAYER = "Ngân sách huyện, nguồn chương trình nông thôn mới"


@value
class _Site:
    """A section with everything the files say about it."""

    charter: Charter
    section: SectionId
    cases: tuple[CaseRow, ...]
    utilities: tuple[UtilityRow, ...]

    @property
    def stream(self) -> StreamId:
        return clearance_stream(self.charter.project, self.section)

    @property
    def units(self) -> Units:
        return self.charter.units

    def batch(self, number: int | None) -> tuple[CaseRow, ...]:
        """The cases of a batch."""
        return tuple(case for case in self.cases if case.batch == number)

    def minutes(self, on: date, nth: int | str) -> Document:
        """The hamlet's minutes that a donation rests on."""
        return Document(
            symbol=f"{nth}-{self.section}/BB-{self.charter.project} (tổng hợp)",
            issued_on=on,
            issuer=f"UBND {self.units.commune}",
        )


def moves(dataset: Dataset, charter: Charter) -> Iterator[Move]:
    """All that is decided about the project's sections, section by section."""
    names = dict.fromkeys(row.section for row in dataset.cases if row.project == charter.project)
    for name in names:
        site = _Site(
            charter=charter,
            section=name,
            cases=_of(dataset.cases, charter, name),
            utilities=_of(dataset.utilities, charter, name),
        )
        for row in _of(dataset.clearance, charter, name):
            yield _regular(site, row)
            if row.step == "inventory":
                yield _posting(site, row)
        for stall in dataset.stalls:
            if stall.section == f"{charter.project}/{name}":
                yield from _stalled(site, stall)


def _of(rows: Sequence[_Row], charter: Charter, section: SectionId) -> tuple[_Row, ...]:
    return tuple(r for r in rows if r.project == charter.project and r.section == section)


def _regular(site: _Site, row: SiteRow) -> Move:
    role, level = _BY[row.step]
    document = None
    if row.step == "donate":
        document = site.minutes(row.on, row.batch or 1)
    elif row.step == "take-over":
        document = site.minutes(row.on, f"{row.batch}-BG")
    elif row.step == "fund":
        document = _paper(site, f"{row.utility}/QĐ-{site.charter.project} (tổng hợp)", row.on)
    opening = row.step == "open"
    return Move(
        stream=project_stream(site.charter.project) if opening else site.stream,
        on=row.on,
        by=Post(role=role, unit=site.units.at(level)),
        command=_command(site, row),
        document=document,
    )


def _posting(site: _Site, row: SiteRow) -> Move:
    """The plan hangs out from the day on which everything was counted."""
    role, level = _BY["inventory"]
    return Move(
        stream=site.stream,
        on=row.on,
        by=Post(role=role, unit=site.units.at(level)),
        command=households.PostPlan(cases=tuple(case.code for case in site.batch(row.batch))),
        document=site.minutes(row.on, f"{row.batch}-NY"),
    )


def _command(site: _Site, row: SiteRow) -> Command:
    match row.step:
        case "open":
            return OpenClearance(section=row.section)
        case "cases":
            return households.RegisterCases(cases=tuple(map(_entry, site.cases)))
        case "utilities":
            return utilities.RegisterUtilities(utilities=tuple(map(_utility, site.utilities)))
        case "origin":
            unclear = tuple(case.code for case in site.cases if not case.origin_confirmed)
            return households.ConfirmOrigin(cases=unclear)
        case "fund":
            assert row.utility is not None
            return utilities.DecideRelocationFunding(utilities=(row.utility,), payer=_PAYER)
        case "relocate":
            assert row.utility is not None
            return utilities.RecordRelocation(utility=row.utility)
        case "partial" | "full":
            return clearance.HandOverSite(extent=Extent(row.step))
        case "donate" | "inventory" | "plan" | "pay" | "take-over":
            return _for_batch(site.batch(row.batch), row.step)
        case _:
            assert_never(row.step)


def _for_batch(
    batch: tuple[CaseRow, ...],
    step: Literal["donate", "inventory", "plan", "pay", "take-over"],
) -> households.Command:
    codes = tuple(case.code for case in batch)
    match step:
        case "donate":
            return households.RecordDonations(cases=codes, basis=cases.DonationBasis.MINUTES)
        case "inventory":
            return households.RecordInventory(cases=tuple(map(_inventoried, batch)))
        case "plan":
            amount = Vnd(sum(case.structures for case in batch))
            return households.ApproveSupportPlan(cases=codes, amount=amount)
        case "pay":
            return households.RecordSupportPaid(cases=codes)
        case "take-over":
            return households.TakeOverLand(cases=codes)
        case _:
            assert_never(step)


def _stalled(site: _Site, stall: Stall) -> Iterator[Move]:
    """What a stall adds to the regular steps; of one day, in the order of this function."""

    def move(
        on: date, by: Post, command: Command | AnswerRung, document: Document | None = None
    ) -> Move:
        return Move(stream=site.stream, on=on, by=by, command=command, document=document)

    officer = _actor(site, "officer@commune")
    power = Post(role=Role.POWER_COMPANY, unit=site.units.city)
    for took in stall.withdraw:
        withdraw = households.WithdrawDonation(case=took.case, reason=took.reason)
        yield move(took.on, officer, withdraw)
    for met in stall.obstacle:
        record = obstacles.RecordObstacle(
            obstacle=met.obstacle,
            cause=met.cause,
            blocks=obstacles.Blocks(utilities=met.utilities),
        )
        yield move(met.on, _actor(site, met.by), record)
    for answered in stall.answer:
        answer = AnswerRung(level=answered.level, answer=answered.answer)
        yield move(answered.on, _actor(site, answered.by), answer)
    for paid in stall.fund:
        decide = utilities.DecideRelocationFunding(utilities=paid.utilities, payer=paid.payer)
        paper = _paper(site, paid.document, paid.on)
        yield move(paid.on, _actor(site, paid.by), decide, paper)
    for moved in stall.relocate:
        yield move(moved.on, power, utilities.RecordRelocation(utility=moved.utility))
    for gone in stall.remove:
        remove = obstacles.RemoveObstacle(obstacle=gone.obstacle, how=gone.how)
        directive = _paper(site, gone.document, gone.on) if gone.document else None
        yield move(gone.on, _actor(site, gone.by), remove, directive)
    for gave in stall.regive:
        again = households.RecordDonations(cases=(gave.case,), basis=cases.DonationBasis.MINUTES)
        yield move(gave.on, officer, again, site.minutes(gave.on, gave.case))


def _actor(site: _Site, actor: Actor) -> Post:
    role, level = actor.split("@")
    return Post(role=Role(role), unit=site.units.at(Level(level)))


def _paper(site: _Site, symbol: str, on: date) -> Document:
    return Document(symbol=symbol, issued_on=on, issuer=f"UBND {site.units.city}")


def _entry(case: CaseRow) -> cases.CaseEntry:
    return cases.CaseEntry(
        code=case.code,
        area_before_m2=case.area_before_m2,
        area_given_m2=case.area_given_m2,
        area_left_m2=case.area_left_m2,
        origin_confirmed=case.origin_confirmed,
    )


def _inventoried(case: CaseRow) -> cases.Inventoried:
    return cases.Inventoried(code=case.code, structures=case.structures)


def _utility(row: UtilityRow) -> utilities.UtilityEntry:
    return utilities.UtilityEntry(
        utility=row.utility, voltage=row.voltage, poles=row.poles, estimate=row.estimate
    )
