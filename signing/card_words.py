"""The words of signers' applications, and what the refusals of a card's life mean for people, and what to do."""

from typing import Final

from signing.models import SignerKind
from treasury.core.pages.wording import Wording

_KINDS_EN: Final = {SignerKind.NEW: "New", SignerKind.CHANGE: "Change", SignerKind.LOSS: "Loss"}
SIGNER_KINDS: Final = {kind.value: (str(kind.label), _KINDS_EN[kind]) for kind in SignerKind}
SIGNER_STATES: Final = {
    "applied": ("申請中", "Applied for"),
    "filed": ("已登記", "Filed"),
    "revoked": ("已失效", "No longer in force"),
}

CARD_WORDINGS: Final = {
    "card_taken": Wording(
        "此卡已註冊予他人、他機關或其他職務",
        "The card is registered to somebody else, elsewhere or in another capacity",
        "一張卡只屬於一人、一機關、一職務。請確認憑證檔與持卡人；原註冊須先終止，並改用新卡。",
        "A card is one person's, in one agency and capacity. Check the certificate and the holder, or use a new card.",
    ),
    "key_taken": Wording(
        "此卡的金鑰已註冊予他人或其他職務",
        "The card's key is registered to somebody else or in another capacity",
        "換發的卡片可以沿用本人同一職務的金鑰，但不能給別人或別的職務使用。請洽發卡機構另發新卡。",
        "A renewed card may have its holder's key again in the same capacity, nobody else's. Have a new card issued.",
    ),
    "key_lost": Wording(
        "此卡的金鑰屬於已報遺失的卡片",
        "The card's key is that of a card reported lost",
        "撿到遺失卡片的人可能以同一把金鑰簽章。請洽發卡機構以新金鑰另發新卡。",
        "Whoever found the lost card could sign with the same key. Have a card with a new key issued.",
    ),
    "own_card": Wording(
        "不能啟用自己的卡片",
        "Nobody puts their own card into force",
        "請由另一位公庫系統管理者啟用。",
        "Let another administrator of the treasury do it.",
    ),
    "card_expired": Wording(
        "卡片憑證已逾期",
        "The card's certificate has expired",
        "請持卡人向發卡機構換發，再重新註冊。",
        "Have the holder renew it with the authority that issued it, then register it again.",
    ),
    "card_no_missing": Wording(
        "卡號未填，或不是半形英數字",
        "The card's number is missing, or not in plain letters and digits",
        "請照卡片正面所印，以半形字元填寫卡號。",
        "Give the number as it is printed on the card.",
    ),
    "capacity_not_asked": Wording(
        "這個職務不需要簽章",
        "This capacity signs nothing here",
        "請確認職務；公庫的業務參數決定哪些職務須以卡片簽章。",
        "Check the capacity; the treasury's parameters say which ones sign with a card.",
    ),
    "replaces_other": Wording(
        "不能接替所選的卡片",
        "The chosen card cannot be replaced by this one",
        "只能換發或接替同一職務、使用中、尚未被接替的卡片。",
        "Only a card in force in the same capacity that nothing else replaces can be chosen.",
    ),
}
