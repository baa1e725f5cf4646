"""How the places of candidates look: rank, what earned it, cost, and what became of them."""

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from console import show, words
from console.failures import wrong
from domain.programme_forms import Cohort, Departure
from domain.ranking import Place, Points
from domain.values import CohortId, CommuneId, Vnd, value
from language.catalogue import mark, tr
from language.numerals import of_english

if TYPE_CHECKING:
    from rich.table import Table

_TOO_MUCH = mark("above the ceiling: will be refused")
_ONLY_SHOWN = mark("nothing was recorded")


@value
class Choice:
    """A cohort's places under a ceiling, đồng; recorded, or what would be."""

    cohort: CohortId
    ceiling: Vnd
    chosen: int
    total: Vnd
    left: Vnd
    recorded: bool
    places: tuple[Place, ...]


def choice(cohort: CohortId, ceiling: Vnd, places: tuple[Place, ...], *, recorded: bool) -> Choice:
    """Its sums beside the places."""
    total = sum(place.cost for place in places if place.chosen)
    return Choice(
        cohort=cohort,
        ceiling=ceiling,
        chosen=sum(place.chosen for place in places),
        total=Vnd(total),
        left=Vnd(ceiling - total),
        recorded=recorded,
        places=places,
    )


def departing(by_rank: tuple[Place, ...], against: tuple[Departure, ...]) -> tuple[Place, ...]:
    """The ranking with some communes decided the other way, each for its reason."""
    reasons = {one.commune: one.reason for one in against}
    if strangers := reasons.keys() - {place.commune for place in by_rank}:
        raise wrong("--against", min(strangers), tr("name a candidate of the cohort"))
    return tuple(
        replace(place, chosen=not place.chosen, reason=reasons[place.commune])
        if place.commune in reasons
        else place
        for place in by_rank
    )


def tell(cohort: Cohort, choice: Choice, output: str) -> None:
    """The whole ranking, with running totals."""
    if output == "json":
        show.json(choice)
        return
    screen = show.screen()
    screen.print(table(cohort, choice.places))
    screen.print(
        tr(
            "{chosen}/{places} chosen, {total}; ceiling {ceiling}, left {left}",
            chosen=choice.chosen,
            places=len(choice.places),
            total=show.money(choice.total),
            ceiling=show.money(choice.ceiling),
            left=show.money(choice.left),
        )
    )
    if choice.left < 0:
        screen.print(f"[bold]{tr(_TOO_MUCH)}[/]")
    if not choice.recorded:
        screen.print(f"[dim]{tr(_ONLY_SHOWN)}[/]")


def table(cohort: Cohort, places: Collection[Place], title: str | None = None) -> "Table":
    """Places in order of their ranks; the total runs over those that are chosen."""
    built = show.table(
        tr("Rank"), tr("Commune, and why"), tr("Score"), tr("Cost"), tr("Running total"),
        tr("Outcome"), numbers=[0, 2, 3, 4], title=title,
    )  # fmt: skip
    total = 0
    for place in places:
        total += place.cost if place.chosen else 0
        built.add_row(
            str(place.rank),
            show.under(_named(cohort, place.commune), _why(place)),
            _points(place.score),
            show.money(place.cost),
            show.money(total) if place.chosen else "",
            _outcome(place),
        )
    return built


def _named(cohort: Cohort, commune: CommuneId) -> str:
    return show.clean(f"{commune} {cohort.communes[commune].name}")


def _why(place: Place) -> str:
    return ", ".join(_earned(one) for one in place.points if one.points)


def _earned(one: Points) -> str:
    return f"{words.said(words.CRITERIA, one.criterion)} {_points(one.points)}"


def _points(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return of_english(f"{whole}.{rest:02d}".rstrip("0").rstrip("."))


def _outcome(place: Place) -> str:
    said = tr("chosen") if place.chosen else tr("deferred")
    if place.by_rank != place.chosen:
        return show.under(said, tr("against its rank: {reason}", reason=show.clean(place.reason)))
    before = show.clean(", ".join(place.waited))
    waited = tr("waited in {cohorts}", cohorts=before) if place.waited else ""
    money = show.money(place.left) if place.left else "0 đ"
    left = "" if place.chosen else tr("{money} left", money=money)
    return show.under(said, "; ".join(part for part in (left, waited) if part))
