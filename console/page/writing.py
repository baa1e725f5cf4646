"""The page itself: one file, which needs nothing else and reaches for nothing."""

from importlib.resources import files
from typing import TYPE_CHECKING

from console import show
from console.page import headline, money, sites
from console.page.notes import Notes
from console.page.reading import Report
from domain.calendar import local_day
from language.catalogue import reader, tr

if TYPE_CHECKING:
    from markupsafe import Markup


def write(report: Report) -> str:
    """The report as HTML; whatever comes from the record is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    here = files("console.page")
    # The style is ours; all other text of the page passes through the escape.
    style = Markup((here / "style.css").read_text("utf-8"))  # noqa: S704
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.globals["tr"] = _said
    template = environment.from_string((here / "portfolio.html").read_text("utf-8"))
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
        language=reader(),
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


def _said(message: str, **facts: object) -> "Markup":
    """A sentence of the template in the reader's language, with facts that may be marked up."""
    from markupsafe import Markup

    # The sentence is ours; every fact that is not markup of the template is escaped.
    return Markup(tr(message)).format(**facts)  # noqa: S704
