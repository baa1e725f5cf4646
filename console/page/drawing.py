"""Charts as SVG that stands in a page: text stays text, and colours are the page's own.

Vega-Lite draws them in this process, without a browser or a network. Each chart is drawn twice, for
a wide page and for a narrow one, because text that is scaled down with its chart is not read.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from markupsafe import Markup

from domain.values import value
from language import numerals

Spec: TypeAlias = dict[str, Any]
"""A Vega-Lite specification, or a part of one."""

WIDE, NARROW = 940, 346
_FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_CONFIG: Spec = {
    "background": "transparent",
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "labelFontSize": 12,
        "titleColor": "var(--muted)",
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "var(--rule)",
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
    },
    "text": {"fontSize": 12, "color": "var(--ink)"},
}
_LIBRARY = "6.4"


@value
class Drawn:
    """A chart in both widths, and what it shows in words."""

    title: str
    told: str
    wide: Markup
    narrow: Markup


def draw(name: str, title: str, told: str, spec: Callable[[int], Spec]) -> Drawn:
    """A chart by its specification for a width in pixels; `told` is for those who do not see it."""
    return Drawn(
        title=title,
        told=told,
        wide=_svg(f"{name}-wide", title, told, spec(WIDE)),
        narrow=_svg(f"{name}-narrow", title, told, spec(NARROW)),
    )


def _svg(name: str, title: str, told: str, spec: Mapping[str, Any]) -> Markup:
    import vl_convert

    whole = {
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 2,
        **spec,
        "config": _CONFIG,
    }
    drawn = vl_convert.vegalite_to_svg(
        whole, vl_version=_LIBRARY, allowed_base_urls=[], format_locale=_numbers()
    )
    # The library makes whole addresses of references, by a base of its own.
    drawn = re.sub(r'xlink:href="[^"#]*#(\w+)"', r'href="#\1"', drawn)
    head, _, rest = drawn.partition(">")
    # Inside of a page SVG needs no namespaces, and a page without them has no address in it at all.
    for attribute in ("xmlns", "xmlns:xlink"):
        head = _without(head, attribute)
    named = Markup('<title id="{0}-t">{1}</title><desc id="{0}-d">{2}</desc>').format(
        name, title, told
    )
    described = f' role="graphics-document" aria-labelledby="{name}-t" aria-describedby="{name}-d"'
    # Vega escapes every text and attribute that it writes.
    return Markup(f"{head}{described}>{named}{rest}")  # noqa: S704


def _numbers() -> Spec:
    """How an axis writes its numbers: as the reader does."""
    thousands, decimal = (numerals.of_english(sign) for sign in ",.")
    return {
        "decimal": decimal,
        "thousands": thousands,
        "grouping": [3],
        "currency": ["", " đ"],
    }


def _without(head: str, attribute: str) -> str:
    before, _, after = head.partition(f' {attribute}="')
    return before + after.partition('"')[2] if after else head
