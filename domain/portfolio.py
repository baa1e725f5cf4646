"""The leaders' figures: what was allocated, what was disbursed, and what does not add up."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from domain.positions import Capital
from domain.programme_forms import Running
from domain.values import CohortId, Vnd, value


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
        return _decimal(int(self.exact * 10**decimals), decimals)

    def rounded(self, decimals: int) -> str:
        """Per cent, rounded half up after so many decimals."""
        return _decimal(int(self.exact * 10**decimals + Fraction(1, 2)), decimals)


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
    )


def _decimal(scaled: int, decimals: int) -> str:
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
