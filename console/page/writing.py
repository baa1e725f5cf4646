"""The page itself: one file, which needs nothing else and reaches for nothing."""

from importlib.resources import files

from console import show
from console.page import headline, money, sites
from console.page.notes import Notes
from console.page.reading import Report
from domain.calendar import local_day


def write(report: Report) -> str:
    """The report as HTML; whatever comes from the record is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    here = files("console.page")
    # The style is ours; all other text of the page passes through the escape.
    style = Markup((here / "style.css").read_text("utf-8"))  # noqa: S704
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        (here / "portfolio.html").read_text("utf-8")
    )
    notes = Notes(report)
    cards = headline.cards(report, notes)
    sections = (
        money.curve(report, notes),
        headline.changed(report, notes),
        money.ranking(report, notes),
        sites.clearance(report, notes),
        sites.obstacles(report, notes),
        sites.escalations(report, notes),
        sites.waits(report, notes),
    )
    return template.render(
        programme=show.plain(report.programme),
        year=report.portfolio.year,
        day=f"{local_day(report.as_of):%d/%m/%Y}",
        as_of=show.minute(report.as_of),
        known_at=show.minute(report.known_at),
        style=style,
        summary=headline.summary(report),
        cards=cards,
        sections=sections,
        left_out=[show.plain(f"{one.stream}#{one.version}") for one in report.left_out],
        notes=notes.all(),
    )
