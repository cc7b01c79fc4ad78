"""The machines of the treasury's desk: payment instruction, remittance batch, cheque (requirements section 8)."""

from treasury.core.steps import Machine, Step

INSTRUCTION_STATES = {
    "ready": ("待送", "Ready"),
    "batched": ("已編批", "Batched"),
    "sent": ("已傳送", "Sent"),
    "unknown": ("結果未明", "Unknown"),
    "credited": ("已入帳", "Credited"),
    "returned_by_bank": ("退匯", "Returned by the bank"),
    "corrected": ("已更正", "Corrected"),
    "returned_to_treasury": ("已繳回", "Returned to the treasury"),
}

INSTRUCTION = Machine(
    name="instruction",
    title_zh="支付指示",
    initial=("ready",),
    states=INSTRUCTION_STATES,
    steps=(
        Step(
            "put_in_batch",
            ("ready",),
            "batched",
            "disbursement.pay_voucher",
            "編入批次",
            "Put in a batch",
            requirement="B-25",
        ),
        Step(
            "send",
            ("batched", "unknown"),
            "sent",
            "disbursement.pay_voucher",
            "傳送",
            "Send",
            requirement="B-25",
        ),
        Step(
            "lose_sight",
            ("batched", "sent"),
            "unknown",
            "disbursement.pay_voucher",
            "結果未明",
            "Lose sight",
            requirement="B-25",
        ),
        Step(
            "credit",
            ("sent", "unknown"),
            "credited",
            "disbursement.settle_voucher",
            "入帳",
            "Credit",
            requirement="B-25",
        ),
        Step(
            "return_by_bank",
            ("sent", "unknown", "credited"),
            "returned_by_bank",
            "disbursement.settle_voucher",
            "退匯",
            "Return by the bank",
            requirement="B-25",
        ),
        Step(
            "correct_payee",
            ("returned_by_bank",),
            "corrected",
            "disbursement.correct_instruction",
            "更正受款資料",
            "Correct",
            requirement="B-25",
        ),
        Step(
            "ready_again",
            ("corrected",),
            "ready",
            "disbursement.correct_instruction",
            "重新排送",
            "Ready again",
            requirement="B-25",
        ),
        Step(
            "return_to_treasury",
            ("returned_by_bank",),
            "returned_to_treasury",
            "disbursement.correct_instruction",
            "繳回",
            "Return to the treasury",
            requirement="B-25",
        ),
    ),
)

BATCH_STATES = {
    "built": ("已編製", "Built"),
    "sent": ("已傳送", "Sent"),
    "unknown": ("結果未明", "Unknown"),
    "answered": ("已回覆", "Answered"),
    "settled": ("已扣帳", "Settled"),
}

BATCH = Machine(
    name="batch",
    title_zh="通匯批次",
    initial=("built",),
    states=BATCH_STATES,
    steps=(
        Step(
            "deliver",
            ("built", "unknown"),
            "sent",
            "disbursement.pay_voucher",
            "傳送",
            "Deliver",
            requirement="B-25",
        ),
        Step(
            "lose_batch",
            ("built",),
            "unknown",
            "disbursement.pay_voucher",
            "結果未明",
            "Lose sight",
            requirement="B-25",
        ),
        Step(
            "answer",
            ("built", "sent", "unknown"),
            "answered",
            "disbursement.settle_voucher",
            "銀行回覆",
            "Answer",
            requirement="B-25",
        ),
        Step(
            "settle",
            ("built", "sent", "unknown", "answered"),
            "settled",
            "disbursement.settle_voucher",
            "扣帳",
            "Settle",
            requirement="B-28",
        ),
    ),
)

CHEQUE_STATES = {
    "blank": ("空白", "Blank"),
    "spoiled": ("作廢", "Spoiled"),
    "issued": ("已簽開", "Issued"),
    "handed_over": ("已領取", "Handed over"),
    "cleared": ("已兌付", "Cleared"),
    "stopped": ("止付", "Stopped"),
    "cancelled": ("註銷", "Cancelled"),
}

CHEQUE = Machine(
    name="cheque",
    title_zh="支票",
    initial=("blank",),
    states=CHEQUE_STATES,
    steps=(
        Step(
            "issue", ("blank",), "issued", "disbursement.pay_voucher", "簽開", "Issue", requirement="B-27.1"
        ),
        Step(
            "spoil",
            ("blank",),
            "spoiled",
            "disbursement.pay_voucher",
            "作廢",
            "Spoil",
            requirement="C-21.7.8",
        ),
        Step(
            "hand_over",
            ("issued",),
            "handed_over",
            "disbursement.pay_voucher",
            "交付",
            "Hand over",
            requirement="B-17.1",
        ),
        Step(
            "stop",
            ("issued", "handed_over"),
            "stopped",
            "disbursement.stop_cheque",
            "止付",
            "Stop",
            requirement="B-29.1",
        ),
        Step(
            "lift_stop",
            ("stopped",),
            "issued",
            "disbursement.stop_cheque",
            "撤銷止付",
            "Lift the stop",
            requirement="B-29.1",
        ),
        Step(
            "clear",
            ("issued", "handed_over", "stopped"),
            "cleared",
            "disbursement.settle_voucher",
            "兌付",
            "Clear",
            requirement="B-28",
        ),
        Step(
            "cancel_cheque",
            ("issued", "handed_over", "stopped"),
            "cancelled",
            "disbursement.stop_cheque",
            "註銷",
            "Cancel",
            requirement="B-22.2",
        ),
    ),
)
