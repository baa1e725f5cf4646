"""How headings are worded, in the one place where that is said; longer lists are more rows."""

import re
from enum import Enum, StrEnum
from typing import Final

from console.numbers import AREA, COUNT, MONEY, Measure
from domain.values import value


class Table(StrEnum):
    """What a table lists."""

    CASES = "cases"
    POLES = "poles"


class Field(StrEnum):
    """What a column says."""

    CODE = "code"
    AREA_BEFORE = "area-before"
    AREA_GIVEN = "area-given"
    AREA_LEFT = "area-left"
    ORIGIN = "origin"
    ORIGIN_CLEAR = "origin-clear"
    ORIGIN_UNCLEAR = "origin-unclear"
    STRUCTURES = "structures"
    LAND = "land"
    UTILITY = "utility"
    VOLTAGE = "voltage"
    POLES = "poles"
    ESTIMATE = "estimate"
    METHOD = "method"


class Sort(Enum):
    """What a column that is not read is."""

    PERSONAL = "personal"
    COUNTED = "counted"
    UNKNOWN = "unknown"


@value
class Known:
    """A column that is read: how its heading may be worded (folded), and how it is best written."""

    field: Field
    worded: re.Pattern[str]
    best: str
    measure: Measure | None = None
    required: bool = True


_GIVING = r"(hien|hien dat|hien tang|tang cho|tang|thu hoi|ban giao|gpmb|giai phong mat bang)"
_AREA = r"(tong )?(dien tich|dt|d tich|area)( dat| dat o| thua dat| thua)?( m2)?"


def _known(
    field: Field, worded: str, best: str, measure: Measure | None = None, *, required: bool = True
) -> Known:
    pattern = re.compile(worded)
    return Known(field=field, worded=pattern, best=best, measure=measure, required=required)


KNOWN: Final[dict[Table, tuple[Known, ...]]] = {
    Table.CASES: (
        _known(
            Field.CODE,
            r"ma( so)?( (ho|ho dan|ho so|ho so ho|ho gpmb|gpmb))?|so ho so|ky hieu( ho| ho so)?"
            r"|case( code| id)?|code|household code",
            "Mã hộ",
        ),
        _known(
            Field.AREA_BEFORE,
            rf"({_AREA} )?(truoc|ban dau|hien trang|hien co|before)( khi)?( {_GIVING})?( dat)?"
            r"|tong (dien tich|dt)( dat| thua dat| thua)?"
            rf"|{_AREA} (theo|tren) (gcn|giay chung nhan|so do)",
            "Diện tích trước (m²)",
            AREA,
        ),
        _known(
            Field.AREA_GIVEN,
            rf"({_AREA} )?(da |xin |se |tu nguyen |bi )?({_GIVING}|given|donated)"
            rf"( (hay |va |hoac )?{_GIVING})?( dat)?",
            "Diện tích hiến (m²)",
            AREA,
        ),
        _known(
            Field.AREA_LEFT,
            rf"({_AREA} )?(con lai|sau|left|remaining)( sau)?( khi)?( {_GIVING})?( dat)?",
            "Diện tích còn lại (m²)",
            AREA,
        ),
        _known(
            Field.ORIGIN,
            r"(tinh trang |xac nhan |xac dinh )?nguon goc( su dung)?( dat)?( su dung)?"
            r"( ro chua ro| ro hay chua| ro khong| da ro chua ro)?|(land )?origin( confirmed)?",
            "Nguồn gốc đất (rõ / chưa rõ)",
        ),
        _known(
            Field.ORIGIN_CLEAR,
            r"nguon goc( su dung)?( dat)? (ro|da ro|ro rang|da xac nhan|da xac dinh)",
            "Nguồn gốc đất: rõ",
            required=False,
        ),
        _known(
            Field.ORIGIN_UNCLEAR,
            r"nguon goc( su dung)?( dat)? (chua|khong) (ro|ro rang|xac nhan|xac dinh)",
            "Nguồn gốc đất: chưa rõ",
            required=False,
        ),
        _known(
            Field.STRUCTURES,
            r"((gia tri|kinh phi|tien|du toan) )?(boi thuong |ho tro |bt ht )?"
            r"(vat kien truc|vkt|cong trinh vat kien truc|structures)( tren dat)?",
            "Vật kiến trúc (đồng)",
            MONEY,
            required=False,
        ),
        _known(
            Field.LAND,
            r"(loai|muc dich( su dung)?)( thua)? dat|loai dat thu hoi"
            r"|(loai dat )?dat o (dat )?nong nghiep( (dat )?khac)?|land( (use|kind|type))?",
            "Loại đất (đất ở / nông nghiệp / khác)",
            required=False,
        ),
    ),
    Table.POLES: (
        _known(
            Field.UTILITY,
            r"ma( so)?( (tuyen|tuyen dien|duong day|duong dien|lo duong day|cong trinh))?|tuyen"
            r"|utility|line( code)?",
            "Mã tuyến",
        ),
        _known(
            Field.VOLTAGE,
            r"loai( (cot|cot dien|tuyen|duong day|duong dien|dien|dien ap))?|cap dien ap|dien ap"
            r"|(loai )?(cot |tuyen |duong day )?(ha the trung the|lv mv)|voltage",
            "Loại (hạ thế / trung thế)",
        ),
        _known(
            Field.POLES,
            r"(so( luong)? )?(cot|cot dien)( phai di chuyen)?|so luong|sl cot|poles",
            "Số cột",
            COUNT,
        ),
        _known(
            Field.ESTIMATE,
            r"(gia tri |kinh phi |tong )?(du toan|kinh phi|gia tri)( kinh phi)?"
            r"( di chuyen| di doi)?|(kinh phi )?du kien|estimate|(tong )?muc dau tu",
            "Dự toán (đồng)",
            MONEY,
        ),
        _known(
            Field.METHOD,
            r"(phuong an|phuong thuc|hinh thuc|cach)( xu ly| thuc hien| di doi)?"
            r"( di chuyen( ha ngam)?)?|method",
            "Phương án (di chuyển / hạ ngầm)",
            required=False,
        ),
    ),
}
PERSONAL: Final = re.compile(
    r"\b(ho( va)? ten|ten (chu|ho|nguoi|ong|ba|vo|chong)|chu (ho|su dung|so huu|dat|nha)"
    r"|ho (ong|ba|gia dinh|dan)|ong ba"
    r"|nguoi (dung ten|su dung|dai dien|nhan|dan|thua ke|hien)|cccd|cmnd|cmt|can cuoc|chung minh"
    r"|dinh danh|ho chieu|dien thoai|dt lien he|sdt|so dt|dia chi|noi (o|thuong tru)"
    r"|thuong tru|tam tru"
    r"|(so )?tai khoan|stk|so tk|ngan hang|ngay sinh|nam sinh|gioi tinh|email|vo chong|chu ky"
    r"|ky (nhan|ten|xac nhan)|ma so thue|mst|ho khau|nhan khau|dan toc|quan he"
    r"|name|owner|phone|mobile|address|account|bank|identity|id (number|no|card)|birth|passport)\b"
)
COUNTED: Final = re.compile(r"s tt|stt|tt|so tt|so thu tu|thu tu|no|index")
UNIT_PHRASE: Final = re.compile(r"(?:don vi(?: tinh)?|dvt|tinh bang)\b ?(.*)")
_OTHER_AREAS = frozenset({"ha", "hecta", "sao", "mau", "km2", "thuoc"})
UNITS: Final = frozenset({*AREA.units, *MONEY.units, *_OTHER_AREAS})
BRACKETED: Final = UNITS | frozenset(COUNT.units)
"""What is a unit in brackets, where `số cột` is not meant."""
BRACKET: Final = re.compile(r"([(\[]([^)\]]*)[)\]])")
ASIDE: Final = re.compile(r"neu co|\d+|[a-z]|\d+( \d+)+|bat buoc|required")
