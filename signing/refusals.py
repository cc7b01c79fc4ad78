"""Every way in which a signature is refused: a stable code and a sentence in both languages."""

from typing import Final

from treasury.core.errors import Problem

DETAIL_MAX: Final = 300
REFUSALS: Final[dict[str, tuple[str, str]]] = {
    # The message itself (steps 1 and 2 of the gate)
    "too_large": ("簽章訊息超過 64 KiB", "The signature message is larger than 64 KiB"),
    "not_our_profile": (
        "簽章訊息不是所接受之 DER 編碼 SignedData",
        "The message is not DER of the accepted SignedData profile",
    ),
    "content_embedded": ("簽章訊息不得內嵌內容", "The message must not carry the content itself"),
    "certificates_too_many": ("簽章訊息所附憑證過多", "The message carries too many certificates"),
    "certificate_malformed": ("憑證格式錯誤", "A certificate cannot be read"),
    "signers_not_one": ("簽章者必須恰為一人", "There must be exactly one signer"),
    "signed_attributes_missing": ("缺少簽章屬性", "The signed attributes are missing"),
    "unsigned_attributes": ("不接受未簽章屬性", "Unsigned attributes are not accepted"),
    "attribute_missing": ("缺少必要之簽章屬性", "A mandatory signed attribute is missing"),
    "attribute_repeated": ("簽章屬性重複或有多個值", "A signed attribute is repeated or has several values"),
    "attribute_wrong": ("簽章屬性之值不符", "A signed attribute has a wrong value"),
    # The certificate in the message and the signature over the content (steps 3 to 5)
    "certificate_missing": ("找不到簽章者憑證", "The signer's certificate is not in the message"),
    "certificate_ambiguous": ("簽章者憑證不唯一", "More than one certificate claims to be the signer's"),
    "algorithm_refused": ("不接受此演算法", "The algorithm is not accepted"),
    "algorithms_differ": ("摘要與簽章之雜湊演算法不一致", "Digest and signature use different hashes"),
    "key_refused": ("不接受此種或此長度之金鑰", "The key's kind or length is not accepted"),
    "digest_differs": ("內容與簽章不符，內容已被變更", "The content is not what was signed"),
    "signature_wrong": ("簽章驗證失敗", "The signature does not verify"),
    # Path, policy, revocation (step 6)
    "certificate_not_yet_valid": ("憑證尚未生效", "A certificate is not yet valid"),
    "certificate_expired": ("憑證已逾有效期限", "A certificate has expired"),
    "certificate_revoked": ("憑證已廢止或暫時停用", "A certificate is revoked or on hold"),
    "crl_missing": (
        "查無憑證廢止清冊，請匯入最新清冊",
        "No usable revocation list; import the issuer's current list",
    ),
    "crl_stale": (
        "憑證廢止清冊已逾期，請匯入最新清冊",
        "The revocation list is out of date; import the issuer's current list",
    ),
    "untrusted": ("憑證非由信任之憑證機構簽發", "No path leads from the certificate to a pinned anchor"),
    "path_invalid": ("憑證路徑驗證失敗", "The certification path is not valid"),
    "policy_missing": ("憑證政策不符", "The certificate does not carry the required policy"),
    "key_usage": ("憑證用途不含數位簽章", "The certificate is not for digital signatures"),
    # Binding to card, person and document (step 7)
    "card_unregistered": ("憑證未在本系統註冊", "The card is not registered"),
    "card_inactive": ("卡片註冊未生效、已停用或已掛失", "The card's registration is not in force"),
    "card_on_hold": ("卡片於簽章時暫停使用", "The card was on hold when it signed"),
    "capacity_not_held": (
        "簽章者當日未任此職務，亦未受授權代簽",
        "The signer neither held the capacity that day nor was appointed to sign in it",
    ),
    "delegate_of_both": (
        "同一人不得兼為主辦會計人員與機關長官二方簽章",
        "One person does not sign for both certifiers",
    ),
    "card_of_other_person": ("此卡非本人之卡", "The card belongs to another person"),
    "card_of_other_agency": ("此卡屬其他機關", "The card belongs to another agency"),
    "card_of_other_capacity": ("此卡非本職務登記之憑證", "The card is registered for another capacity"),
    "card_number_differs": ("簽章屬性之卡號與註冊不符", "The card number in the message is not the registered one"),
    "issuer_kind": ("憑證機構與機關別不符", "The issuing authority is not the one for this kind of agency"),
    "signer_not_distinct": (
        "同一憑單之簽章須由不同人、不同卡、不同金鑰為之",
        "Each signature of a voucher needs another person, card and key",
    ),
    "earlier_signatures": ("前手簽章與文件所載不符", "The earlier signatures are not those that were signed"),
    "signature_exists": ("此職務已簽章", "There is already a signature in this capacity"),
    "document_incomplete": ("電子支付文件之簽章不齊", "The document lacks a required signature"),
    "document_unknown": ("查無此電子支付文件", "There is no such electronic payment document"),
    "document_differs": ("各簽章所簽之憑單內容不一致", "The signatures do not cover the same voucher"),
    # Nonce and time (step 8)
    "nonce_unknown": ("簽章序號不存在", "The nonce was not issued here"),
    "nonce_used": ("簽章序號已使用", "The nonce was already used"),
    "nonce_expired": ("簽章序號已逾時，請重新簽章", "The nonce has expired; sign again"),
    "nonce_of_other_use": (
        "簽章序號屬其他憑單、版次、職務或人員",
        "The nonce was issued for another voucher, revision, capacity or person",
    ),
    "signing_time_off": ("簽章時間與收件時間相差逾五分鐘", "Signing time and receipt are more than 5 minutes apart"),
    # The moment that a timestamp authority vouches for (step 9)
    "timestamp_malformed": (
        "時戳不是所接受之 DER 編碼 TimeStampToken",
        "The timestamp is not DER of the accepted TimeStampToken profile",
    ),
    "timestamp_of_other_data": ("時戳不屬於此簽章", "The timestamp is of another signature"),
    "timestamp_of_other_request": ("時戳非本次請求所得", "The timestamp does not answer our own request"),
    "timestamp_signature_wrong": ("時戳之簽章驗證失敗", "The timestamp's own signature does not verify"),
    "timestamp_certificate_differs": (
        "時戳所載憑證與其簽章者不符",
        "The timestamp names another certificate than the one that signed it",
    ),
    "timestamp_usage": (
        "時戳憑證之用途非專供時戳",
        "The timestamp's certificate is not for timestamping alone",
    ),
    "timestamp_untrusted": ("時戳機構之憑證未獲信任", "The timestamp authority's certificate is not trusted"),
    "timestamp_policy": ("時戳政策不符", "The timestamp was made under another policy than ours"),
    "timestamp_time_off": (
        "時戳時間與本系統時間相差過大",
        "The timestamp's moment and our clock are too far apart",
    ),
    "timestamp_differs": ("所存時戳時間與時戳不符", "The stored moment is not the timestamp's"),
    # The canonical content
    "content_not_canonical": ("內容不是正規化之簽章內容", "The content is not canonical"),
    "content_wrong": ("簽章內容之欄位不符", "A field of the signed content is wrong"),
    "content_of_other_document": (
        "簽章內容屬其他憑單、版次或職務",
        "The content is of another voucher, revision or capacity",
    ),
    # Evidence files
    "evidence_container": ("證據檔不是本系統產製之格式", "The evidence file is not spelled as it was written"),
    "evidence_manifest": ("證據檔內容與清單不符", "The parts of the evidence file are not those of its manifest"),
    "evidence_part": ("證據檔缺少或多出部分，或格式不符", "A part of the evidence file is missing, extra or malformed"),
    "evidence_differs": ("證據檔各部分互不相符", "Two parts of the evidence file do not agree"),
    "evidence_ledger": ("帳務分錄之封印不符", "The seals of the ledger postings do not fit"),
    "evidence_payment": ("支付內容與簽章之憑單不符", "What was paid is not what was signed"),
    "evidence_log": ("未登錄於透明日誌，或證明不符", "Not in the transparency log, or its proof does not fit"),
    "evidence_renewal": ("時戳未於到期前更新", "A timestamp was not renewed before it ended"),
    # Trust material
    "anchor_not_pinned": ("根憑證之指紋未經核定", "The root certificate's fingerprint is not pinned"),
    "crl_number_back": ("憑證廢止清冊號碼倒退", "The revocation list's number goes back"),
    "crl_malformed": ("檔案不是可讀取之憑證廢止清冊", "The file is no revocation list that can be read"),
    "crl_refused": ("憑證廢止清冊驗證失敗", "The revocation list does not verify"),
}


class Refused(Problem):
    """A refusal of the gate; `code` is a key of REFUSALS, `detail` says what exactly was found.

    What was found may be a stranger's words: no more than a line of them goes on into pages and logs.
    """

    def __init__(self, code: str, detail: str = "", *, path: str = "") -> None:
        title_zh, title_en = REFUSALS[code]
        detail = detail[:DETAIL_MAX]
        super().__init__(code, f"{title_zh}：{detail}" if detail else title_zh, title=title_en, path=path)
        self.reason = detail

    @property
    def title_zh(self) -> str:
        """The sentence in Chinese."""
        return REFUSALS[self.code][0]
