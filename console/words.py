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
    "accept-restore": ("chấp nhận bản ghi đã phục hồi", "accept the restored record"),
    "report-question": ("tổng hợp kiến nghị", "report question"),
    "decide-question": ("trả lời kiến nghị", "decide question"),
    "settle-remainder": ("giải quyết phần đất còn lại", "settle what is left"),
    "post-plan": ("niêm yết phương án", "post the plan"),
    "hold-meeting": ("họp dân", "hold the meeting"),
    "issue-recovery-notice": ("thông báo thu hồi", "issue recovery notice"),
    "hold-dialogue": ("đối thoại", "hold the dialogue"),
    "decide-recovery": ("quyết định thu hồi", "decide recovery"),
    "carry-out-coercion": ("thực hiện cưỡng chế", "carry out coercion"),
}

IF_IGNORED: dict[str, Word] = {
    "escalates": ("báo cáo cấp trên", "escalates"),
    "overdue-notice": ("nhắc quá hạn", "overdue notice"),
    "works-wait": ("công trình chờ", "works wait"),
    "money-waits": ("tiền chờ", "money waits"),
    "everything-waits": ("không ghi được gì", "nothing can be recorded"),
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
    "land-procedure": ("thủ tục đất đai", "land procedure"),
    "permit": ("giấy phép", "permit"),
    "material-price": ("giá vật liệu", "price of materials"),
    "weather": ("thời tiết", "weather"),
    "contractor-capacity": ("năng lực nhà thầu", "contractor's capacity"),
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
    "power-company": ("điện lực", "power company"),
    "other": ("nguồn khác", "other"),
}

METHODS: dict[str, Word] = {
    "relocation": ("di chuyển", "relocation"),
    "undergrounding": ("hạ ngầm", "undergrounding"),
}

QUESTION_STATUSES: dict[str, Word] = {
    "raised": ("Sở đang tổng hợp", "with the department"),
    "returned": ("trả lại Sở", "returned"),
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
    "deposited": ("tiền gửi ngân hàng", "deposited"),
    "handed-over": ("đã bàn giao", "handed over"),
}

ROUTES: dict[str, Word] = {
    "donation": ("hiến đất", "donation"),
    "recovery": ("thu hồi", "recovery"),
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
    "notice": ("thông báo thu hồi hết hiệu lực", "recovery notice lapses"),
    "plan-approval": ("duyệt phương án", "approve the plan"),
    "dialogue": ("đối thoại", "dialogue"),
    "payment": ("chi trả", "pay"),
    "recovery-decision": ("quyết định thu hồi", "decide recovery"),
    "hand-over": ("bàn giao đất", "hand over"),
}
"""Limits that run in a section."""

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

PURPOSES: dict[str, Word] = {
    "budget": ("nguồn ngân sách", "budget"),
    "plan": ("kế hoạch vốn còn lại", "plan, free"),
    "reserved": ("vốn giữ cho đề nghị", "reserved"),
    "expired": ("vốn đã huỷ", "expired"),
    "treasury": ("kho bạc đã chi, chưa ghi", "treasury, in transit"),
    "advance": ("tạm ứng chưa thu hồi", "advances not recovered"),
    "volume": ("thanh toán khối lượng hoàn thành", "paid for volume"),
    "compensation": ("hỗ trợ, bồi thường", "compensation"),
    "final": ("thanh toán sau quyết toán", "final payments"),
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
    "ObstacleReassigned": ("giao người khác gỡ", "obstacle reassigned"),
    "ObstaclesReferred": ("chờ kiến nghị", "obstacles wait for a question"),
    "ObstaclesRecalled": ("thôi chờ kiến nghị", "obstacles wait no more"),
    "DirectiveReceived": ("nhận chỉ đạo", "directive received"),
    "EstimateRevised": ("sửa dự toán", "estimate revised"),
    "RelocationScheduled": ("lịch di chuyển", "relocation scheduled"),
    "PolesMoved": ("di chuyển một số cột", "poles moved"),
    "QuestionRaised": ("kiến nghị", "question raised"),
    "QuestionsConsolidated": ("gộp kiến nghị", "questions consolidated"),
    "QuestionMerged": ("đã gộp vào kiến nghị khác", "question merged"),
    "QuestionJoined": ("nhận kiến nghị gộp", "question joined"),
    "QuestionReported": ("báo cáo UBND thành phố", "question reported"),
    "QuestionReturned": ("yêu cầu bổ sung", "question returned"),
    "DirectiveIssued": ("ban hành chỉ đạo", "directive issued"),
    "QuestionWithdrawn": ("rút kiến nghị", "question withdrawn"),
    "QuestionOverdue": ("kiến nghị quá hạn", "question overdue"),
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
    "CapitalAdded": ("bổ sung vốn", "capital added"),
    "CapitalAdjusted": ("điều chuyển vốn", "capital moved"),
    "CapitalCarriedOver": ("kéo dài vốn", "capital carried over"),
    "CapitalExpired": ("huỷ vốn hết hạn", "capital written off"),
    "CapitalReserved": ("giữ vốn", "capital reserved"),
    "CapitalReleased": ("trả vốn đã giữ", "capital released"),
    "CapitalDisbursed": ("giải ngân", "capital disbursed"),
    "DecisionRefused": ("từ chối quyết định", "decision refused"),
    "RestoreFound": ("bản ghi đã bị phục hồi về trước", "record found restored"),
    "RestoreAccepted": ("chấp nhận phục hồi", "restore accepted"),
    "RouteSwitched": ("chuyển hình thức", "route switched"),
    "OriginDisputed": ("tranh chấp nguồn gốc", "origin disputed"),
    "PlanPosted": ("niêm yết phương án", "plan posted"),
    "SupportDeposited": ("gửi tiền ngân hàng", "support deposited"),
    "SupportRepaid": ("hộ trả lại tiền", "support repaid"),
    "MeetingHeld": ("họp dân", "meeting held"),
    "RecoveryNoticeIssued": ("thông báo thu hồi", "recovery notice issued"),
    "EarlyConsentRecorded": ("đồng ý thu hồi sớm", "early consent recorded"),
    "PersuasionBegun": ("vận động, thuyết phục", "persuasion begun"),
    "CompulsoryInventoryDecided": ("kiểm đếm bắt buộc", "compulsory inventory decided"),
    "DialogueHeld": ("đối thoại", "dialogue held"),
    "RecoveryDecided": ("quyết định thu hồi", "recovery decided"),
    "CoercionDecided": ("quyết định cưỡng chế", "coercion decided"),
    "ComplianceRecorded": ("hộ chấp hành", "compliance recorded"),
    "CoercionCarriedOut": ("đã cưỡng chế", "coercion carried out"),
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
    "restored": ("bị phục hồi về trước, chưa chấp nhận", "was restored, and nobody accepted it"),
    "contradiction": ("các điểm chốt mâu thuẫn", "checkpoints contradict each other:"),
}
"""Where the log is not what it was; what follows is the detail."""


CHANNELS: dict[str, Word] = {
    "drop": ("thư mục", "folder"),
    "mail": ("thư điện tử", "mail"),
    "webhook": ("webhook", "webhook"),
}

DELIVERIES: dict[str, Word] = {
    "waiting": ("chờ gửi", "waiting"),
    "failing": ("gửi lại", "being retried"),
    "given-up": ("không gửi được", "given up"),
    "sent": ("đã gửi", "sent"),
}

TROUBLES: dict[str, Word] = {
    "unreachable": ("không kết nối được", "cannot be reached"),
    "timeout": ("không trả lời kịp", "did not answer in time"),
    "tls": ("chứng thư không tin được", "no trusted TLS"),
    "credentials": ("sai tài khoản hoặc khóa", "credentials or sender not accepted"),
    "server": ("máy chủ báo bận hoặc lỗi", "the server is busy or fails"),
    "refused": ("bị từ chối hẳn", "refused for good"),
    "no-address": ("danh bạ không còn địa chỉ", "the contacts name no address"),
    "disk": ("không ghi được thư mục", "the folder cannot be written"),
    "defect": ("lỗi chương trình", "a defect of the program"),
}
"""Why a message did not go out."""

TEMPLATES: dict[str, Word] = {
    "step-opened": ("hồ sơ chờ giải quyết", "a dossier waits"),
    "step-overdue": ("hồ sơ quá hạn", "a dossier is overdue"),
    "escalation": ("đôn đốc", "escalation"),
    "payment-paid": ("kho bạc đã chi", "payment paid"),
    "payment-refused": ("từ chối thanh toán", "payment refused"),
    "decision-refused": ("từ chối quyết định", "decision refused"),
}


def said(words: dict[str, Word], key: str) -> str:
    """Both names on one line; a key without a name stands for itself."""
    vietnamese, english = words.get(key, (key, key))
    return vietnamese if vietnamese == english else f"{vietnamese} · {english}"
