"""The published figures of April 2024, and whether the record reproduces them."""

from collections.abc import Mapping
from fractions import Fraction

from demo.tables import Facts
from domain.portfolio import Portfolio
from domain.values import UnitCode, value
from language.catalogue import mark

BILLION = 1_000_000_000

# As printed. 529.508 / 2,047 is 25.8675 %: the press cut it, and ordinary rounding gives 25.87.
PUBLISHED_RATE = "25.8"
EXACT_RATE = "25.87"


@value
class Figure:
    """One published figure beside the record's own; both are written the English way."""

    name: str
    published: str
    found: str

    @property
    def agrees(self) -> bool:
        return self.published == self.found


def compare(facts: Facts, portfolio: Portfolio) -> tuple[Figure, ...]:
    """The published figures against a portfolio as of the day they were published for."""
    chosen = facts.selection
    per_commune = Fraction(chosen.total_investment, chosen.chosen)
    listed = sum(cohort.size for cohort in facts.cohort)
    rows = (
        (
            mark("communes by cohort"),
            "/".join(str(cohort.size) for cohort in facts.cohort),
            "/".join(str(size) for size in portfolio.cohort_sizes.values()),
        ),
        (
            mark("chosen, by district"),
            _split(chosen.by_district),
            _split(portfolio.chosen_by_district),
        ),
        (mark("deferred for lack of capital"), str(chosen.deferred), str(portfolio.deferred)),
        (
            mark("total investment, billion đồng"),
            billions(chosen.total_investment),
            billions(portfolio.total_investment),
        ),
        (
            mark("investment per commune, billion đồng"),
            billions(per_commune),
            billions(portfolio.investment_per_commune),
        ),
        (
            mark("allocated by cohort, billion đồng"),
            " + ".join(billions(row.amount) for row in facts.capital),
            " + ".join(billions(line.allocated) for line in portfolio.lines),
        ),
        (
            mark("allocated, billion đồng"),
            billions(facts.disbursed.of),
            billions(portfolio.rate.of),
        ),
        (
            mark("disbursed, billion đồng"),
            billions(facts.disbursed.amount),
            billions(portfolio.rate.disbursed),
        ),
        (mark("rate, cut"), f"{PUBLISHED_RATE} %", f"{portfolio.rate.cut(1)} %"),
        (mark("rate, rounded"), f"{EXACT_RATE} %", f"{portfolio.rate.rounded(2)} %"),
        # Two communes of the base are in no cohort. It is stated, never forced to agree.
        (
            mark("communes at the start / in cohorts"),
            f"{facts.programme.base_communes} / {listed}",
            f"{portfolio.base_communes} / {portfolio.communes_in_cohorts}",
        ),
    )
    return tuple(Figure(name=name, published=told, found=seen) for name, told, seen in rows)


def billions(amount: int | Fraction) -> str:
    """Đồng in billions, exact to the million, the English way: 529508000000 is `529.508`."""
    exact = Fraction(amount, BILLION)
    whole, rest = divmod(exact * 1000, 1000)
    if exact * 1000 != whole * 1000 + rest or rest.denominator != 1:
        return f"{float(exact):,.6f}"
    return f"{whole:,}" if rest == 0 else f"{whole:,}.{int(rest):03d}".rstrip("0")


def _split(parts: Mapping[UnitCode, int] | Mapping[str, int]) -> str:
    rows = " + ".join(str(count) for _, count in sorted(parts.items()))
    return f"{sum(parts.values())} = {rows}"
