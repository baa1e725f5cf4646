"""`ntm capital show`: a year's plan as a tree, from the year down to the projects."""

from typing import TYPE_CHECKING, Annotated

import typer

from console import show as on_screen
from console.failures import absent
from console.looking import head, looking, mention, missing, spread
from console.options import Listing, code
from console.sending import open_session
from domain.ceilings import Node, Tier, tree
from domain.positions import Capital
from domain.streams import capital_stream
from domain.travel import View
from domain.values import ProgrammeId, ProjectId, value
from language.catalogue import tr, tr_in

if TYPE_CHECKING:
    from rich.table import Table

Programme = Annotated[
    str, typer.Argument(parser=code, metavar="PROGRAMME", help="The programme's code.")
]
Year = Annotated[int, typer.Argument(min=2000, max=2100, help="The budget year.")]


@value
class Shown:
    """The plan as it stands, and its tree as far down as was asked for."""

    tree: tuple[Node, ...]
    plan: Capital


@looking
def show(
    view: View,
    programme: Programme,
    year: Year,
    down_to: Annotated[
        Tier, typer.Option(metavar="|".join(Tier), help="How far down.")
    ] = Tier.PROJECT,
    output: Listing = "table",
) -> None:
    """Show a year's plan as a tree: ceiling, allocated, reserved, paid."""
    stream = capital_stream(ProgrammeId(programme), year)
    with open_session() as session:
        picture = session.picture(view)
        standing = picture.standing(stream)
        if standing is None or not isinstance(standing.state, Capital):
            advice = tr("allocate capital: see `ntm capital allocate --help`")
            missing(picture, stream, output, absent("PROGRAMME YEAR", stream, advice))
    mention(picture)
    plan = standing.state
    deep = list(Tier).index(down_to)
    nodes = tuple(node for node in tree(plan) if list(Tier).index(node.tier) <= deep)
    if output == "json":
        on_screen.json(Shown(tree=nodes, plan=plan))
        return
    if output != "table":
        spread(picture, nodes, Node, output)
        return
    head(picture)
    on_screen.screen().print(_table(plan, nodes, year))


def _table(plan: Capital, nodes: tuple[Node, ...], year: int) -> "Table":
    bounded, lapsed = any(n.ceiling is not None for n in nodes), any(n.expired for n in nodes)
    titles = [tr_in("place", "Where"), *([tr("Ceiling")] if bounded else []), tr("Allocated")]
    titles += [tr("Reserved"), tr("Disbursed")]
    titles += [tr("Expired")] if lapsed else []
    titles += [tr("Left, until")]
    # In one unit, and with every digit; of what does not fit, the names give way.
    table = on_screen.table(*titles, numbers=range(1, len(titles)), title=tr("Billion đồng"))
    for node in nodes:
        amounts = [
            *([node.ceiling] if bounded else []),
            node.allocated,
            node.reserved,
            node.disbursed,
            *([node.expired] if lapsed else []),
        ]
        # A zero is said, and only what was never bounded is left out.
        money = ["" if amount is None else on_screen.billions(amount) for amount in amounts]
        left = on_screen.under(on_screen.billions(node.left), _until(plan, node))
        table.add_row(_named(node, year), *money, left)
    return table


def _named(node: Node, year: int) -> str:
    """Indented by its tier; a commune without the cohort that stands above it."""
    name = str(year) if node.tier is Tier.YEAR else node.name.rpartition("/")[2]
    if node.tier is Tier.YEAR:
        name = tr("year {year}", year=name)
    elif node.tier is Tier.COHORT:
        name = tr("cohort {cohort}", cohort=name)
    return on_screen.clean("  " * list(Tier).index(node.tier) + name)


def _until(plan: Capital, node: Node) -> str:
    """On which days what is left of a project lapses."""
    position = plan.positions.get(ProjectId(node.name)) if node.tier is Tier.PROJECT else None
    lots = position.lots if position else ()
    ends = sorted({lot.payable_until for lot in lots if lot.left and lot.payable_until})
    return ", ".join(f"{day:%d/%m/%Y}" for day in ends)
