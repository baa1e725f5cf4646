"""The leaders' figures: what was allocated, what was disbursed, and what does not add up."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.disbursement import Claim
from domain.positions import Capital
from domain.programme_forms import Running
from domain.project import Registered
from domain.values import CohortId, PaymentKind, ProgrammeId, Vnd, value


@value
class Rate:
    """Disbursed over its denominator, never printed without it.

    The city's own reports cut the rate after one decimal (25.8 % for 25.8675 %), so `cut` is
    the official figure and `rounded` stands beside it.
    """

    disbursed: Vnd
    of: Vnd

    @property
    def exact(self) -> Fraction:
        """Per cent, exact; zero when nothing was allocated."""
        return Fraction(100 * self.disbursed, self.of) if self.of else Fraction(0)

    def cut(self, decimals: int) -> str:
        """Per cent, cut after so many decimals."""
        return cut(self.exact, decimals)

    def rounded(self, decimals: int) -> str:
        """Per cent, rounded half up after so many decimals."""
        return cut(self.exact + Fraction(1, 2 * 10**decimals), decimals)


class Use(StrEnum):
    """What money was paid for; `OTHER` is work without a contract."""

    ADVANCE = "advance"
    VOLUME = "volume"
    COMPENSATION = "compensation"
    FINAL = "final"
    OTHER = "other"


_USED_FOR = {
    PaymentKind.ADVANCE: Use.ADVANCE,
    PaymentKind.VOLUME: Use.VOLUME,
    PaymentKind.COMPENSATION: Use.COMPENSATION,
    PaymentKind.FINAL: Use.FINAL,
    PaymentKind.COMPENSATION_ADVANCE: Use.ADVANCE,
    PaymentKind.OTHER_ADVANCE: Use.ADVANCE,
    PaymentKind.OTHER: Use.OTHER,
    # Accepted volume, paid into the investor's deposit account until the warranty is over.
    PaymentKind.RETENTION: Use.VOLUME,
}


@value
class Uses:
    """What was disbursed, by what it paid for, đồng; together they are the disbursed.

    `advance` is what was advanced and not recovered yet, `volume` the value paid for, with the
    advances that it recovered (254/2025/NĐ-CP Art. 3.3).
    """

    advance: Vnd
    volume: Vnd
    compensation: Vnd
    final: Vnd
    other: Vnd

    @property
    def disbursed(self) -> Vnd:
        return Vnd(self.advance + self.volume + self.compensation + self.final + self.other)


@value
class Funded:
    """What the year gives to a cohort, and the total investment of its chosen communes, đồng."""

    cohort: CohortId
    allocated: Vnd
    total_investment: Vnd

    @property
    def exact(self) -> Fraction:
        """Per cent of the total investment, exact."""
        return Fraction(100 * self.allocated, self.total_investment)


@value
class Line:
    """One cohort's capital in the year, đồng."""

    cohort: CohortId
    communes: int
    allocated: Vnd
    disbursed: Vnd


@value
class Portfolio:
    """A programme's year as of the end of a day."""

    as_of: date
    year: int
    lines: tuple[Line, ...]
    rate: Rate
    cohort_sizes: Mapping[CohortId, int]
    communes_in_cohorts: int
    base_communes: int
    chosen: int
    chosen_by_district: Mapping[str, int]
    deferred: int
    total_investment: Vnd
    funded: tuple[Funded, ...]

    @property
    def investment_per_commune(self) -> Fraction:
        """Total investment of the chosen communes over their number, đồng."""
        return Fraction(self.total_investment, self.chosen) if self.chosen else Fraction(0)

    @property
    def unexplained_communes(self) -> int:
        """Communes of the base that are in no cohort: stated, never forced to agree."""
        return self.base_communes - self.communes_in_cohorts


def portfolio(programme: Running, capital: Capital, year: int, as_of: date) -> Portfolio:
    """The figures of a year, from the programme and its capital plan folded to the same day."""
    by_cohort: dict[CohortId, list[tuple[str, Vnd, Vnd]]] = {}
    for position in capital.positions.values():
        row = (position.commune, position.allocated, position.disbursed)
        by_cohort.setdefault(position.cohort, []).append(row)
    lines = tuple(
        Line(
            cohort=cohort,
            communes=len({commune for commune, _, _ in rows}),
            allocated=Vnd(sum(allocated for _, allocated, _ in rows)),
            disbursed=Vnd(sum(disbursed for _, _, disbursed in rows)),
        )
        for cohort, rows in sorted(by_cohort.items())
    )
    chosen = [
        cohort.communes[name] for cohort in programme.cohorts.values() for name in cohort.chosen
    ]
    # A commune that was deferred and is proposed again counts once, where it stands now.
    again = {name: programme.proposed_again(name) for name in programme.cohorts}
    sizes = {name: cohort.size - len(again[name]) for name, cohort in programme.cohorts.items()}
    districts = sorted({commune.district for commune in chosen})
    return Portfolio(
        as_of=as_of,
        year=year,
        lines=lines,
        rate=Rate(disbursed=capital.disbursed, of=capital.allocated),
        cohort_sizes=sizes,
        communes_in_cohorts=sum(sizes.values()),
        base_communes=programme.base_communes,
        chosen=len(chosen),
        chosen_by_district={
            district: sum(commune.district == district for commune in chosen)
            for district in districts
        },
        deferred=sum(
            cohort.deferred - len(again[name]) for name, cohort in programme.cohorts.items()
        ),
        total_investment=Vnd(sum(c.total_investment for c in programme.cohorts.values())),
        funded=tuple(
            Funded(
                cohort=line.cohort,
                allocated=line.allocated,
                total_investment=cohort.total_investment,
            )
            for line in lines
            if (cohort := programme.cohorts.get(line.cohort)) and cohort.total_investment
        ),
    )


def uses(projects: Iterable[Registered], programme: ProgrammeId, year: int) -> Uses:
    """What the claims that a year's plan paid were for."""
    sums = dict.fromkeys(Use, 0)
    for project in projects:
        for claim in project.ledger.paid.values():
            if (project.charter.programme, claim.budget_year) == (programme, year):
                for use, amount in used(claim):
                    sums[use] += amount
    return Uses(
        advance=Vnd(sums[Use.ADVANCE]),
        volume=Vnd(sums[Use.VOLUME]),
        compensation=Vnd(sums[Use.COMPENSATION]),
        final=Vnd(sums[Use.FINAL]),
        other=Vnd(sums[Use.OTHER]),
    )


def used(claim: Claim) -> Iterator[tuple[Use, int]]:
    """What a paid claim adds to each use, đồng: what it recovers is an advance no longer.

    What came back of it is used for nothing.
    """
    yield _USED_FOR[claim.payment_kind], claim.worth - claim.returned
    yield Use.ADVANCE, -claim.recovers


def cut(exact: Fraction, decimals: int) -> str:
    """A number of zero or more, cut after so many decimals: the city does not round."""
    whole, rest = divmod(int(exact * 10**decimals), 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
