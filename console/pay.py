"""`ntm pay`: a payment asked for, checked by finance, answered by the treasury."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from console import money_words, words
from console import show as on_screen
from console.failures import absent
from console.groups import group
from console.helping import example
from console.looking import handed_over, head, looking, mention, missing
from console.options import Amount, Listing, OfPayment, Output, Project, Reason, amount, code
from console.options import payment as payment_of
from console.sending import Find, Wanted, deciding, open_session
from domain.calendar import local_day
from domain.disbursement import ApproveEstimate, RecordReturn, RequestPayment
from domain.payment import CheckPayment, ConfirmPaid, RefusePayment, Submitted
from domain.streams import Command, payment_stream, project_stream
from domain.travel import View
from domain.values import (
    PaymentId,
    PaymentKind,
    Post,
    ProjectId,
    SectionId,
    StreamId,
    Vnd,
    value,
)
from domain.waits import Wait
from language.catalogue import plural, tr
from language.numerals import grouped

if TYPE_CHECKING:
    from rich.table import Table

    from office.session import Session
    from storage.travel import Picture

app = group("Payments, from the request to the treasury's answer.")


@value
class Standing:
    """One payment as it stands, and what it waits for.

    `treasury_days` are the working days that the treasury took to answer, `late` says whether
    whoever answered last did so after his limit.
    """

    stream: StreamId
    version: int
    state: Submitted
    waits: tuple[Wait, ...]
    treasury_days: int | None
    late: bool


@app.command(
    epilog=example(
        "ntm pay request AD01-GT/3 volume --worth 2000000000 --recovers 300000000"
        " --as investor@an-duong"
    )
)
@deciding
def request(  # noqa: PLR0913  # one option per field of the request
    *,
    payment: OfPayment,
    payment_kind: Annotated[
        PaymentKind,
        typer.Argument(metavar="KIND", help=f"What it is for: {', '.join(PaymentKind)}."),
    ],
    worth: Annotated[
        Vnd, typer.Option(parser=amount, metavar="ĐỒNG", help="Worth of what is claimed.")
    ],
    recovers: Annotated[
        Vnd | None,
        typer.Option(parser=amount, metavar="ĐỒNG", help="Of it, advance recovered."),
    ] = None,
    section: Annotated[
        str | None,
        typer.Option(parser=code, metavar="SECTION", help="Section, for compensation."),
    ] = None,
    item: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Other work, by the name of its estimate."),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=2000, max=2100, help="The year of the plan, if not this one."),
    ] = None,
    corrects: Annotated[
        PaymentId | None,
        typer.Option(
            parser=payment_of,
            metavar="PROJECT/NUMBER",
            help="The refused request that this one mends.",
        ),
    ] = None,
) -> Wanted:
    """Ask for money."""
    command = RequestPayment(
        payment=payment,
        payment_kind=payment_kind,
        worth=worth,
        recovers=recovers or Vnd(0),
        section=SectionId(section) if section else None,
        budget_year=year,
        item=item,
        corrects=corrects,
    )
    return Wanted(stream=project_stream(ProjectId(payment.partition("/")[0])), command=command)


@app.command(epilog=example("ntm pay check AD01-GT/3 --as finance@an-duong"))
@deciding
def check(payment: OfPayment) -> Find:
    """Finance has checked the request; the year's capital is reserved."""
    return _shown(payment, lambda cash: CheckPayment(amount=cash))


@app.command(epilog=example("ntm pay paid AD01-GT/3 --as treasury@hai-phong"))
@deciding
def paid(payment: OfPayment) -> Find:
    """The treasury has paid."""
    return _shown(payment, lambda cash: ConfirmPaid(amount=cash))


@app.command(
    epilog=example("ntm pay refuse AD01-GT/3 --reason 'thiếu hóa đơn' --as treasury@hai-phong")
)
@deciding
def refuse(payment: OfPayment, reason: Reason) -> Find:
    """Refuse a payment, with the reason."""
    return _shown(payment, lambda cash: RefusePayment(reason=reason, amount=cash))


def _shown(payment: PaymentId, say: Callable[[Vnd | None], Command]) -> Find:
    """What is said of a payment, with the cash that is shown of it."""
    stream = payment_stream(payment)

    def find(session: "Session", _by: Post, _decision_id: str | None) -> Wanted:
        state = session.before(stream, None)
        cash = state.cash if isinstance(state, Submitted) else None
        return Wanted(stream=stream, command=say(cash))

    return find


@app.command(
    "return",
    epilog=example(
        "ntm pay return AD01-GT/3 --amount 20000000 --reason 'hộ chưa nhận'"
        " --document 'GNT-8;2024-06-03;KBNN' --as treasury@hai-phong"
    ),
)
@deciding
def give_back(payment: OfPayment, amount: Amount, reason: Reason) -> Wanted:
    """Record money that came back to the treasury."""
    command = RecordReturn(payment=payment, amount=amount, reason=reason)
    return Wanted(stream=project_stream(ProjectId(payment.partition("/")[0])), command=command)


@app.command(
    epilog=example(
        "ntm pay estimate AD01-GT 'Chi phí QLDA' --amount 200000000"
        " --document '9/QĐ-UBND;2024-02-01;UBND huyện' --as chair@an-duong"
    )
)
@deciding
def estimate(
    project: Project,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="What the work is called.")],
    amount: Amount,
) -> Wanted:
    """Approve the estimate of work that needs no contract."""
    command = ApproveEstimate(item=item, amount=amount)
    return Wanted(stream=project_stream(ProjectId(project)), command=command)


@app.command("list")
@looking
def payments(
    *,
    view: View,
    project: Annotated[
        str | None, typer.Option(parser=code, metavar="PROJECT", help="Only of this project.")
    ] = None,
    is_open: Annotated[bool, typer.Option("--open", help="Only open requests.")] = False,
    output: Listing = "table",
) -> None:
    """Payment requests, and whom they wait for."""
    with open_session() as session:
        picture = session.picture(view)
        found = tuple(
            standing.state
            for standing in picture.standings("payment", open_only=is_open)
            if isinstance(standing.state, Submitted)
            and project in (None, standing.state.charter.project)
        )
    mention(picture)
    if handed_over(picture, found, tuple[Submitted, ...], output):
        return
    head(picture, empty=not found)
    screen = on_screen.screen()
    screen.print(_list(found))
    total = sum(payment.cash for payment in found if payment.status == "paid")
    counted = plural("{n} request", "{n} requests", len(found))
    if not is_open:
        counted = plural(
            "{n} request, {total} paid",
            "{n} requests, {total} paid",
            len(found),
            total=on_screen.money(total),
        )
    screen.print(f"[dim]{counted}[/]")


@app.command()
@looking
def show(view: View, payment: OfPayment, output: Output = "table") -> None:
    """One payment request, whom it waits for, and the answer."""
    with open_session() as session:
        picture = session.picture(view)
        found = _standing(session, picture, payment, output)
    mention(picture)
    if output == "json":
        on_screen.json(found)
        return
    head(picture)
    on_screen.screen().print(_facts(found))


def _facts(found: Standing) -> "Table":
    state = found.state
    due = on_screen.last_day(state.due.at)
    holder = tr("{post}, due {day}", post=state.holder, day=due) if state.open else ""
    stream = tr("{stream}, version {version}", stream=found.stream, version=found.version)
    return on_screen.facts(
        (tr("Payment"), f"[bold]{on_screen.clean(state.payment)}[/]"),
        (tr("Project"), on_screen.clean(state.charter.name)),
        (tr("Kind"), words.said(money_words.PAYMENT_KINDS, state.payment_kind)),
        (tr("Cash"), f"{grouped(state.cash)} đ"),
        (tr("Budget year"), str(state.budget_year)),
        (tr("Status"), words.said(money_words.PAYMENT_STATUSES, state.status)),
        (tr("Since"), on_screen.day(state.since)),
        (tr("Waits for"), on_screen.clean(holder)),
        (tr("Requested by"), on_screen.clean(state.requested_by)),
        (tr("Checked by"), on_screen.clean(state.checked_by or "")),
        (tr("At the treasury"), on_screen.day(state.checked_at)),
        (tr("Answered"), _answered(found)),
        (tr("Reason"), on_screen.clean(state.reason)),
        (tr("Mends"), on_screen.clean(state.corrects or "")),
        (tr("Stream"), on_screen.clean(stream)),
    )


def _standing(session: "Session", picture: "Picture", payment: PaymentId, output: str) -> Standing:
    stream = payment_stream(payment)
    standing = picture.standing(stream)
    if standing is None or not isinstance(standing.state, Submitted):
        failure = absent("PROJECT/NUMBER", payment, tr("see `{command}`", command="ntm pay list"))
        missing(picture, stream, output, failure)
    return Standing(
        stream=stream,
        version=standing.version,
        state=standing.state,
        waits=picture.waits_of((stream,)),
        treasury_days=_days(session, standing.state),
        late=standing.state.answered_late,
    )


def _days(session: "Session", state: Submitted) -> int | None:
    """Working days between the check by finance and the treasury's answer."""
    if state.checked_at is None or state.open:
        return None
    from storage import pinned, policies

    calendar = pinned.Law(session.engine, policies.load()).of(state).calendar
    return calendar.working_days_between(local_day(state.checked_at), local_day(state.since))


def _answered(found: Standing) -> str:
    state = found.state
    if state.open:
        return ""
    late = f", [bold red]{tr('LATE')}[/]" if found.late else ""
    due = on_screen.last_day(state.due.at)
    if found.treasury_days is None:
        return tr("due {day}", day=due) + late
    after = plural(
        "after {n} working day, due {day}",
        "after {n} working days, due {day}",
        found.treasury_days,
        day=due,
    )
    return after + late


def _list(found: tuple[Submitted, ...]) -> "Table":
    table = on_screen.table(
        tr("Payment"),
        tr("Kind"),
        tr("Cash"),
        tr("Status"),
        tr("Waits for"),
        tr("Due"),
        numbers=[2],
        whole=[0, 1, 4, 5],
    )
    for payment in found:
        table.add_row(
            on_screen.clean(payment.payment),
            on_screen.word(money_words.PAYMENT_KINDS, payment.payment_kind),
            on_screen.money(payment.cash),
            on_screen.under(
                on_screen.word(money_words.PAYMENT_STATUSES, payment.status),
                on_screen.day(payment.since),
            ),
            on_screen.post(payment.holder) if payment.open else "",
            on_screen.last_day(payment.due.at) if payment.open else "",
        )
    return table
