"""What things are called on the screen, in Vietnamese and in English."""

# ruff: noqa: PLC0414  # names that others look up here

from domain.wording import CASE_STATUSES as CASE_STATUSES
from domain.wording import CAUSES as CAUSES
from domain.wording import DOSSIER_STATES as DOSSIER_STATES
from domain.wording import DOSSIERS as DOSSIERS
from domain.wording import EXTENTS as EXTENTS
from domain.wording import IF_IGNORED as IF_IGNORED
from domain.wording import OUTCOMES as OUTCOMES
from domain.wording import PAUSE_CAUSES as PAUSE_CAUSES
from domain.wording import PHASES as PHASES
from domain.wording import QUESTION_STATUSES as QUESTION_STATUSES
from domain.wording import RELOCATIONS as RELOCATIONS
from domain.wording import STAGES as STAGES
from domain.wording import TASKS as TASKS
from domain.wording import TRIGGERS as TRIGGERS
from domain.wording import Word as Word
from language.catalogue import pick


def said(words: dict[str, Word], key: str) -> str:
    """The name of a term in the reader's language; a key without a name stands for itself."""
    return pick(words.get(key, (key, key)))


ROLES: dict[str, Word] = {
    "officer": ("công chức địa chính xã", "commune officer"),
    "chair": ("chủ tịch UBND", "chair of the People's Committee"),
    "council": ("HĐND", "People's Council"),
    "investor": ("chủ đầu tư", "investor"),
    "clearance-board": ("hội đồng bồi thường GPMB", "clearance board"),
    "infrastructure": ("phòng kinh tế và hạ tầng", "infrastructure division"),
    "finance": ("cơ quan tài chính", "finance"),
    "planning": ("cơ quan kế hoạch và đầu tư", "planning"),
    "agriculture": ("cơ quan nông nghiệp", "agriculture"),
    "treasury": ("Kho bạc Nhà nước", "State Treasury"),
    "power-company": ("công ty điện lực", "power company"),
    "registrar": ("người giữ sổ cán bộ", "registrar of officials"),
    "system": ("hệ thống", "the system"),
}

STATION_STATES: dict[str, Word] = {
    "approved": ("đã duyệt", "approved"),
    "open": ("đang xét", "open"),
    "to-come": ("chưa đến", "to come"),
}

RUNS: dict[str, Word] = {
    "running": ("đang chạy", "running"),
    "completed": ("đã xong", "completed"),
    "failed": ("lỗi", "failed"),
    "canceled": ("đã hủy", "canceled"),
    "terminated": ("bị dừng hẳn", "terminated"),
    "continued_as_new": ("chạy tiếp lần mới", "continued as new"),
    "timed_out": ("hết giờ", "timed out"),
    "paused": ("tạm dừng", "paused"),
    "unspecified": ("không rõ", "unknown"),
}
"""How Temporal has a workflow."""

SIGNINGS: dict[str, Word] = {
    "individual": ("cá nhân", "individual"),
    "collective": ("tập thể, TM.", "collective"),
}

SAYS: dict[str, Word] = {
    "approve": ("đồng ý", "yes"),
    "reject": ("không đồng ý", "no"),
    "abstain": ("không biểu quyết", "abstains"),
}

LANDS: dict[str, Word] = {
    "residential": ("đất ở", "residential land"),
    "agricultural": ("đất nông nghiệp", "agricultural land"),
    "other": ("đất khác", "other land"),
}

PAYERS: dict[str, Word] = {
    "city-budget": ("ngân sách thành phố", "city budget"),
    "programme": ("vốn chương trình NTM", "programme"),
    "district-budget": ("ngân sách huyện", "district budget"),
    "power-company": ("công ty điện lực", "power company"),
    "other": ("nguồn khác", "other"),
}

METHODS: dict[str, Word] = {
    "relocation": ("di chuyển", "relocation"),
    "undergrounding": ("hạ ngầm", "undergrounding"),
}

ROUTES: dict[str, Word] = {
    "donation": ("hiến đất", "donation"),
    "recovery": ("thu hồi đất", "recovery"),
}

STEPS: dict[str, Word] = {
    "needed": ("phải giải phóng", "needed"),
    "agreed": ("đồng thuận", "agreed"),
    "inventoried": ("kiểm đếm", "inventoried"),
    "posted": ("niêm yết", "posted"),
    "approved": ("duyệt phương án", "approved"),
    "paid": ("chi trả", "paid"),
    "handed-over": ("bàn giao", "handed over"),
}
"""How far cases have come, as weekly reports count them."""

LIMITS: dict[str, Word] = {
    "notice": ("thông báo thu hồi đất hết hiệu lực", "recovery notice lapses"),
    "plan-approval": ("duyệt phương án", "approve the plan"),
    "dialogue": ("đối thoại", "dialogue"),
    "payment": ("chi trả", "pay"),
    "recovery-decision": ("quyết định thu hồi đất", "decide recovery"),
    "hand-over": ("bàn giao đất", "hand over"),
    "utility": ("di chuyển đường điện", "power line"),
}
"""Limits that run in a section."""

WORKS: dict[str, Word] = {
    "road": ("đường", "road"),
    "school": ("trường học", "school"),
    "culture-house": ("nhà văn hóa", "culture house"),
    "health-station": ("trạm y tế", "health station"),
    "lighting": ("chiếu sáng", "lighting"),
    "environment": ("môi trường", "environment"),
}

PROPOSALS: dict[str, Word] = {
    "transfer-capital": ("điều chuyển vốn", "transfer the capital"),
    "change-route": ("điều chỉnh tuyến", "change the route"),
}

DAY_KINDS: dict[str, Word] = {
    "working": ("ngày làm việc", "working day"),
    "swapped": ("làm bù, là ngày làm việc", "swapped, a working day"),
    "weekend": ("nghỉ cuối tuần", "weekend"),
    "day-off": ("nghỉ lễ", "day off"),
    "paused": ("tạm dừng, không tính", "paused, not counted"),
    "snoozed": ("được hoãn, không tính", "put off, not counted"),
}

LIMIT_UNITS: dict[str, Word] = {
    "days": ("ngày", "days"),
    "working-days": ("ngày làm việc", "working days"),
    "months": ("tháng", "months"),
    "half-months": ("nửa tháng", "half months"),
}

RECOGNITIONS: dict[str, Word] = {
    "self-assessed": ("tự đánh giá", "self-assessed"),
    "verified": ("đã thẩm tra", "verified"),
    "appraised": ("đã thẩm định", "appraised"),
    "recognised": ("đã công nhận", "recognised"),
}

CRITERIA: dict[str, Word] = {
    "becoming-urban": ("lên đô thị", "becoming urban"),
    "advanced": ("nâng cao", "advanced"),
    "land-ready": ("mặt bằng", "land ready"),
    "own-contribution": ("đóng góp", "own contribution"),
    "waited": ("đã chờ", "waited"),
}

WEEKDAYS: tuple[Word, ...] = (
    ("T2", "Mon"),
    ("T3", "Tue"),
    ("T4", "Wed"),
    ("T5", "Thu"),
    ("T6", "Fri"),
    ("T7", "Sat"),
    ("CN", "Sun"),
)
"""From Monday on."""
