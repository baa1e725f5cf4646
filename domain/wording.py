"""What a case's own terms are called, in Vietnamese and in English: on every screen alike."""

Word = tuple[str, str]
"""Vietnamese, English."""

TASKS: dict[str, Word] = {
    "submit-dossier": ("trình hồ sơ", "submit dossier"),
    "decide-dossier": ("giải quyết hồ sơ", "decide dossier"),
    "give-opinion": ("cho ý kiến", "give an opinion"),
    "sign-contract": ("ký hợp đồng", "sign contract"),
    "open-clearance": ("mở GPMB", "open clearance"),
    "register-cases": ("lập hồ sơ hộ", "register cases"),
    "agree-donation": ("vận động hiến đất", "agree donation"),
    "confirm-origin": ("xác nhận nguồn gốc đất", "confirm land origin"),
    "take-inventory": ("kiểm đếm", "take inventory"),
    "approve-support-plan": ("duyệt phương án hỗ trợ", "approve support plan"),
    "pay-support": ("chi trả hỗ trợ", "pay support"),
    "take-over-land": ("nhận bàn giao đất", "take over land"),
    "decide-relocation-funding": ("bố trí vốn di chuyển", "decide relocation funding"),
    "relocate-utility": ("di chuyển đường điện", "relocate utility"),
    "remove-obstacle": ("tháo gỡ vướng mắc", "remove obstacle"),
    "hand-over-site": ("bàn giao mặt bằng", "hand over site"),
    "answer-escalation": ("trả lời đôn đốc", "answer escalation"),
    "reply": ("trả lời văn bản", "reply to the request"),
    "resume-clock": ("cho tính tiếp thời gian", "let the clock run again"),
    "start-works": ("khởi công", "start works"),
    "report-progress": ("báo cáo tiến độ", "report progress"),
    "accept-works": ("nghiệm thu", "accept works"),
    "hand-over-to-use": ("đưa vào sử dụng", "hand over to use"),
    "check-payment": ("kiểm tra thanh toán", "check payment"),
    "confirm-treasury": ("Kho bạc chi tiền", "confirm payment"),
    "close-accounts": ("tất toán", "close accounts"),
    "recover-advance": ("thu hồi tạm ứng", "recover the advance"),
    "call-in-advance": ("thu hồi tạm ứng quá hạn", "call in the advance"),
    "surrender-advance": ("nộp tạm ứng về ngân sách", "give the advance back to the budget"),
    "extend-guarantee": ("gia hạn bảo lãnh", "extend the guarantee"),
    "return-overpaid": ("thu hồi số chi vượt", "return what was overpaid"),
    "release-retention": ("trả tiền giữ lại bảo hành", "release the retention"),
    "accept-restore": ("chấp nhận sổ sự kiện đã phục hồi", "accept the restored record"),
    "report-question": ("tổng hợp kiến nghị", "report question"),
    "decide-question": ("trả lời kiến nghị", "decide question"),
    "settle-remainder": ("giải quyết phần đất còn lại", "settle what is left"),
    "post-plan": ("niêm yết phương án", "post the plan"),
    "hold-meeting": ("họp với người có đất", "hold the meeting"),
    "issue-recovery-notice": ("thông báo thu hồi đất", "issue recovery notice"),
    "hold-dialogue": ("đối thoại", "hold the dialogue"),
    "decide-recovery": ("quyết định thu hồi đất", "decide recovery"),
    "carry-out-coercion": ("thực hiện cưỡng chế", "carry out coercion"),
    "confirm-enrolment": ("xác nhận khóa của cán bộ", "confirm an official's key"),
    "confirm-appointment": ("xác nhận bổ nhiệm", "confirm an appointment"),
}

IF_IGNORED: dict[str, Word] = {
    "escalates": ("báo cáo cấp trên", "escalates"),
    "overdue-notice": ("nhắc quá hạn", "overdue notice"),
    "decided-without": ("quyết định không chờ ý kiến", "decided without it"),
    "works-wait": ("công trình chờ", "works wait"),
    "money-waits": ("tiền chờ", "money waits"),
    "called-in": ("phải thu hồi tạm ứng", "the advance is called in"),
    "to-budget": ("nộp về ngân sách", "goes back to the budget"),
    "unsecured": ("tạm ứng không còn bảo lãnh", "the advance is unsecured"),
    "made-public": ("bị công khai chậm quyết toán", "named among late investors"),
    "everything-waits": ("không ghi được gì", "nothing can be recorded"),
    "power-waits": ("người đó chưa quyết định được", "they cannot decide yet"),
    "clock-paused": ("đang tạm dừng", "clock is paused"),
    "stays-with-the-city": ("chờ UBND thành phố", "stays with the city"),
}

PHASES: dict[str, Word] = {
    "approval": ("chuẩn bị đầu tư", "approval"),
    "clearance": ("giải phóng mặt bằng", "clearance"),
    "construction": ("thi công", "construction"),
    "settlement": ("quyết toán", "settlement"),
    "closed": ("đã tất toán", "closed"),
    "rejected": ("bị từ chối", "rejected"),
}

DOSSIERS: dict[str, Word] = {
    "investment-policy": ("chủ trương đầu tư", "investment policy"),
    "project": ("quyết định đầu tư", "project"),
    "settlement": ("quyết toán", "settlement"),
}

DOSSIER_STATES: dict[str, Word] = {
    "UnderReview": ("đang xét", "under review"),
    "Returned": ("đã trả lại", "returned"),
    "Approved": ("đã duyệt", "approved"),
    "Rejected": ("đã từ chối", "rejected"),
}

CAUSES: dict[str, Word] = {
    "land-value-high": ("giá trị đất cao", "land value high"),
    "donated-area-large": ("diện tích hiến lớn", "donated area large"),
    "remainder-too-small": ("diện tích còn lại nhỏ", "remainder too small"),
    "land-origin-unclear": ("nguồn gốc đất chưa rõ", "land origin unclear"),
    "structure-plan-missing": ("chưa có phương án vật kiến trúc", "no plan for structures"),
    "power-line-lv": ("cột điện hạ thế", "low-voltage poles"),
    "power-line-mv": ("cột điện trung thế", "medium-voltage poles"),
    "no-relocation-funding": ("chưa có vốn di chuyển", "no relocation funding"),
    "land-procedure": ("thủ tục đất đai", "land procedure"),
    "permit": ("giấy phép", "permit"),
    "material-price": ("giá vật liệu", "price of materials"),
    "weather": ("thời tiết", "weather"),
    "contractor-capacity": ("năng lực nhà thầu", "contractor's capacity"),
}

QUESTION_STATUSES: dict[str, Word] = {
    "raised": ("Sở đang tổng hợp", "with the department"),
    "returned": ("đã trả lại Sở", "returned"),
    "reported": ("chờ UBND thành phố", "with the city"),
    "answered": ("đã có chỉ đạo", "answered"),
    "merged": ("đã gộp", "merged"),
    "withdrawn": ("đã rút", "withdrawn"),
}

OUTCOMES: dict[str, Word] = {
    "removes": ("tháo gỡ", "removes"),
    "releases": ("cho làm, có điều kiện", "releases, on conditions"),
    "refuses": ("không chấp thuận", "refuses"),
}

CASE_STATUSES: dict[str, Word] = {
    "open": ("chưa đồng thuận", "open"),
    "donated": ("đã hiến", "donated"),
    "notified": ("đã thông báo thu hồi", "notified"),
    "inventoried": ("đã kiểm đếm", "inventoried"),
    "posted": ("đã niêm yết", "posted"),
    "support-planned": ("đã duyệt hỗ trợ", "support planned"),
    "paid": ("đã chi trả", "paid"),
    "deposited": ("đã gửi ngân hàng", "deposited"),
    "handed-over": ("đã bàn giao", "handed over"),
}

RELOCATIONS: dict[str, Word] = {
    "unfunded": ("chưa có vốn", "unfunded"),
    "funded": ("đã có vốn", "funded"),
    "done": ("đã di chuyển", "relocated"),
}

STAGES: dict[str, Word] = {
    "planned": ("chưa bắt đầu", "planned"),
    "clearing": ("đang GPMB", "clearing"),
    "started": ("đang thi công", "started"),
    "accepted": ("đã nghiệm thu", "accepted"),
}

EXTENTS: dict[str, Word] = {
    "partial": ("một phần", "partial"),
    "full": ("toàn bộ", "full"),
    "none": ("chưa", "not yet"),
}

TRIGGERS: dict[str, Word] = {
    "no-progress": ("không có tiến triển", "no progress"),
    "below-plan": ("chưa đạt kế hoạch tháng", "below the month's plan"),
    "step-overdue": ("quá hạn bước", "step past its deadline"),
    "notice-expiring": ("thông báo sắp hết hiệu lực", "notice about to lapse"),
}

PAUSE_CAUSES: dict[str, Word] = {
    "coercion-blackout": ("thời gian không được cưỡng chế", "coercion blackout"),
    "awaiting-reply": ("chờ cơ quan khác trả lời", "awaiting another body's reply"),
    "force-majeure": ("bất khả kháng", "force majeure"),
}

PAYMENT_KINDS: dict[str, Word] = {
    "advance": ("tạm ứng", "advance"),
    "volume": ("khối lượng", "volume"),
    "compensation": ("bồi thường, hỗ trợ", "compensation"),
    "final": ("quyết toán", "final"),
    "compensation-advance": ("tạm ứng bồi thường", "compensation advance"),
    "other-advance": ("tạm ứng không hợp đồng", "other advance"),
    "other": ("không qua hợp đồng", "other work"),
    "retention": ("tiền giữ lại", "retention"),
}

PAYMENT_STATUSES: dict[str, Word] = {
    "submitted": ("chờ kiểm tra", "submitted"),
    "checked": ("chờ Kho bạc", "checked"),
    "paid": ("đã chi", "paid"),
    "refused": ("đã từ chối", "refused"),
}


def said(words: dict[str, Word], key: str) -> str:
    """Both names on one line; a key without a name stands for itself."""
    vietnamese, english = words.get(key, (key, key))
    return vietnamese if vietnamese == english else f"{vietnamese} · {english}"


def dong(amount: int) -> str:
    """Money on a page that both languages share: grouped as in Vietnam, whose money it is."""
    return f"{amount:,} đồng".replace(",", ".")
