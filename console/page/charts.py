"""What the charts of the leaders' report look like; every number in them comes from the report."""

from collections.abc import Mapping, Sequence

from console import show
from console.page.drawing import NARROW, Drawn, Spec, draw
from console.page.reading import Report
from domain.values import value
from language.catalogue import tr

_BILLION = 1_000_000_000
_ROW, _LOW_ROW, _MANY = 34, 22, 15
_LABELS = {True: 150, False: 220}
"""How wide the names of rows may be, by whether the chart is narrow."""


@value
class Bar:
    """A row of bars: its parts one after another, each of a colour, and what stands at its end."""

    name: str
    parts: tuple[tuple[str, float], ...]
    said: str
    note: int


def curve(report: Report, notes: Mapping[str, int]) -> Drawn:
    """Planned and actual disbursement by the end of each month, and what the last may come to.

    `notes` are the numbers of the months.
    """
    told = report.foreseen.forecast
    points = [
        {
            "month": f"{point.by:%m/%y}",
            "planned": _billions(point.planned),
            "actual": _billions(point.actual),
            "whole": point.whole,
            "href": f"#n{notes[point.by.isoformat()]}" if point.by.isoformat() in notes else "",
        }
        for point in report.curve
    ]

    def spec(width: int) -> Spec:
        narrow = width <= NARROW
        label = "slice(datum.label, 0, 2)" if narrow else "datum.label"
        axis = {"title": None, "labelAngle": 0, "labelExpr": label, "grid": False}
        return {
            "width": width,
            "height": 250 if narrow else 300,
            "data": {"values": points},
            "encoding": {"x": {"field": "month", "type": "ordinal", "sort": None, "axis": axis}},
            "layer": [*_months(), *_ceiling(report), *_range(report)],
        }

    last = next((one for one in reversed(report.curve) if one.actual is not None), None)
    reached = show.money(last.actual) if last else "0 đ"
    return draw(
        "curve",
        tr("Cumulative disbursement by month"),
        tr(
            "Columns: what was disbursed, {reached} by {day}. Line: what was planned. The forecast"
            " to {last} lies between {least} and {most}. The table below has every number.",
            reached=reached,
            day=f"{report.portfolio.as_of:%d/%m/%Y}",
            last=f"{told.last:%d/%m/%Y}",
            least=_about(told.cautious),
            most=_about(told.hopeful),
        ),
        spec,
    )


def _months() -> list[Spec]:
    """What was paid, paler where the month is not over, and what was planned."""
    opacity = {"condition": {"test": "datum.whole", "value": 1}, "value": 0.55}
    return [
        {
            "mark": {"type": "bar", "width": {"band": 0.62}, "color": "var(--actual)"},
            "encoding": {"y": _y("actual"), "href": {"field": "href"}, "opacity": opacity},
        },
        {
            "mark": {"type": "line", "color": "var(--plan)", "strokeWidth": 2.5,
                     "strokeDash": [6, 4], "point": {"color": "var(--plan)", "size": 36}},
            "encoding": {"y": _y("planned")},
        },
    ]  # fmt: skip


def _ceiling(report: Report) -> list[Spec]:
    """All that is allocated, as a line that the columns climb to."""
    of = report.portfolio.rate.of
    data = {"data": {"values": [{"all": _billions(of)}]}}
    y = {"field": "all", "type": "quantitative"}
    return [
        {
            **data,
            "mark": {"type": "rule", "color": "var(--muted)", "strokeDash": [2, 3]},
            "encoding": {"x": {"value": 0}, "x2": {"value": "width"}, "y": y},
        },
        {
            **data,
            "mark": {"type": "text", "align": "left", "dy": -7, "color": "var(--muted)",
                     "text": tr("{money} allocated", money=show.money(of))},
            "encoding": {"x": {"value": 4}, "y": y},
        },
    ]  # fmt: skip


def rows(name: str, title: str, told: str, bars: Sequence[Bar], rule: float | None = None) -> Drawn:
    """Bars that lie, from the top down; `rule` is a value that they are held against."""
    most = max([rule or 0, *(sum(size for _, size in bar.parts) for bar in bars)])

    def spec(width: int) -> Spec:
        labels = _LABELS[width <= NARROW]
        # Room for what stands at the end of the longest bar.
        longest = 0 if rule is not None else max((len(bar.said) for bar in bars), default=0) * 7 + 8
        reach = max(40, width - labels - longest - 12)
        axis = {"title": None, "labelLimit": labels, "minExtent": labels, "domain": False,
                "ticks": False, "labelColor": "var(--ink)"}  # fmt: skip
        y = {"field": "name", "type": "nominal", "sort": None, "axis": axis}
        x = {"domain": [0, most or 1], "range": [0, reach]}
        height = _ROW if len(bars) <= _MANY else _LOW_ROW
        return {
            "width": width,
            "height": height * max(1, len(bars)) + 8,
            "layer": [_bars(bars, x, y), *_ends(bars, y, rule), *_rule(rule)],
        }

    return draw(name, title, told, spec)


def _bars(bars: Sequence[Bar], scale: Spec, y: Spec) -> Spec:
    values = [
        {"name": bar.name, "nth": nth, "tone": tone, "value": size, "href": f"#n{bar.note}"}
        for bar in bars
        for nth, (tone, size) in enumerate(bar.parts)
    ]
    x = {"field": "value", "type": "quantitative", "stack": "zero", "scale": scale, "axis": None}
    return {
        "data": {"values": values},
        "mark": {"type": "bar", "height": {"band": 0.66}},
        "encoding": {
            "y": y,
            "x": x,
            "order": {"field": "nth"},
            "color": {"field": "tone", "type": "nominal", "scale": None, "legend": None},
            "href": {"field": "href"},
        },
    }


def _rule(rule: float | None) -> list[Spec]:
    if rule is None:
        return []
    return [
        {
            "data": {"values": [{"rule": rule}]},
            "mark": {"type": "rule", "color": "var(--ink)", "strokeDash": [4, 3]},
            "encoding": {"x": {"field": "rule", "type": "quantitative"}},
        }
    ]


def _ends(bars: Sequence[Bar], y: Spec, rule: float | None) -> list[Spec]:
    """What a row says, at its end; at the foot of a long bar, where a rule runs through the end."""
    ends = [
        {"name": bar.name, "end": sum(size for _, size in bar.parts), "said": bar.said}
        for bar in bars
    ]

    def said(which: str, mark: Spec, x: Spec) -> Spec:
        return {
            "data": {"values": ends},
            "transform": [{"filter": which}],
            "mark": {"type": "text", **mark},
            "encoding": {"y": y, "x": x, "text": {"field": "said", "type": "nominal"}},
        }  # fmt: skip

    end = {"field": "end", "type": "quantitative"}
    outside = {"align": "left", "dx": 6}
    if rule is None:
        return [said("true", outside, end)]
    inside = {"align": "left", "dx": 8, "color": "var(--paper)", "fontWeight": "bold"}
    return [
        said(f"datum.end >= {rule / 3}", inside, {"datum": 0}),
        said(f"datum.end < {rule / 3}", outside, end),
    ]


def _range(report: Report) -> list[Spec]:
    """What the last month may come to, from the cautious to the hopeful, and the likely."""
    told = report.foreseen.forecast
    one = {
        "month": f"{told.last:%m/%y}",
        "from": _billions(told.cautious),
        "to": _billions(told.hopeful),
        "likely": _billions(told.likely),
    }
    data = {"data": {"values": [one]}}
    return [
        {
            **data,
            "mark": {"type": "bar", "width": {"band": 0.3}, "color": "var(--forecast)",
                     "opacity": 0.75, "cornerRadius": 3},
            "encoding": {"y": _y("from"), "y2": {"field": "to"}},
        },
        {
            **data,
            "mark": {"type": "tick", "color": "var(--ink)", "thickness": 3, "width": {"band": 0.6}},
            "encoding": {"y": _y("likely")},
        },
    ]  # fmt: skip


def _y(field: str) -> Spec:
    axis = {"title": tr("billion đồng"), "format": ",.0f", "tickCount": 5, "domain": False,
            "ticks": False, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end",
            "titleX": -34, "titleY": -12}  # fmt: skip
    return {"field": field, "type": "quantitative", "axis": axis}


def _billions(amount: int | None) -> float | None:
    return None if amount is None else amount / _BILLION


def _about(amount: int) -> str:
    return f"≈ {show.money(round(amount, -9))}"
