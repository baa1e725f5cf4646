"""Arguments and options that several commands share, and how their values are read."""

import re
import unicodedata
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import typer

from console import completing, numbers
from console.flaws import Unfit, why
from console.helping import placeholder
from domain.calendar import HANOI, last_instant
from domain.citing import is_whole, normalised
from domain.contract import Guarantee
from domain.refusal import Refused
from domain.values import (
    CaseCode,
    Document,
    PaymentId,
    Post,
    ProjectId,
    Role,
    SectionId,
    UnitCode,
    Vnd,
    value,
)
from language.catalogue import tr
from language.sentences import in_their_language

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)


@value
class Site:
    """A section of a project, written `AD01-GT/T1`."""

    project: ProjectId
    section: SectionId


@value
class Moment:
    """What `--at` names: a moment, or a whole day by its noon."""

    at: datetime
    whole_day: bool

    def no_later_than(self, now: datetime) -> datetime:
        """A day that is not over yet has had only the hours until now."""
        return min(self.at, now) if self.whole_day else self.at


def refuse(given: str, accepted: str) -> typer.BadParameter:
    """A bad value: what was given, and what would be accepted."""
    return typer.BadParameter(
        tr("{given} is not valid; {accepted}", given=repr(given), accepted=accepted)
    )


def written(form: str) -> str:
    """What would be accepted: a form, its parts named as in the help, with an example behind it."""
    return tr("write {form}", form=placeholder(form))


def code(text: str) -> str:
    """A short name for a project, a section or a case: safe in a stream's name."""
    if not CODE.fullmatch(text):
        raise refuse(text, tr("write 1 to 40 letters without accents, digits, '.', '_' or '-'"))
    return text


def amount(text: str) -> Vnd:
    """Money in đồng, or with its unit; what could be read in two ways is refused."""
    try:
        return Vnd(numbers.whole(text, numbers.MONEY))
    except Unfit as unfit:
        raise typer.BadParameter(
            tr(
                "{given} is not valid: {why}; write {write}",
                given=repr(text),
                why=why(unfit.flaw),
                write=unfit.write,
            )
        ) from None


def guaranteed(held: Vnd | None, until: date | None, *names: str) -> Guarantee | None:
    """A bank's guarantee from its two options: both or neither."""
    if held is None and until is None:
        return None
    if held is None or until is None:
        raise typer.BadParameter(tr("give both of them or neither"), param_hint=list(names))
    return Guarantee(amount=held, valid_to=until)


def site(text: str) -> Site:
    project, slash, section = text.partition("/")
    if not slash or not (CODE.fullmatch(project) and CODE.fullmatch(section)):
        raise refuse(text, tr("write PROJECT/SECTION: AD01-GT/T1"))
    return Site(project=ProjectId(project), section=SectionId(section))


def payment(text: str) -> PaymentId:
    project, slash, number = text.partition("/")
    if not slash or not (CODE.fullmatch(project) and CODE.fullmatch(number)):
        raise refuse(text, tr("write PROJECT/NUMBER: AD01-GT/3"))
    return PaymentId(text)


def case_code(text: str) -> CaseCode:
    """A household's pseudonym. What is none is not repeated: it may be somebody's name."""
    if not CODE.fullmatch(text):
        raise typer.BadParameter(
            tr("a case code is letters without accents and digits, and nobody's name: H001")
        )
    return CaseCode(text)


def post(text: str) -> Post:
    """A post; its unit is compared with the record's own later."""
    role, at, unit = text.partition("@")
    if not at or not CODE.fullmatch(unit):
        raise refuse(text, tr("write ROLE@UNIT: chair@an-duong"))
    if role not in ROLES:
        raise refuse(text, _roles(role, unit))
    return Post(role=Role(role), unit=UnitCode(unit))


def _roles(role: str, unit: str) -> str:
    """What a role may be, and which one was probably meant."""
    roles = ", ".join(ROLES)
    if near := get_close_matches(role, ROLES, n=1):
        return tr("did you mean {post}? The roles: {roles}", post=f"{near[0]}@{unit}", roles=roles)
    return tr("the roles: {roles}", roles=roles)


def calendar_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(text, tr("write YYYY-MM-DD: 2024-04-30")) from None


def document(text: str) -> Document:
    """The paper of a decision; a symbol may hold `/` and `-`, but no semicolon."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not all(parts):
        raise refuse(text, tr('write "SYMBOL;YYYY-MM-DD;ISSUER"'))
    symbol, issued_on, issuer = parts
    if not is_whole(symbol):
        raise refuse(symbol, tr("write the whole symbol: 254/2025/NĐ-CP"))
    return Document(
        symbol=symbol_of(symbol),
        issued_on=calendar_day(issued_on),
        issuer=unicodedata.normalize("NFC", issuer),
    )


def symbol_of(text: str) -> str:
    """A paper's symbol in its one form; a letter that only looks like one of it is refused."""
    try:
        return normalised(text)
    except Refused as refused:
        raise refuse(text, in_their_language(refused.because)) from None


def moment(text: str) -> Moment:
    """A moment; without a zone it is Vietnam's, and a bare date stands for its noon."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise refuse(text, tr("write 2024-04-30 or 2024-04-30T09:00")) from None
    if "T" not in text and " " not in text:
        return Moment(at=datetime.combine(read.date(), time(12), HANOI), whole_day=True)
    aware = read if read.tzinfo else read.replace(tzinfo=HANOI)
    return Moment(at=aware, whole_day=False)


def instant(text: str) -> datetime:
    """A moment up to which something is looked at: a bare date is the whole of that day."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise refuse(text, tr("write 2024-04-30 or 2024-04-30T09:00")) from None
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise refuse(
            text, tr("the year is one of {first}–{last}", first=_FIRST_YEAR, last=_LAST_YEAR)
        )
    if "T" not in text and " " not in text:
        return last_instant(read.date())
    return read if read.tzinfo else read.replace(tzinfo=HANOI)


As = Annotated[
    Post,
    typer.Option(
        "--as",
        parser=post,
        metavar="ROLE@UNIT",
        autocompletion=completing.posts,
        envvar="NTM_POST",
        help="Who decides: chair@an-duong.",
    ),
]
MaybeAs = Annotated[
    Post | None,
    typer.Option(
        "--as",
        parser=post,
        metavar="ROLE@UNIT",
        autocompletion=completing.posts,
        envvar="NTM_POST",
        help="Whose: chair@an-duong.",
    ),
]
At = Annotated[
    Moment | None,
    typer.Option(
        "--at", parser=moment, metavar="DATE", help="When it was decided; now, if not given."
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", parser=instant, metavar="DATE|TIME", help="Only what had happened by then."
    ),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at", parser=instant, metavar="DATE|TIME", help="Only what was known by then."
    ),
]
Basis = Annotated[
    Document | None,
    typer.Option(
        "--document", parser=document, metavar="'SYMBOL;DATE;ISSUER'", help="The paper it rests on."
    ),
]
Minutes = Annotated[
    Document | None,
    typer.Option(
        "--minutes",
        parser=document,
        metavar="'SYMBOL;DATE;ISSUER'",
        help="A body's minutes or ballot.",
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file", metavar="PATH", help="A file of that paper; only its SHA-256 is recorded."
    ),
]
DecisionId = Annotated[
    str | None,
    typer.Option("--id", metavar="ID", help="The id of the decision, to repeat it safely."),
]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait/--no-wait", help="Wait for the answer; without it a refusal shows in the inbox."
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE|agent",
        envvar="NTM_KEY",
        help="The key to sign with: ~/.ssh/id_ed25519, agent.",
    ),
]
Under = Annotated[
    str | None,
    typer.Option("--under", metavar="ID", help="By which delegation."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Sign without a last look.")]
Output = Annotated[
    Literal["table", "json"],
    typer.Option("--output", "-o", metavar="table|json", help="The form of the answer."),
]

Listing = Annotated[
    Literal["table", "json", "csv", "xlsx"],
    typer.Option("--output", "-o", metavar="table|json|csv|xlsx", help="The form of the answer."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write it to a file; .csv or .xlsx says the form."),
]

Search = Annotated[
    str | None,
    typer.Option(
        "--search", metavar="TEXT", help="Search by text; accents are not needed: an duong."
    ),
]

Project = Annotated[
    str,
    typer.Argument(
        parser=code,
        metavar="PROJECT",
        help="The project: AD01-GT.",
        autocompletion=completing.projects,
    ),
]
InSite = Annotated[
    Site,
    typer.Argument(
        parser=site,
        metavar="PROJECT/SECTION",
        help="The section: AD01-GT/T1.",
        autocompletion=completing.sections,
    ),
]
OfPayment = Annotated[
    PaymentId,
    typer.Argument(
        parser=payment,
        metavar="PROJECT/NUMBER",
        help="The payment: AD01-GT/3.",
        autocompletion=completing.payments,
    ),
]
Cases = Annotated[
    list[str],
    typer.Argument(metavar="CASE...", help="Codes of cases: H001 H002."),
]
Amount = Annotated[
    Vnd,
    typer.Option(
        "--amount",
        parser=amount,
        metavar="ĐỒNG",
        help="In đồng: 1500000000, 115 million, 1.495 billion.",
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]
