"""What the fields of an event, and the terms in them, are called on the screen."""

from enum import StrEnum
from typing import TypeVar

from console import money_words, words
from console.words import Word
from domain.bookkeeping import Purpose
from domain.cases import CaseStatus, DepositGround, DonationBasis, Route, SwitchCause
from domain.ceilings import Tier
from domain.contract import Exemption
from domain.difference import Figure
from domain.law import Criterion, Proposal, Trigger
from domain.obstacles import Means
from domain.phase import Phase
from domain.question import Status
from domain.quorum import Say
from domain.recognition import Stage
from domain.stall import PauseCause
from domain.utilities import Method
from domain.values import Cause, DossierKind, Extent, Land, Outcome, Payer, PaymentKind, Role
from domain.waits import IfIgnored, Task

Entry = TypeVar("Entry")

FIELDS: dict[str, Word] = {
    "about": ("về", "about"),
    "above": ("cấp trên", "above"),
    "addressee": ("gửi", "to"),
    "amount": ("số tiền", "amount"),
    "answer": ("trả lời", "answer"),
    "answer_due": ("hạn trả lời", "answer due"),
    "asked_by": ("người hỏi", "asked by"),
    "awaits": ("chờ", "awaits"),
    "balance": ("số dư", "balance"),
    "base_communes": ("số xã ban đầu", "communes at first"),
    "basis": ("căn cứ", "basis"),
    "because": ("vì", "because"),
    "before": ("trước đó", "before"),
    "blocks": ("làm vướng", "blocks"),
    "bond": ("bảo lãnh", "bond"),
    "budget_year": ("năm vốn", "budget year"),
    "by": ("người quyết định", "by"),
    "candidates": ("các xã đề xuất", "candidates"),
    "case": ("hộ", "case"),
    "cases": ("các hộ", "cases"),
    "cash": ("tiền chi", "cash"),
    "cause": ("nguyên nhân", "cause"),
    "ceiling": ("mức tối đa", "ceiling"),
    "ceilings": ("mức tối đa", "ceilings"),
    "checker": ("người kiểm tra", "checker"),
    "chosen": ("được chọn", "chosen"),
    "cohort": ("đợt", "cohort"),
    "command": ("lệnh", "command"),
    "commune": ("xã", "commune"),
    "communes": ("các xã", "communes"),
    "complete": ("hoàn thành", "complete"),
    "completes_on": ("xong ngày", "completes on"),
    "concerns": ("liên quan", "concerns"),
    "contractor": ("nhà thầu", "contractor"),
    "copies": ("đồng gửi", "copies to"),
    "corrects": ("sửa đề nghị", "corrects"),
    "covers": ("hoãn việc", "covers"),
    "deferred": ("số xã hoãn", "deferred"),
    "delegation": ("giấy ủy quyền", "delegation"),
    "directive": ("văn bản chỉ đạo", "directive"),
    "document": ("văn bản", "document"),
    "dossier": ("hồ sơ", "dossier"),
    "draws": ("lấy từ phần vốn", "draws on"),
    "due": ("hạn", "due"),
    "dues": ("các hạn", "due"),
    "ends_on": ("đến ngày", "ends on"),
    "escalated_to": ("báo cáo", "escalated to"),
    "estimate": ("dự toán", "estimate"),
    "evidence": ("bằng chứng", "evidence"),
    "exempt": ("được miễn bảo lãnh vì", "exempt for"),
    "extent": ("bàn giao", "extent"),
    "fingerprint": ("mã khóa", "fingerprint"),
    "first": ("từ ngày", "from"),
    "gone": ("vướng mắc đã hết", "gone"),
    "ground": ("lý do", "ground"),
    "guarantee": ("bảo lãnh", "guarantee"),
    "holder": ("đang ở", "with"),
    "how": ("cách gỡ", "how"),
    "into": ("gộp vào", "into"),
    "item": ("khoản", "item"),
    "kept": ("giữ ý kiến đồng ý ở bước", "kept approvals"),
    "key": ("khóa", "key"),
    "lane": ("người xét", "lane"),
    "lapsed": ("phần vốn đã hết hạn", "lapsed"),
    "last": ("đến hết ngày", "to the end of"),
    "left": ("số sự kiện còn lại", "events left"),
    "level": ("bậc", "rung"),
    "levels": ("các cấp", "levels"),
    "lines": ("các dòng", "lines"),
    "means": ("hết nhờ", "by way of"),
    "milestones": ("các mốc", "milestones"),
    "minutes": ("biên bản", "minutes"),
    "name": ("tên", "name"),
    "names": ("nêu tên", "names"),
    "number": ("số", "number"),
    "numbers": ("số hiệu cột", "pole numbers"),
    "obstacle": ("vướng mắc", "obstacle"),
    "obstacles": ("các vướng mắc", "obstacles"),
    "of": ("của", "of"),
    "official": ("cán bộ", "official"),
    "old": ("khóa cũ", "old key"),
    "on": ("ngày", "on"),
    "opinion": ("ý kiến", "opinion"),
    "ordinal": ("lần", "acceptance"),
    "overlap": ("khóa cũ còn dùng đến", "old key until"),
    "owner": ("người gỡ", "owner"),
    "panel": ("các bên xét", "panel"),
    "payable_until": ("được chi đến", "payable until"),
    "payer": ("bên chi", "payer"),
    "payment": ("đề nghị thanh toán", "payment"),
    "payment_kind": ("loại", "kind"),
    "percent": ("đạt, %", "percent"),
    "places": ("xếp hạng", "places"),
    "poles": ("số cột", "poles"),
    "post": ("chức danh", "post"),
    "project": ("dự án", "project"),
    "projects": ("các dự án", "projects"),
    "proposal": ("đề nghị", "proposal"),
    "proposes": ("kiến nghị", "proposes"),
    "question": ("kiến nghị", "question"),
    "questions": ("các kiến nghị", "questions"),
    "reached_at": ("đến bậc ngày", "reached"),
    "reason": ("lý do", "reason"),
    "reasons": ("các lý do", "reasons"),
    "record": ("mã sổ", "record"),
    "recovers": ("thu hồi tạm ứng", "recovers"),
    "registrar": ("người giữ sổ", "registrar"),
    "registrars": ("những người giữ sổ", "registrars"),
    "reminds": ("nhắc lại", "reminds"),
    "reply_due": ("hạn phúc đáp", "reply due"),
    "reserved": ("đã giữ vốn", "reserved"),
    "round": ("vòng", "round"),
    "rule": ("quy tắc", "rule"),
    "say": ("ý kiến", "says"),
    "section": ("đoạn", "section"),
    "shares": ("phần của từng nơi", "shares"),
    "since": ("từ ngày", "since"),
    "size": ("số xã", "size"),
    "small": ("đất còn lại quá nhỏ", "small remainder"),
    "small_accepted": ("chấp nhận đất còn lại nhỏ", "small remainder accepted"),
    "source": ("nguồn vốn", "source"),
    "stage": ("bước", "stage"),
    "stalled_since": ("chậm từ ngày", "stalled since"),
    "starts_on": ("từ ngày", "starts on"),
    "step": ("bước", "step"),
    "taken": ("lấy từ", "taken from"),
    "targets": ("chỉ tiêu", "targets"),
    "task": ("việc", "task"),
    "text": ("nội dung", "text"),
    "timeline": ("dòng thời gian PostgreSQL", "timeline"),
    "to": ("chuyển sang", "to"),
    "told": ("báo cho", "told"),
    "total_investment": ("tổng mức", "total investment"),
    "treasury": ("kho bạc", "treasury"),
    "turn_of": ("đến lượt", "turn of"),
    "until": ("đến hết ngày", "to the end of"),
    "utilities": ("các đường điện", "power lines"),
    "utility": ("đường điện", "power line"),
    "valid_from": ("hiệu lực từ", "valid from"),
    "valid_to": ("hiệu lực đến", "valid to"),
    "voided": ("mất hiệu lực", "voided"),
    "volume": ("giá trị nghiệm thu", "volume"),
    "waited_for": ("chờ", "waited for"),
    "waits": ("hồ sơ chờ", "waits"),
    "was": ("trước đó", "was"),
    "why_deferred": ("hoãn vì", "why deferred"),
    "working_days": ("số ngày làm việc", "working days"),
    "works": ("công trình", "works"),
    "worth": ("giá trị", "worth"),
    "year": ("năm", "year"),
    "DossierReturned.to": ("trả về bước", "to step"),
    "OpinionAsked.question": ("câu hỏi", "question"),
    "PersuasionBegun.to": ("để", "for"),
}
"""By a field's own name, or by its event's and its own where that alone would not say enough."""

BASES: dict[str, Word] = {
    "deed": ("văn bản tặng cho", "deed of gift"),
    "minutes": ("biên bản họp thôn", "minutes of the hamlet"),
}

SWITCHES: dict[str, Word] = {
    "remainder-too-small": ("đất còn lại quá nhỏ", "remainder too small"),
    "donated-area-large": ("diện tích hiến lớn", "donated area large"),
    "land-value-high": ("giá trị đất cao", "land value high"),
    "declined": ("hộ không hiến", "household declined"),
    "agreed": ("hộ đồng ý hiến", "household agreed"),
}

DEPOSITS: dict[str, Word] = {
    "refused": ("hộ không nhận", "household refused it"),
    "disputed": ("đang tranh chấp", "in dispute"),
}

MEANS: dict[str, Word] = {
    "reported": ("báo cáo đã gỡ", "a report"),
    "funding": ("bố trí vốn", "funding"),
    "relocation": ("di chuyển", "relocation"),
    "directive": ("chỉ đạo", "a directive"),
}

CHAIN_STEPS: dict[str, Word] = {
    "appraise": ("thẩm định", "appraise"),
    "approve": ("phê duyệt", "approve"),
    "decide": ("quyết định", "decide"),
    "verify": ("thẩm tra", "verify"),
}
"""The steps of the chains that are shipped; a step of somebody's own keeps its name."""

NAMED: dict[str, dict[str, Word]] = {
    "kept": CHAIN_STEPS,
    "stage": {"report": ("báo cáo", "report"), "decide": ("chỉ đạo", "decide")},
    "step": CHAIN_STEPS,
    "DossierReturned.to": CHAIN_STEPS,
    "DossierReturned.voided": CHAIN_STEPS,
    "PersuasionBegun.to": {
        "inventory": ("kiểm đếm", "inventory"),
        "hand-over": ("bàn giao đất", "hand-over"),
    },
}
"""The terms of a field whose text is one of few, by the field's name as above."""

TERMS: dict[type[StrEnum], dict[str, Word]] = {
    CaseStatus: words.CASE_STATUSES,
    Cause: words.CAUSES,
    Criterion: words.CRITERIA,
    DepositGround: DEPOSITS,
    DonationBasis: BASES,
    DossierKind: words.DOSSIERS,
    Exemption: money_words.EXEMPTIONS,
    Extent: words.EXTENTS,
    Figure: money_words.FIGURES,
    IfIgnored: words.IF_IGNORED,
    Land: words.LANDS,
    Means: MEANS,
    Method: words.METHODS,
    Outcome: words.OUTCOMES,
    PauseCause: words.PAUSE_CAUSES,
    Payer: words.PAYERS,
    PaymentKind: money_words.PAYMENT_KINDS,
    Phase: words.PHASES,
    Proposal: words.PROPOSALS,
    Purpose: money_words.PURPOSES,
    Role: words.ROLES,
    Route: words.ROUTES,
    Say: words.SAYS,
    Stage: words.RECOGNITIONS,
    Status: words.QUESTION_STATUSES,
    SwitchCause: SWITCHES,
    Task: words.TASKS,
    Tier: money_words.TIERS,
    Trigger: words.TRIGGERS,
}
"""The terms of the domain by the form that they have in it."""


def of(table: dict[str, Entry], event: str, field: str) -> Entry | None:
    """What a table holds for a field: under its event's name and its own, or its own alone."""
    return table.get(f"{event}.{field}", table.get(field))
