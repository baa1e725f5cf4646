"""What money is called: figures, payments, accounts."""

# ruff: noqa: PLC0414  # names that others look up here

from console.words import Word
from domain.wording import PAYMENT_KINDS as PAYMENT_KINDS
from domain.wording import PAYMENT_STATUSES as PAYMENT_STATUSES

FIGURES: dict[str, Word] = {
    "allocated": ("bố trí vốn", "allocated"),
    "disbursed": ("giải ngân", "disbursed"),
    "advance": ("tạm ứng chưa thu hồi", "advances not recovered"),
    "volume": ("thanh toán khối lượng", "paid for volume"),
    "compensation": ("bồi thường, hỗ trợ", "compensation"),
    "final": ("thanh toán quyết toán", "final payments"),
    "other": ("chi không qua hợp đồng", "other work"),
    "reserved": ("giữ cho đề nghị", "reserved"),
    "expired": ("vốn đã hủy", "expired"),
    "investment": ("tổng mức đầu tư", "total investment"),
    "chosen": ("xã được chọn", "communes chosen"),
    "deferred": ("xã hoãn", "communes deferred"),
    "communes": ("xã trong đợt", "communes in cohorts"),
    "base": ("xã ban đầu", "communes at the start"),
    "phase": ("dự án", "projects"),
    "payments": ("thanh toán", "payments"),
    "households": ("hộ", "households"),
    "obstacles": ("vướng mắc", "obstacles"),
    "cleared": ("đoạn đủ mặt bằng", "sections cleared"),
    "stalled": ("đoạn chậm", "sections stalled"),
    "escalations": ("đôn đốc đã gửi", "escalations raised"),
    "unanswered": ("chưa trả lời", "not answered"),
}

GROUPINGS: dict[str, Word] = {
    "cohort": ("đợt", "cohort"),
    "district": ("huyện", "district"),
    "commune": ("xã", "commune"),
    "investor": ("chủ đầu tư", "investor"),
}

FORECASTS: dict[str, Word] = {
    "cautious": ("thận trọng", "cautious"),
    "likely": ("nhiều khả năng", "likely"),
    "hopeful": ("lạc quan", "hopeful"),
}

TIERS: dict[str, Word] = {
    "year": ("năm", "year"),
    "cohort": ("đợt", "cohort"),
    "commune": ("xã", "commune"),
    "project": ("dự án", "project"),
}
"""Of the tree of a year's plan."""

PURPOSES: dict[str, Word] = {
    "budget": ("nguồn ngân sách", "budget"),
    "plan": ("kế hoạch vốn còn lại", "plan, free"),
    "reserved": ("vốn giữ cho đề nghị", "reserved"),
    "expired": ("vốn đã hủy", "expired"),
    "treasury": ("Kho bạc đã chi, chưa ghi", "treasury, in transit"),
    "advance": ("tạm ứng chưa thu hồi", "advances not recovered"),
    "volume": ("thanh toán khối lượng hoàn thành", "paid for volume"),
    "compensation": ("bồi thường, hỗ trợ", "compensation"),
    "final": ("thanh toán sau quyết toán", "final payments"),
    "compensation-advance": ("tạm ứng bồi thường chưa thu hồi", "compensation advances"),
    "other-advance": ("tạm ứng không hợp đồng", "other advances"),
    "other": ("chi không qua hợp đồng", "paid for other work"),
    "retention": ("tiền giữ lại, gửi Kho bạc", "retention in deposit"),
}

EXEMPTIONS: dict[str, Word] = {
    "self-performed": ("tự thực hiện", "self-performed"),
    "community": ("cộng đồng thực hiện", "by the community"),
    "management-consultancy": ("tư vấn QLDA", "management consultancy"),
}
