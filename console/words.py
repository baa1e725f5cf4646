"""What things are called on the screen: Vietnamese first, English beside it."""

Word = tuple[str, str]
"""Vietnamese, English."""

ROLES: dict[str, Word] = {
    "officer": ("công chức địa chính xã", "commune officer"),
    "chair": ("chủ tịch UBND", "chair of the People's Committee"),
    "council": ("HĐND", "People's Council"),
    "investor": ("chủ đầu tư", "investor"),
    "clearance-board": ("hội đồng GPMB", "clearance board"),
    "infrastructure": ("phòng kinh tế - hạ tầng", "infrastructure division"),
    "finance": ("tài chính", "finance"),
    "planning": ("kế hoạch đầu tư", "planning"),
    "agriculture": ("nông nghiệp", "agriculture"),
    "treasury": ("Kho bạc Nhà nước", "State Treasury"),
    "power-company": ("điện lực", "power company"),
}

TASKS: dict[str, Word] = {
    "submit-dossier": ("trình hồ sơ", "submit dossier"),
    "decide-dossier": ("quyết định hồ sơ", "decide dossier"),
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
    "resume-clock": ("cho tính lại thời gian", "let the clock run again"),
    "start-works": ("khởi công", "start works"),
    "report-progress": ("báo cáo tiến độ", "report progress"),
    "accept-works": ("nghiệm thu", "accept works"),
    "hand-over-to-use": ("đưa vào sử dụng", "hand over to use"),
    "check-payment": ("kiểm tra thanh toán", "check payment"),
    "confirm-treasury": ("kho bạc chi tiền", "confirm payment"),
    "close-accounts": ("tất toán", "close accounts"),
}

IF_IGNORED: dict[str, Word] = {
    "escalates": ("báo cáo cấp trên", "escalates"),
    "overdue-notice": ("nhắc quá hạn", "overdue notice"),
    "works-wait": ("công trình chờ", "works wait"),
    "money-waits": ("tiền chờ", "money waits"),
    "clock-paused": ("đang tạm dừng tính", "clock is paused"),
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
    "Returned": ("trả lại", "returned"),
    "Approved": ("đã duyệt", "approved"),
    "Rejected": ("từ chối", "rejected"),
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
}

CASE_STATUSES: dict[str, Word] = {
    "open": ("chưa hiến", "open"),
    "donated": ("đã hiến", "donated"),
    "inventoried": ("đã kiểm đếm", "inventoried"),
    "support-planned": ("đã duyệt hỗ trợ", "support planned"),
    "paid": ("đã chi trả", "paid"),
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

FIGURES: dict[str, Word] = {
    "allocated": ("bố trí vốn", "allocated"),
    "disbursed": ("giải ngân", "disbursed"),
    "phase": ("dự án", "projects"),
    "payments": ("thanh toán", "payments"),
    "cleared": ("đoạn đủ mặt bằng", "sections cleared"),
    "stalled": ("đoạn chậm", "sections stalled"),
    "escalations": ("đôn đốc đã gửi", "escalations raised"),
    "unanswered": ("chưa trả lời", "not answered"),
}

PAYMENT_KINDS: dict[str, Word] = {
    "advance": ("tạm ứng", "advance"),
    "volume": ("khối lượng", "volume"),
    "compensation": ("hỗ trợ GPMB", "compensation"),
    "final": ("quyết toán", "final"),
}

PAYMENT_STATUSES: dict[str, Word] = {
    "submitted": ("chờ kiểm tra", "submitted"),
    "checked": ("chờ kho bạc", "checked"),
    "paid": ("đã chi", "paid"),
    "refused": ("từ chối", "refused"),
}

WORKS: dict[str, Word] = {
    "road": ("đường", "road"),
    "school": ("trường học", "school"),
    "culture-house": ("nhà văn hóa", "culture house"),
    "health-station": ("trạm y tế", "health station"),
    "lighting": ("chiếu sáng", "lighting"),
    "environment": ("môi trường", "environment"),
}

EVENTS: dict[str, Word] = {
    "ProjectRegistered": ("đăng ký dự án", "project registered"),
    "DossierSubmitted": ("trình hồ sơ", "dossier submitted"),
    "StepOpened": ("chuyển bước", "step opened"),
    "StepApproved": ("đồng ý", "step approved"),
    "DossierApproved": ("phê duyệt hồ sơ", "dossier approved"),
    "DossierReturned": ("trả lại hồ sơ", "dossier returned"),
    "DossierRejected": ("từ chối hồ sơ", "dossier rejected"),
    "StepOverdue": ("quá hạn", "step overdue"),
    "ClearanceOpened": ("mở GPMB", "clearance opened"),
    "ClearancePlanNoted": ("ghi nhận phương án hỗ trợ", "support plan noted"),
    "SectionReleased": ("có mặt bằng", "site released"),
    "AccountsClosed": ("tất toán", "accounts closed"),
    "ContractSigned": ("ký hợp đồng", "contract signed"),
    "WorksStarted": ("khởi công", "works started"),
    "ProgressReported": ("tiến độ", "progress reported"),
    "WorksAccepted": ("nghiệm thu", "works accepted"),
    "HandedOverToUse": ("đưa vào sử dụng", "handed over to use"),
    "PaymentRequested": ("đề nghị thanh toán", "payment requested"),
    "PaymentBooked": ("ghi sổ đã chi", "payment booked"),
    "PaymentDropped": ("bỏ đề nghị", "payment dropped"),
    "ClearanceBegun": ("bắt đầu GPMB", "clearance begun"),
    "SiteHandedOver": ("bàn giao mặt bằng", "site handed over"),
    "CasesRegistered": ("lập hồ sơ hộ", "cases registered"),
    "DonationsRecorded": ("hiến đất", "donations recorded"),
    "DonationWithdrawn": ("rút hiến đất", "donation withdrawn"),
    "OriginConfirmed": ("xác nhận nguồn gốc", "origin confirmed"),
    "InventoryRecorded": ("kiểm đếm", "inventory recorded"),
    "SupportPlanApproved": ("duyệt phương án hỗ trợ", "support plan approved"),
    "SupportPaid": ("chi trả hỗ trợ", "support paid"),
    "LandTakenOver": ("nhận bàn giao đất", "land taken over"),
    "UtilitiesRegistered": ("ghi đường điện", "utilities registered"),
    "RelocationFunded": ("bố trí vốn di chuyển", "relocation funded"),
    "UtilityRelocated": ("đã di chuyển", "utility relocated"),
    "ObstacleRecorded": ("vướng mắc", "obstacle recorded"),
    "ObstacleRemoved": ("đã tháo gỡ", "obstacle removed"),
    "StallDetected": ("chậm tiến độ", "stall detected"),
    "EscalationRaised": ("đôn đốc", "escalation raised"),
    "EscalationAnswered": ("trả lời đôn đốc", "escalation answered"),
    "AnswerOverdue": ("quá hạn trả lời", "answer overdue"),
    "EscalationSnoozed": ("hoãn đôn đốc", "escalation put off"),
    "ClockPaused": ("tạm dừng tính thời gian", "clock paused"),
    "ClockResumed": ("tính lại thời gian", "clock resumed"),
    "ClearancePlanned": ("lập kế hoạch GPMB", "clearance planned"),
    "PaymentSubmitted": ("nhận đề nghị", "payment submitted"),
    "PaymentChecked": ("kiểm tra xong", "payment checked"),
    "PaymentRefused": ("từ chối thanh toán", "payment refused"),
    "PaymentPaid": ("kho bạc đã chi", "payment paid"),
    "ProgrammeRegistered": ("đăng ký chương trình", "programme registered"),
    "CohortRegistered": ("đăng ký đợt", "cohort registered"),
    "CommunesSelected": ("chọn xã", "communes selected"),
    "CapitalAllocated": ("bố trí vốn", "capital allocated"),
    "CapitalReserved": ("giữ vốn", "capital reserved"),
    "CapitalReleased": ("trả vốn đã giữ", "capital released"),
    "CapitalDisbursed": ("giải ngân", "capital disbursed"),
    "DecisionRefused": ("từ chối quyết định", "decision refused"),
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

BREAKS: dict[str, Word] = {
    "position": ("thiếu vị trí", "the log lacks position"),
    "version": ("chuỗi đứt, phải là bản", "the stream is broken, expected version"),
    "form": ("nội dung không phải của hệ thống", "holds what no event of ours can hold"),
    "hash": ("nội dung không khớp mã băm", "is not what its hash says"),
    "undecided": ("không có quyết định", "belongs to no known decision:"),
    "decided-twice": ("quyết định xuất hiện hai lần", "repeats the decision"),
    "lost": ("mất sự kiện của quyết định", "lacks the event of decision"),
    "signature": ("chữ ký không đúng", "a checkpoint is not what was signed:"),
    "replaced": ("dòng không khớp chữ ký", "a checkpoint is not what its note says:"),
    "root": ("khác điểm chốt", "differs from the checkpoint"),
    "cut": ("ngắn hơn điểm chốt", "is shorter than the checkpoint"),
    "contradiction": ("các điểm chốt mâu thuẫn", "checkpoints contradict each other:"),
}
"""Where the log is not what it was; what follows is the detail."""


def said(words: dict[str, Word], key: str) -> str:
    """Both names on one line; a key without a name stands for itself."""
    vietnamese, english = words.get(key, (key, key))
    return vietnamese if vietnamese == english else f"{vietnamese} · {english}"
