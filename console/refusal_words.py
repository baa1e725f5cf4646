"""What a refusal's rule means: for the reference, which lists them all."""

from console.words import Word

RULES: dict[str, Word] = {
    "already_exists": ("đã có rồi", "it is on record already, under this name or number"),
    "authority": ("không đúng thẩm quyền", "this post may not give this command in this case"),
    "capital_ceiling": (
        "vượt vốn được bố trí hoặc mức vốn tối đa",
        "more than the year's plan, or a ceiling above it, leaves free",
    ),
    "capital_expired": ("vốn đã hết hạn", "the budget year's capital can be paid out no more"),
    "capital_guard": (
        "cơ sở dữ liệu không cho vượt vốn",
        "the database's own count of the plan forbids it: a defect to be reported",
    ),
    "contract_ceiling": ("vượt giá trị hợp đồng", "more than the contract is worth"),
    "guarantee_missing": (
        "thiếu bảo lãnh tạm ứng",
        "an advance of this size needs a guarantee in force",
    ),
    "input": ("nội dung chưa hợp lệ", "a field is missing, malformed or contradicts another"),
    "in_the_future": ("ngày chưa đến", "dated after now: what has not happened is not recorded"),
    "investment_ceiling": (
        "vượt tổng mức đầu tư",
        "more than the investment that was approved",
    ),
    "no_authority_rule": (
        "quy định không nêu ai được làm",
        "the law in force names nobody for this command: add a row to authority.toml",
    ),
    "nothing_to_do": ("không có gì để làm", "it would change nothing"),
    "not_chosen": ("xã chưa được chọn", "the commune was not chosen in its cohort"),
    "not_cleared": ("chưa đủ mặt bằng", "land, obstacles or power lines still stand in the way"),
    "not_found": ("không có", "the record holds nothing of this name"),
    "out_of_rank": (
        "khác thứ hạng mà không nêu lý do",
        "the choice differs from the ranking, and no departure says why",
    ),
    "out_of_turn": ("chưa đến lượt", "the case is at another step, or waits for somebody else"),
    "separation_of_duties": (
        "một người không làm cả hai việc",
        "who proposed may not approve, who approved may not pay",
    ),
    "advance_ceiling": ("vượt mức tạm ứng tối đa", "more than may be advanced on this contract"),
    "advance_recovery": (
        "thu hồi tạm ứng chưa đúng",
        "too little or too much of the advance is recovered with this payment",
    ),
    "volume_ceiling": (
        "vượt khối lượng nghiệm thu",
        "more than was accepted, less what is kept back",
    ),
    "other_body": ("không phải hồ sơ này", "the command is about another case or another stream"),
    "restored": (
        "sổ sự kiện đã bị phục hồi về thời điểm trước",
        "the record was put back to an earlier point; two officials have to accept it first",
    ),
    "coercion_blackout": (
        "thời gian không được cưỡng chế",
        "nobody is coerced at night, on days off or around Tết",
    ),
    "personal_data": (
        "không ghi thông tin cá nhân",
        "a name, identity or telephone number must not be written here",
    ),
    "remainder_too_small": (
        "diện tích còn lại dưới tối thiểu",
        "what is left of a parcel is less than the least; the household has to accept that",
    ),
    "too_early": ("chưa hết thời hạn", "a period set by law still runs"),
    "basis_missing": (
        "thiếu căn cứ, hoặc căn cứ không đúng loại văn bản",
        "the act must cite a paper of the kind that the law names: `--document`",
    ),
    "empty_group": (
        "bước phê duyệt không có ai",
        "a step names a group in which nobody sits: correct chains.toml",
    ),
    "minutes_missing": (
        "thiếu biên bản",
        "a body decides with its minutes or its ballot: `--minutes`",
    ),
    "quorum_impossible": (
        "không thể đủ số người",
        "so many as the step asks for can no longer be heard, or do not exist",
    ),
    "unproved": (
        "không chứng minh được ai ký",
        "no valid signature of somebody who holds this post",
    ),
    "proof_expired": (
        "chữ ký hết hiệu lực",
        "a signature counts within its time: not before, not after, and for some days at most",
    ),
    "vacant_post": ("chức danh chưa có người", "nobody is appointed to this post on that day"),
    "not_delegated": (
        "không được ủy quyền",
        "no delegation in force covers this act on behalf of that post",
    ),
}
