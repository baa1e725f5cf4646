"""`ntm report forecast`: what the year will have paid by its last day, by stated rules."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from console import budget, money_words, show
from console.budget import Budget, Programme, Year, heading, planned
from console.looking import LeftOut, left_out, looking, mention, spread
from console.options import Listing
from console.sending import open_session
from domain import forecast as forecasts
from domain.forecast import Forecast
from domain.travel import View
from domain.values import Vnd, value
from language.catalogue import plural, tr
from language.numerals import of_english

if TYPE_CHECKING:
    from storage.travel import Picture

_DAY = timedelta(days=1)
_MILLION = 1_000_000


@value
class Foreseen:
    """The forecast with its rates written out, each of what is allocated."""

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    year: int
    forecast: Forecast
    cautious_percent_cut: str
    likely_percent_cut: str
    hopeful_percent_cut: str


@value
class Line:
    """One of the three answers, đồng, for a spreadsheet."""

    forecast: str
    until: date
    disbursed: Vnd
    allocated: Vnd
    rate_percent_cut: str


@looking
def forecast(
    *, view: View, year: Year = None, programme: Programme = None, output: Listing = "table"
) -> None:
    """Foresee what the year will have paid by the last day of its capital."""
    with open_session() as session:
        picture = session.picture(view)
        found = planned(picture, budget.read(picture, programme, year), output)
        report = foreseen(picture, found)
    mention(picture)
    if output == "json":
        show.json(report)
        return
    if output != "table":
        spread(picture, _lines(report), Line, output)
        return
    heading(picture)
    _foretell(report)


def foreseen(picture: "Picture", found: Budget) -> Foreseen:
    from storage import policies

    last = policies.load().cutoff("plan.payable-until", found.year, found.day)
    claims = [(claim, picture.law(claim.policy)) for claim in budget.claims(picture, found)]
    paid = budget.paid(picture, found)
    told = forecasts.forecast(found.capital, paid, claims, found.day, last)
    return Foreseen(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=left_out(picture.left_out.values()),
        year=found.year,
        forecast=told,
        cautious_percent_cut=told.rate(told.cautious).cut(1),
        likely_percent_cut=told.rate(told.likely).cut(1),
        hopeful_percent_cut=told.rate(told.hopeful).cut(1),
    )


def _foretell(report: Foreseen) -> None:
    told = report.forecast
    table = show.table(
        tr("Forecast"), tr("By"), tr("Disbursed"), tr("Rate"), tr("How it is reckoned"),
        numbers=[2, 3], whole=[1],
        title=tr(
            "Capital of {year}: disbursement foreseen on {day}", year=report.year, day=_day(told.on)
        ),
    )  # fmt: skip
    for line in _lines(report):
        rounded = show.money(line.disbursed - line.disbursed % _MILLION)
        table.add_row(
            show.word(money_words.FORECASTS, line.forecast),
            _day(line.until),
            f"≈ {rounded}",
            f"{of_english(line.rate_percent_cut)} %",
            _how(told)[line.forecast],
        )
    screen = show.screen()
    screen.print(table)
    screen.print(show.facts(*_statements(told)))


def _lines(report: Foreseen) -> tuple[Line, ...]:
    told = report.forecast
    rates = {
        "cautious": (told.cautious, report.cautious_percent_cut),
        "likely": (told.likely, report.likely_percent_cut),
        "hopeful": (told.hopeful, report.hopeful_percent_cut),
    }
    return tuple(
        Line(
            forecast=name,
            until=told.last,
            disbursed=amount,
            allocated=told.allocated,
            rate_percent_cut=rate,
        )
        for name, (amount, rate) in rates.items()
    )


def _how(told: Forecast) -> dict[str, str]:
    pace = plural(
        "paid, and the pace of the past month",
        "paid, and the pace of the past {n} months",
        len(told.months),
    )
    return {
        "cautious": tr("paid, and the claims under way"),
        "likely": pace,
        "hopeful": tr("paid, and the pace of the best month"),
    }


def _statements(told: Forecast) -> tuple[tuple[str, str], ...]:
    return (
        (tr("Disbursed"), show.money(told.disbursed)),
        (tr("Under way"), _under_way(told)),
        *((f"{_day(m.after + _DAY)} – {_day(m.to)}", show.money(m.paid)) for m in told.months),
        (tr("At most"), tr("{amount} may still be paid", amount=show.money(told.payable))),
        (tr("Denominator"), tr("{amount} allocated", amount=show.money(told.allocated))),
        (tr("Not foreseen"), tr("the rush of the year's end")),
    )


def _under_way(told: Forecast) -> str:
    claims = plural(
        "{amount}, {n} claim",
        "{amount}, {n} claims",
        sum(one.in_time for one in told.commitments),
        amount=show.money(told.committed),
    )
    late = sum(one.cash for one in told.commitments if not one.in_time)
    if not late:
        return claims
    return tr(
        "{claims}; {late} of other claims comes too late", claims=claims, late=show.money(late)
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
