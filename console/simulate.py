"""`ntm simulate`: what the year would come to, played many times over from the record."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated

import typer

from console import budget, plot, show
from console.budget import Programme, Year
from console.failures import REFUSED, Failure
from console.looking import LeftOut, left_out, looking, mention_all, times
from console.options import Output, calendar_day
from console.plot import Column
from console.sending import open_session
from domain.calendar import local_day
from domain.clearance import Clearing
from domain.experience import experience
from domain.payment import Submitted
from domain.play import Chance, Opening, Outcome, WhatIf
from domain.portfolio import Rate
from domain.positions import Capital
from domain.programme import Running
from domain.project import Registered
from domain.simulation import (
    Band,
    band,
    clearings,
)
from domain.simulation import (
    simulate as played,
)
from domain.streams import Fact, capital_stream
from domain.travel import Past, View, past
from domain.values import CommuneId, ProgrammeId, Vnd, value
from storage.head import Head, head, still_holds

if TYPE_CHECKING:
    from rich.table import Table

    from storage.travel import Picture

_SHOWN = 15
_WIDE = 60
"""How many columns the fan has at most."""
_BILLION = 1_000_000_000


@value
class Reached:
    """Disbursed by the end of a day, đồng: as things are, and with the slips."""

    by: date
    base: Band
    slipped: Band


@value
class Missing:
    """A commune, and in how many runs it was not in use by the end of the target year."""

    commune: CommuneId
    name: str
    base: int
    slipped: int


@value
class Proof:
    """The record before and after: events, root of their tree, rows of each table.

    `unchanged` says that all it held before is there as it was; others may have recorded since.
    """

    before: Head
    after: Head
    unchanged: bool


@value
class Simulated:
    """What all runs came to: `reached` week by week, the last of them the day asked for."""

    as_of: datetime
    known_at: datetime
    left_out: tuple[LeftOut, ...]
    year: int
    allocated: Vnd
    disbursed: Vnd
    runs: int
    seed: int
    slips: int
    by_working_days: int
    clearances_under_way: int
    target_year: int
    reached: tuple[Reached, ...]
    missing: tuple[Missing, ...]
    refused: Mapping[str, int]
    proof: Proof


@value
class _Start:
    """A view of the record, folded for playing."""

    opening: Opening
    programme: Running
    left_out: tuple[LeftOut, ...]

    @property
    def capital(self) -> Capital:
        plan = self.opening.states[self.opening.plan]
        assert isinstance(plan, Capital)
        return plan


@looking
def simulate(  # noqa: PLR0913  # the options of one question
    *,
    view: View,
    slips: Annotated[
        int,
        typer.Option("--slip-clearances", min=0, max=10_000, help="Số đoạn trượt · how many slip."),
    ] = 0,
    by: Annotated[
        int, typer.Option("--by", min=0, max=1_000, help="Ngày làm việc · working days.")
    ] = 0,
    until: Annotated[
        date | None,
        typer.Option(parser=calendar_day, metavar="DATE", help="Đến · to; default 31/12."),
    ] = None,
    target_year: Annotated[
        int | None,
        typer.Option(min=2000, max=2100, help="Năm phải xong · year to finish; default the next."),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, max=10_000, help="Số lần · plays.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Hạt giống · the same, the same answer.")] = 1,
    year: Year = None,
    programme: Programme = None,
    output: Output = "table",
) -> None:
    """Nếu … thì sao · what if: play the year many times over; the record is only read."""
    with open_session() as session:
        before = head(session.engine)
        picture = session.picture(view)
        start = _start(picture, programme, year)
        wanted = _wanted(start, slips, by, until, target_year)
        outcomes = _run(start.opening, wanted, runs, chance(seed))
        proof = Proof(
            before=before,
            after=head(session.engine),
            unchanged=still_holds(session.engine, before),
        )
        report = _report(picture, start, wanted, outcomes, seed, proof)
    mention_all(report.left_out)
    if output == "json":
        show.json(report)
    else:
        show.screen().print(f"[dim]{times(view, picture.asked_at)}[/]")
        _print(report)
    if not proof.unchanged:
        raise typer.Exit(REFUSED)


def chance(seed: int) -> Chance:
    """Numbers by name, the same on every machine: 52 bits of a hash, which a float holds."""

    def draw(name: str) -> float:
        digest = blake2b(f"{seed} {name}".encode(), digest_size=8).digest()
        return (int.from_bytes(digest) >> 12) / 2**52

    return draw


def _start(picture: "Picture", programme: str | None, year: int | None) -> _Start:
    """Everything that is played with, from one query, and so from one snapshot."""
    from storage import policies
    from storage.travel import by_stream

    law = policies.load()
    stream = budget.the_one(picture, programme)
    entries = picture.entries_under("programme/", "capital/", "project/", "clearance/", "payment/")
    pasts = {
        name: (past(name, facts), facts)
        for name, of_one in by_stream(entries).items()
        if (facts := [entry.fact for entry in of_one])
    }
    running = pasts[stream][0].state if stream in pasts else None
    day = local_day(picture.now)
    name = ProgrammeId(stream.partition("/")[2])
    years = [int(each.rpartition("/")[2]) for each in pasts if each.startswith(f"capital/{name}/")]
    of_year = year or max((each for each in years if each <= day.year), default=day.year)
    plan = capital_stream(name, of_year)
    if not isinstance(running, Running) or plan not in pasts:
        raise Failure(
            f"capital/{name}/{of_year}: chưa có kế hoạch vốn để tính · no plan to play [not_found]",
            "bố trí vốn · see `ntm capital allocate --help`",
            REFUSED,
        )
    mine = {each: found for each, found in pasts.items() if _is_of(found[0], name) or each == plan}
    folding = {each: _folded(*found) for each, found in mine.items()}
    played_rooms = ("project/", "clearance/", "payment/")
    shown = experience({e: f for e, f in folding.items() if e.startswith(played_rooms)}, law)
    states = {each: found[0].state for each, found in mine.items()}
    versions = {version for state in states.values() if (version := getattr(state, "policy", None))}
    opening = Opening(
        day=day,
        year=of_year,
        plan=plan,
        states=states,
        experience=shown,
        laws={version: picture.law(version) for version in versions},
        law=law,
        chosen=_chosen(running),
    )
    return _Start(
        opening=opening,
        programme=running,
        left_out=left_out(found[0] for found in mine.values() if found[0].left_out),
    )


def _is_of(found: Past, programme: ProgrammeId) -> bool:
    match found.state:
        case Registered(charter=charter) | Clearing(charter=charter) | Submitted(charter=charter):
            return charter.programme == programme
        case _:
            return False


def _folded(found: Past, facts: list[Fact]) -> list[Fact]:
    lost = {fact.version for fact in found.left_out}
    return [fact for fact in facts if fact.version not in lost]


def _chosen(running: Running) -> frozenset[CommuneId]:
    return frozenset(name for cohort in running.cohorts.values() for name in cohort.chosen)


def _wanted(
    start: _Start, slips: int, by: int, until: date | None, target_year: int | None
) -> WhatIf:
    opening = start.opening
    last = until or date(opening.year, 12, 31)
    if bool(slips) != bool(by):
        raise typer.BadParameter(
            "cần cả hai · both are needed: --slip-clearances 5 --by 30",
            param_hint="--slip-clearances, --by",
        )
    if last <= opening.day:
        raise typer.BadParameter(
            f"{last} phải sau ngày bắt đầu · must be after the day of the view,"
            f" {opening.day}; see --as-of",
            param_hint="--until",
        )
    target = target_year or opening.year + 1
    end = max(last, date(target, 12, 31))
    if end > opening.law.calendar.last:
        raise typer.BadParameter(
            f"lịch chỉ đến · the calendar ends on {opening.law.calendar.last}",
            param_hint="--until, --target-year",
        )
    step = max(7, -(-(last - opening.day).days // _WIDE))
    weeks = range(step, (last - opening.day).days, step)
    at = (*(opening.day + timedelta(days=each) for each in weeks), last)
    return WhatIf(until=last, target_year=target, at=at, slips=slips, by=by)


def _run(
    opening: Opening, wanted: WhatIf, runs: int, luck: Chance
) -> list[tuple[Outcome, Outcome]]:
    found = []
    with _bar(runs) as tell:
        for outcome in played(opening, wanted, runs, luck):
            found.append(outcome)
            tell(len(found))
    return found


@contextmanager
def _bar(runs: int) -> Iterator[Callable[[int], None]]:
    """A bar for people, on stderr; nothing in a log."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task("lần chơi · plays", total=runs)
        yield lambda done: bars.update(task, completed=done)


def _report(
    picture: "Picture",
    start: _Start,
    wanted: WhatIf,
    outcomes: list[tuple[Outcome, Outcome]],
    seed: int,
    proof: Proof,
) -> Simulated:
    opening = start.opening
    refused = sum((Counter(slipped.refused) for _, slipped in outcomes), Counter[str]())
    return Simulated(
        as_of=picture.view.as_of or picture.asked_at,
        known_at=picture.view.known_at or picture.asked_at,
        left_out=start.left_out,
        year=opening.year,
        allocated=start.capital.allocated,
        disbursed=start.capital.disbursed,
        runs=len(outcomes),
        seed=seed,
        slips=wanted.slips,
        by_working_days=wanted.by,
        clearances_under_way=len(clearings(opening)),
        target_year=wanted.target_year,
        reached=tuple(
            Reached(
                by=by,
                base=band(base.disbursed[nth] for base, _ in outcomes),
                slipped=band(slipped.disbursed[nth] for _, slipped in outcomes),
            )
            for nth, by in enumerate(wanted.at)
        ),
        missing=_missing(start.programme, outcomes),
        refused=dict(sorted(refused.items())),
        proof=proof,
    )


def _missing(programme: Running, outcomes: list[tuple[Outcome, Outcome]]) -> tuple[Missing, ...]:
    """Communes that missed the year at least once, the surest first."""
    names = {
        name: row.name
        for cohort in programme.cohorts.values()
        for name, row in cohort.communes.items()
    }
    base = Counter(name for one, _ in outcomes for name in one.missed)
    slipped = Counter(name for _, one in outcomes for name in one.missed)
    rows = [
        Missing(commune=name, name=names.get(name, ""), base=base[name], slipped=slipped[name])
        for name in {*base, *slipped}
    ]
    return tuple(sorted(rows, key=lambda row: (-row.slipped, -row.base, row.commune)))


def _print(report: Simulated) -> None:
    screen = show.screen()
    for row in _fan(report):
        screen.print(row)
    screen.print(_bands(report))
    if report.missing:
        screen.print(_communes(report))
    screen.print(show.facts(*_statements(report)))


def _fan(report: Simulated) -> list[str]:
    """What was paid by now at the foot, and week by week what may be."""
    floor = report.disbursed - report.disbursed % _BILLION
    columns = [
        Column(
            label=label,
            solid=one.slipped.p10,
            band=one.slipped.p90,
            line=one.slipped.p50,
            dashes=one.base.p50 if report.slips else None,
        )
        for label, one in zip(_labels(report), report.reached, strict=True)
    ]
    width = max(1, _WIDE // len(columns))
    title = f"Giải ngân vốn {report.year}, luỹ kế · disbursement, cumulative"
    legend = "█ ít nhất (p10) · at least   ░ đến p90 · up to   ━ một nửa (p50) · half"
    without = "╌ p50 nếu không trượt · without the slips"
    return [
        f"[bold]{title}[/]",
        *plot.chart(columns, floor=floor, width=width, gap=0),
        f"[dim]{legend}[/]",
        *([f"[dim]{without}[/]"] if report.slips else []),
    ]


def _labels(report: Simulated) -> Iterator[str]:
    """The month, over the first of its columns."""
    before: date | None = None
    for one in report.reached:
        new = before is None or one.by.month != before.month
        yield f"{one.by:%m/%y}" if new else ""
        before = one.by


def _bands(report: Simulated) -> "Table":
    table = show.table(
        "Đến hết · by", "Trường hợp · case", "p10", "p50", "p90", "p50/bố trí · of allocated",
        numbers=[2, 3, 4, 5], whole=[0],
    )  # fmt: skip
    last = report.reached[-1]
    cases = [(("hiện nay", "as things are"), last.base)]
    if report.slips:
        name = f"{report.slips} đoạn trượt {report.by_working_days} ngày"
        cases.append(((name, "with the slips"), last.slipped))
    for name_, found in cases:
        amounts = (_about(found.p10), _about(found.p50), _about(found.p90))
        rate = Rate(disbursed=found.p50, of=report.allocated)
        table.add_row(f"{last.by:%d/%m/%Y}", show.under(*name_), *amounts, f"{rate.cut(1)} %")
    if report.slips:
        moved = (last.slipped.p10 - last.base.p10, last.slipped.p50 - last.base.p50,
                 last.slipped.p90 - last.base.p90)  # fmt: skip
        table.add_row("", show.under("chênh", "difference"), *map(_about, moved), "")
    return table


def _communes(report: Simulated) -> "Table":
    titles = ["Xã · commune", "Không xong · misses"]
    titles += ["Khi trượt · with slips"] if report.slips else []
    last = f"31/12/{report.target_year}"
    table = show.table(
        *titles,
        numbers=range(1, len(titles)),
        title=f"Xã không đưa vào sử dụng đến · communes not in use by {last}",
    )
    for row in report.missing[:_SHOWN]:
        counts = [_share(row.base, report.runs)]
        counts += [_share(row.slipped, report.runs)] if report.slips else []
        table.add_row(show.clean(f"{row.commune}  {row.name}"), *counts)
    rest = len(report.missing) - _SHOWN
    if rest > 0:
        table.add_row(f"… +{rest}", "[dim]--output json[/]")
    return table


def _share(count: int, runs: int) -> str:
    return f"{count}/{runs} = {100 * count // runs} %"


def _statements(report: Simulated) -> tuple[tuple[str, str], ...]:
    proof = report.proof
    refused = ", ".join(f"{rule} {count}" for rule, count in report.refused.items())
    before = f"{proof.before.events} sự kiện · events, {proof.before.root[:16]}…"
    after = f"{proof.after.events} sự kiện · events, {proof.after.root[:16]}…"
    rows = sum(proof.after.rows.values()) - sum(proof.before.rows.values())
    same = "y nguyên · nothing of it changed" if proof.unchanged else "ĐÃ KHÁC · IT DIFFERS"
    others = f"; {rows:+} dòng do nơi khác ghi · rows recorded by others" if rows else ""
    return (
        ("Số lần, hạt giống · plays, seed", f"{report.runs}, {report.seed}"),
        ("Đoạn đang giải phóng · under way", str(report.clearances_under_way)),
        ("Bị từ chối khi chơi · refused in play", refused),
        ("Sổ trước · record before", before),
        ("Sổ sau · record after", f"{after}: {same}{others}"),
    )


def _about(amount: int) -> str:
    """To a tenth of a billion, cut: a play is no account."""
    tenth = _BILLION // 10
    sign = "-" if amount < 0 else ""
    return f"{sign}{show.billions(abs(amount) // tenth * tenth)} tỷ"
