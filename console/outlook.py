"""`ntm report forecast`: what the year will have paid by its last day, by stated rules."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from console import budget, show
from console.budget import Budget, Programme, Year, heading, planned
from console.looking import LeftOut, left_out, looking, mention
from console.options import Output
from console.sending import open_session
from domain import forecast as forecasts
from domain.forecast import Forecast
from domain.travel import View
from domain.values import value

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


@looking
def forecast(
    *, view: View, year: Year = None, programme: Programme = None, output: Output = "table"
) -> None:
    """Dự báo đến ngày cuối chi vốn năm · what the year will have paid by its last day."""
    with open_session() as session:
        picture = session.picture(view)
        found = planned(picture, budget.read(picture, programme, year), output)
        report = foreseen(picture, found)
    mention(picture)
    if output == "json":
        show.json(report)
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
        "Dự báo · forecast", "Đến hết · by", "Giải ngân · disbursed", "Tỷ lệ · rate",
        "Cách tính · how", numbers=[2, 3], whole=[1],
        title=f"Dự báo giải ngân vốn {report.year} · forecast from {told.on:%d/%m/%Y}",
    )  # fmt: skip
    pace = f"{len(told.months)} tháng qua · past months"
    rows = (
        (("thận trọng", "cautious"), told.cautious, report.cautious_percent_cut,
         "đã chi + đề nghị đang chờ · paid, and claims under way"),
        (("nhiều khả năng", "likely"), told.likely, report.likely_percent_cut,
         f"đã chi + nhịp {pace} · paid, and their pace"),
        (("lạc quan", "hopeful"), told.hopeful, report.hopeful_percent_cut,
         "đã chi + nhịp tháng cao nhất · paid, and the best month's pace"),
    )  # fmt: skip
    for name, amount, rate, how in rows:
        rounded = show.money(amount - amount % _MILLION)
        table.add_row(show.under(*name), _day(told.last), f"≈ {rounded}", f"{rate} %", how)
    screen = show.screen()
    screen.print(table)
    late = sum(one.cash for one in told.commitments if not one.in_time)
    screen.print(
        show.facts(
            ("Đã giải ngân · disbursed", show.money(told.disbursed)),
            (
                "Đang chờ · under way",
                f"{show.money(told.committed)}, {len(told.commitments)} đề nghị · claims"
                + (f"; quá hạn · too late {show.money(late)}" if late else ""),
            ),
            *((f"{_day(m.after + _DAY)} – {_day(m.to)}", show.money(m.paid)) for m in told.months),
            ("Trần · at most", f"{show.money(told.payable)} còn chi được · may still be paid"),
            ("Mẫu số · denominator", f"{show.money(told.allocated)} bố trí · allocated"),
            ("Không tính · not foreseen", "mùa cao điểm cuối năm · the rush of the year's end"),
        )
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
