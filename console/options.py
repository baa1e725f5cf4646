"""Arguments and options that several commands share, and how their values are read."""

import re
import unicodedata
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import typer

from console import numbers
from console.flaws import Unfit, why
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
    return typer.BadParameter(f"{given!r} không hợp lệ · is not valid; {accepted}")


def code(text: str) -> str:
    """A short name for a project, a section or a case: safe in a stream's name."""
    if not CODE.fullmatch(text):
        raise refuse(text, "1–40 chữ không dấu, số, . _ - · letters, digits, '.', '_', '-'")
    return text


def amount(text: str) -> Vnd:
    """Money in đồng, or with its unit; what could be read in two ways is refused."""
    try:
        return Vnd(numbers.whole(text, numbers.MONEY))
    except Unfit as unfit:
        said = f"{why(unfit.flaw)}: {unfit.write}; viết số đồng · write đồng: 1500000000, 115 triệu"
        raise refuse(text, said) from None


def guaranteed(held: Vnd | None, until: date | None, *names: str) -> Guarantee | None:
    """A bank's guarantee from its two options: both or neither."""
    if held is None and until is None:
        return None
    if held is None or until is None:
        raise typer.BadParameter("cần cả hai · both or neither", param_hint=list(names))
    return Guarantee(amount=held, valid_to=until)


def site(text: str) -> Site:
    project, slash, section = text.partition("/")
    if not slash or not (CODE.fullmatch(project) and CODE.fullmatch(section)):
        raise refuse(text, "viết · write PROJECT/SECTION: AD01-GT/T1")
    return Site(project=ProjectId(project), section=SectionId(section))


def payment(text: str) -> PaymentId:
    project, slash, number = text.partition("/")
    if not slash or not (CODE.fullmatch(project) and CODE.fullmatch(number)):
        raise refuse(text, "viết · write PROJECT/NUMBER: AD01-GT/3")
    return PaymentId(text)


def case_code(text: str) -> CaseCode:
    """A household's pseudonym. What is none is not repeated: it may be somebody's name."""
    if not CODE.fullmatch(text):
        raise typer.BadParameter(
            "mã hồ sơ là chữ không dấu và số, không ghi họ tên · a case code is letters and"
            " digits, no name: H001"
        )
    return CaseCode(text)


def post(text: str) -> Post:
    """A post; its unit is compared with the record's own later."""
    role, at, unit = text.partition("@")
    if not at or not CODE.fullmatch(unit):
        raise refuse(text, "viết · write ROLE@UNIT: chair@an-duong")
    if role not in ROLES:
        near = get_close_matches(role, ROLES, n=1)
        meant = f"có phải · did you mean {near[0]}@{unit}? " if near else ""
        raise refuse(text, f"{meant}vai trò · roles: {', '.join(ROLES)}")
    return Post(role=Role(role), unit=UnitCode(unit))


def calendar_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(text, "viết · write YYYY-MM-DD: 2024-04-30") from None


def document(text: str) -> Document:
    """The paper of a decision; a symbol may hold `/` and `-`, but no semicolon."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not all(parts):
        raise refuse(text, 'viết · write "SYMBOL;YYYY-MM-DD;ISSUER"')
    symbol, issued_on, issuer = parts
    if not is_whole(symbol):
        raise refuse(symbol, "viết đủ số, ký hiệu · write the whole symbol: 254/2025/NĐ-CP")
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
        raise refuse(text, refused.because) from None


def moment(text: str) -> Moment:
    """A moment; without a zone it is Vietnam's, and a bare date stands for its noon."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise refuse(text, "viết · write 2024-04-30, 2024-04-30T09:00") from None
    if "T" not in text and " " not in text:
        return Moment(at=datetime.combine(read.date(), time(12), HANOI), whole_day=True)
    aware = read if read.tzinfo else read.replace(tzinfo=HANOI)
    return Moment(at=aware, whole_day=False)


def instant(text: str) -> datetime:
    """A moment up to which something is looked at: a bare date is the whole of that day."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise refuse(text, "viết · write 2024-04-30, 2024-04-30T09:00") from None
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise refuse(text, f"năm · years {_FIRST_YEAR} – {_LAST_YEAR}")
    if "T" not in text and " " not in text:
        return last_instant(read.date())
    return read if read.tzinfo else read.replace(tzinfo=HANOI)


As = Annotated[
    Post,
    typer.Option(
        "--as",
        parser=post,
        metavar="ROLE@UNIT",
        envvar="NTM_POST",
        help="Ai quyết định · who decides: chair@an-duong.",
    ),
]
MaybeAs = Annotated[
    Post | None,
    typer.Option(
        "--as",
        parser=post,
        metavar="ROLE@UNIT",
        envvar="NTM_POST",
        help="Của ai · whose: chair@an-duong.",
    ),
]
At = Annotated[
    Moment | None,
    typer.Option(
        "--at",
        parser=moment,
        metavar="DATE",
        help="Thời điểm quyết định · when it was decided; default now.",
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        parser=instant,
        metavar="DATE|TIME",
        help="Chỉ việc đã xảy ra đến lúc này · only what had happened by then.",
    ),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        "--known-at",
        parser=instant,
        metavar="DATE|TIME",
        help="Chỉ việc đã biết đến lúc này · only what was known by then.",
    ),
]
Basis = Annotated[
    Document | None,
    typer.Option(
        "--document",
        parser=document,
        metavar="'SYMBOL;DATE;ISSUER'",
        help="Căn cứ · the paper it rests on.",
    ),
]
Minutes = Annotated[
    Document | None,
    typer.Option(
        "--minutes",
        parser=document,
        metavar="'SYMBOL;DATE;ISSUER'",
        help="Biên bản họp hoặc phiếu lấy ý kiến · a body's minutes or ballot.",
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file",
        metavar="PATH",
        help="Tệp của căn cứ · a file of that paper; only its SHA-256 is recorded.",
    ),
]
DecisionId = Annotated[
    str | None,
    typer.Option("--id", metavar="ID", help="Mã quyết định · decision id, to repeat one safely."),
]
Wait = Annotated[
    bool,
    typer.Option(
        "--wait/--no-wait",
        help="Chờ trả lời · wait for the answer; without it a refusal shows in the inbox.",
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE|agent",
        envvar="NTM_KEY",
        help="Khóa ký · the key to sign with: ~/.ssh/id_ed25519, agent.",
    ),
]
Under = Annotated[
    str | None,
    typer.Option("--under", metavar="ID", help="Theo giấy ủy quyền · by which delegation."),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Ký không hỏi lại · sign without a last look.")
]
Output = Annotated[
    Literal["table", "json"],
    typer.Option("--output", "-o", metavar="table|json", help="Dạng kết quả · form of the answer."),
]

Listing = Annotated[
    Literal["table", "json", "csv", "xlsx"],
    typer.Option(
        "--output", "-o", metavar="table|json|csv|xlsx", help="Dạng kết quả · form of the answer."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="FILE", help="Ghi vào tệp · write it to a file; .csv, .xlsx say the form."
    ),
]

Project = Annotated[
    str, typer.Argument(parser=code, metavar="PROJECT", help="Mã dự án · project: AD01-GT.")
]
InSite = Annotated[
    Site,
    typer.Argument(
        parser=site, metavar="PROJECT/SECTION", help="Đoạn tuyến · section: AD01-GT/T1."
    ),
]
OfPayment = Annotated[
    PaymentId,
    typer.Argument(
        parser=payment, metavar="PROJECT/NUMBER", help="Đề nghị thanh toán · payment: AD01-GT/3."
    ),
]
Cases = Annotated[
    list[str],
    typer.Argument(metavar="CASE...", help="Mã hồ sơ hộ · case codes: H001 H002."),
]
Amount = Annotated[
    Vnd,
    typer.Option(
        "--amount",
        parser=amount,
        metavar="ĐỒNG",
        help="Số tiền · đồng: 1500000000, 115 triệu, 1.495 tỷ.",
    ),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Lý do · why.")]
