"""Made-up projects of 40 events each, and decisions that can be asked of them again and again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from domain.approval import ApproveStep, ReturnDossier, SubmitDossier
from domain.calendar import HANOI
from domain.cases import CaseEntry
from domain.charter import Charter
from domain.construction import ReportProgress, StartWorks, Works
from domain.contract import SignContract
from domain.households import ConfirmOrigin, DisputeOrigin, RegisterCases
from domain.project import OpenClearance, RegisterProject
from domain.recording import Accepted, Ask, Batch
from domain.streams import Command, Envelope, clearance_stream, project_stream
from domain.values import (
    Act,
    CaseCode,
    CohortId,
    CommuneId,
    DossierKind,
    Post,
    ProgrammeId,
    ProjectId,
    Role,
    SectionId,
    StreamId,
    UnitCode,
    Units,
    Vnd,
)
from storage.record import Record

EVENTS = 40
SECTIONS = tuple(SectionId(f"S{number}") for number in range(1, 9))

_UNITS = Units(commune=UnitCode("ad-01"), district=UnitCode("an-duong"), city=UnitCode("hai-phong"))
_OFFICER = Post(role=Role.OFFICER, unit=_UNITS.commune)
_INVESTOR = Post(role=Role.INVESTOR, unit=_UNITS.district)
_INFRASTRUCTURE = Post(role=Role.INFRASTRUCTURE, unit=_UNITS.district)
_CHAIR = Post(role=Role.CHAIR, unit=_UNITS.district)
_PLANNING = Post(role=Role.PLANNING, unit=_UNITS.city)
_COUNCIL = Post(role=Role.COUNCIL, unit=_UNITS.city)
_TOTAL = Vnd(12_000_000_000)
_BEGUN = datetime(2024, 1, 2, 8, tzinfo=HANOI)
_REGISTERED_AND_ALLOWED = 7
_EVENTS_OF_A_ROUND = 3

_projects = count(1)


class BenchProject:
    """One project; every decision it makes up is an hour after the one before."""

    def __init__(
        self, sections: tuple[SectionId, ...] = SECTIONS, *, needs_clearance: bool = False
    ) -> None:
        self.sections = sections
        self._needs_clearance = needs_clearance
        self.name = ProjectId(f"B{next(_projects):05d}")
        self.stream: StreamId = project_stream(self.name)
        self._decisions = count(1)

    def building(self) -> Iterator[Envelope]:
        """Under construction in eight sections: 40 events, and no deadline runs."""
        yield from self._allowed()
        yield from self._approved()
        yield self._asks(
            SignContract(number="01/HĐ", contractor="Builder", worth=Vnd(10_000_000_000)), _INVESTOR
        )
        for section in self.sections:
            yield self._asks(StartWorks(section=section), _INVESTOR)
        for percent in (1, 2):
            for section in self.sections:
                yield self.progress(section, percent)
        for section in self.sections[:2]:
            yield self.progress(section, 3)

    def progress(self, section: SectionId, percent: int) -> Envelope:
        """One event, one state, an inbox that stays as long as it was."""
        return self._asks(ReportProgress(section=section, percent=percent), _INVESTOR)

    def opening(self) -> Iterator[Envelope]:
        """Approved, and the clearance of its first section opened."""
        yield from self._allowed()
        yield from self._approved()
        yield self._asks(OpenClearance(section=self.sections[0]), _INVESTOR)

    @property
    def clearance(self) -> StreamId:
        return clearance_stream(self.name, self.sections[0])

    def households(self, cases: int) -> Envelope:
        """A list of households, none of whose origins is confirmed."""
        entries = tuple(
            CaseEntry(
                code=case_code(number),
                area_before_m2=500 + number,
                area_given_m2=40,
                area_left_m2=460 + number,
                origin_confirmed=False,
            )
            for number in range(cases)
        )
        return replace(self._asks(RegisterCases(cases=entries), _OFFICER), stream=self.clearance)

    def in_turn(self, cases: int) -> Callable[[], Envelope]:
        """Decisions of one event on one household after the other, again and again."""
        turns = count()

        def following() -> Envelope:
            lap, number = divmod(next(turns), cases)
            codes = (case_code(number),)
            dispute = DisputeOrigin(cases=codes, reason="the neighbour contests the boundary")
            asked = self._asks(dispute if lap % 2 else ConfirmOrigin(cases=codes), _OFFICER)
            return replace(asked, stream=self.clearance)

        return following

    def in_revision(self) -> Iterator[Envelope]:
        """Its second dossier went back and forth: 40 events, and it is to be submitted again."""
        yield from self._allowed()
        for _ in range((EVENTS - _REGISTERED_AND_ALLOWED) // _EVENTS_OF_A_ROUND):
            yield self.submit()
            yield self.send_back()

    def submit(self) -> Envelope:
        """Two events, a message in the outbox, another post's row in the inbox."""
        return self._asks(SubmitDossier(dossier=DossierKind.PROJECT, amount=_TOTAL), _INVESTOR)

    def send_back(self) -> Envelope:
        """One event; the row goes back to the investor's inbox."""
        command = ReturnDossier(
            dossier=DossierKind.PROJECT, step="appraise", reason="the estimate is not itemised"
        )
        return self._asks(command, _INFRASTRUCTURE)

    def _allowed(self) -> Iterator[Envelope]:
        charter = Charter(
            project=self.name,
            programme=ProgrammeId("ntm"),
            cohort=CohortId("2024"),
            commune=CommuneId("AD01"),
            name="Eight roads",
            units=_UNITS,
            synthetic=True,
        )
        works = tuple(
            Works(
                section=section,
                name=f"Road {section}",
                works="road",
                needs_clearance=self._needs_clearance,
            )
            for section in self.sections
        )
        kind = DossierKind.INVESTMENT_POLICY
        yield self._asks(RegisterProject(charter=charter, works=works), _INVESTOR)
        yield self._asks(SubmitDossier(dossier=kind, amount=_TOTAL), _INVESTOR)
        yield self._asks(ApproveStep(dossier=kind, step="appraise"), _PLANNING)
        yield self._asks(ApproveStep(dossier=kind, step="decide"), _COUNCIL)

    def _approved(self) -> Iterator[Envelope]:
        kind = DossierKind.PROJECT
        yield self.submit()
        yield self._asks(ApproveStep(dossier=kind, step="appraise"), _INFRASTRUCTURE)
        yield self._asks(ApproveStep(dossier=kind, step="approve"), _CHAIR)

    def _asks(self, command: Command, by: Post) -> Envelope:
        number = next(self._decisions)
        return Envelope(
            decision_id=f"{self.name}:{number}",
            stream=self.stream,
            act=Act(by=by, at=_BEGUN + timedelta(hours=number)),
            command=command,
        )


def case_code(number: int) -> CaseCode:
    return CaseCode(f"H{number:04d}")


def tell(record: Record, stream: StreamId, envelopes: Iterator[Envelope], after: int = 0) -> int:
    """Have the record decide them in one batch, all of them accepted; return the version."""
    asks = tuple(Ask(envelope=envelope) for envelope in envelopes)
    now = asks[-1].envelope.act.at
    recorded = record.decide(Batch(stream=stream, after=after, now=now, asks=asks))
    for outcome in recorded.outcomes:
        assert isinstance(outcome, Accepted), outcome
    return recorded.facts[-1].version
