"""What an attacker may try, and what stands in the way: one table, shown with its tests in `docs/threats.md`.

A row per threat, in its group by slug. `check` names the function that refuses it (`module:function`), `codes` the
codes of `signing.refusals` with which it does; there are none where the refusal is not the gate's, or where nothing is
refused but nothing is gained. The test that makes the hostile thing itself carries `@pytest.mark.threat("<slug>")`;
a row without a test and a mark without a row fail `tests/signing/test_threats.py`.
"""

from dataclasses import dataclass
from typing import Final

GROUPS: Final[dict[str, tuple[str, str]]] = {
    "message": ("簽章訊息", "The message"),
    "algorithm": ("演算法與金鑰", "Algorithms and keys"),
    "certificate": ("憑證與憑證路徑", "Certificates and paths"),
    "revocation": ("廢止清冊", "Revocation"),
    "binding": ("卡片、人員、機關、職務", "Card, person, agency, capacity"),
    "replay": ("重送與時間", "Replay and time"),
    "content": ("簽章內容", "The signed content"),
    "timestamp": ("時戳", "Timestamps"),
    "log": ("透明日誌", "The transparency log"),
    "evidence": ("證據檔", "Evidence"),
    "card": ("卡片與密碼", "Cards and PINs"),
    "agent": ("憑證卡程式", "The card agent"),
}


@dataclass(frozen=True, slots=True)
class Threat:
    """One thing an attacker may try."""

    slug: str
    group: str
    title_zh: str
    title_en: str
    check: str
    codes: tuple[str, ...] = ()


_READ: Final = "signing.cms:message_read"
_CHECK: Final = "signing.gate:signature_check"
_PATH: Final = "signing.paths:TrustStore.path_check"
_KEY: Final = "signing.algorithms:signature_verify"
_CARD: Final = "signing.binding:card_check"
_CAPACITY: Final = "signing.binding:capacity_check"
_OTHERS: Final = "signing.binding:distinct_check"
_NONCE: Final = "signing.services.nonces:nonce_use"
_DOCUMENT: Final = "signing.services.documents:document_verify"
_CANONICAL: Final = "signing.canonical:read"
_HEAD: Final = "signing.binding:head_check"
_IMPORT: Final = "signing.services.trust:trust_import"
_PIN: Final = "signing.simulation.backends:CardBackend.sign"
_PLAIN: Final = "signing.simulation.plain_http:PlainHandler"
_SERVED: Final = "signing.simulation.serving:Handler"
_FILE: Final = "signing.evidence.container:container_read"
_EXAMINE: Final = "signing.evidence.examination:Examination.run"
_ASK: Final = "signing.timestamps.client:TimestampClient.ask"
_OBTAIN: Final = "signing.services.timestamps:timestamp_obtain"
_TOKEN: Final = "signing.timestamps.tokens:token_check"
_WINDOWS: Final = "signing.simulation.windows:Windows.take"
_LOG_TOOL: Final = "tools.verify_log:check_consistency"

# A row is two lines: what it is, then what refuses it.
# fmt: off
THREATS: Final[tuple[Threat, ...]] = (
    # The message: steps 1, 2 and 4 of the gate
    Threat("attribute-missing", "message", "缺少必要之簽章屬性", "A mandatory signed attribute is missing",
           _READ, ("attribute_missing",)),
    Threat("attribute-repeated", "message", "簽章屬性重複或有多個值", "An attribute twice, or with several values",
           _READ, ("attribute_repeated",)),
    Threat("attribute-wrong", "message", "簽章屬性之型別或值不符", "A signed attribute of another type or value",
           _READ, ("attribute_wrong", "not_our_profile")),
    Threat("attributes-stripped", "message", "剝除簽章屬性並以其為內容", "Attributes stripped and used as content",
           _READ, ("signed_attributes_missing",)),
    Threat("attributes-unsigned", "message", "夾帶未簽章屬性", "Attributes that nobody signed",
           _READ, ("unsigned_attributes",)),
    Threat("certificate-decoy", "message", "同簽發者與序號之假憑證", "A decoy with the same issuer and serial",
           _CHECK, ("certificate_ambiguous",)),
    Threat("certificate-missing", "message", "訊息不含簽章者憑證", "The signer's certificate is not in the message",
           _CHECK, ("certificate_missing",)),
    Threat("certificates-many", "message", "訊息夾帶大量憑證", "More certificates than anybody needs",
           _READ, ("certificates_too_many",)),
    Threat("content-changed", "message", "內容改動一個位元組", "The content changed by one byte",
           _CHECK, ("digest_differs",)),
    Threat("content-embedded", "message", "訊息內嵌內容", "The message brings its own content",
           _READ, ("content_embedded",)),
    Threat("encoding-not-der", "message", "非 DER 編碼、尾隨位元組、不定長度", "Bytes behind, indefinite lengths",
           _READ, ("not_our_profile",)),
    Threat("memory-filled", "message", "以大量巨大憑證耗盡記憶體", "Filling the memory with large certificates",
           "signing.certificates:certificate_read"),
    Threat("message-mutated", "message", "對有效訊息任意變造", "A valid message mutated at random",
           "signing.gate:gate_pass"),
    Threat("nesting-deep", "message", "二十萬層巢狀不定長度", "200,000 nested indefinite lengths",
           _READ, ("too_large", "not_our_profile")),
    Threat("profile-other", "message", "其他 CMS 型別或版本", "Another kind or version of CMS",
           _READ, ("not_our_profile",)),
    Threat("readers-differ", "message", "本系統接受而其他工具拒絕之訊息", "What we accept and other tools refuse",
           "signing.der:check_strict", ("not_our_profile", "certificate_malformed")),
    Threat("signature-other-key", "message", "以他人之金鑰簽章", "A signature by somebody else's key",
           _KEY, ("signature_wrong",)),
    Threat("signers-two", "message", "兩個 SignerInfo", "Two SignerInfos", _READ, ("signers_not_one",)),
    Threat("size-over", "message", "超過 64 KiB", "64 KiB and one byte", _READ, ("too_large",)),
    Threat("time-wasted", "message", "耗費運算時間之訊息", "A message made to waste our time", _READ),

    # Algorithms and keys: step 5
    Threat("algorithm-other", "algorithm", "未核准或與金鑰不符之演算法", "An algorithm not ours or not the key's",
           _CHECK, ("algorithm_refused",)),
    Threat("digests-mixed", "algorithm", "摘要與簽章之雜湊不一致", "One hash for the digest, another for the signature",
           _CHECK, ("algorithms_differ",)),
    Threat("key-short", "algorithm", "RSA-1024 或未核准之曲線", "RSA of 1024 bits, a curve that is not ours",
           "signing.algorithms:key_check", ("key_refused",)),
    Threat("pss-parameters", "algorithm", "PSS 參數不符", "PSS with another salt or mask",
           _CHECK, ("algorithm_refused", "signature_wrong")),
    Threat("sha-1", "algorithm", "SHA-1", "SHA-1, in message, certificate or list",
           _CHECK, ("algorithm_refused",)),

    # Certificates and paths: step 6
    Threat("anchor-foreign", "certificate", "未核定之根憑證", "A root that nobody pinned",
           _IMPORT, ("anchor_not_pinned", "untrusted")),
    Threat("authorities-decoy", "certificate", "四十個同名之假憑證機構", "Forty decoy authorities of one name", _PATH),
    Threat("authority-hidden", "certificate", "以同簽發者與序號之假憑證遮蔽真正機構",
           "A decoy with an authority's issuer and serial hides it", _PATH),
    Threat("authority-of-message", "certificate", "訊息夾帶自備之憑證機構", "The message brings its own authority",
           _PATH, ("untrusted",)),
    Threat("card-as-authority", "certificate", "以終端憑證簽發憑證", "A card's certificate issues certificates",
           _PATH, ("path_invalid",)),
    Threat("certificate-mutated", "certificate", "任意變造之憑證", "A certificate mutated at random", _PATH),
    Threat("certificate-odd", "certificate", "無人能解讀之憑證", "A certificate that readers stumble over",
           "signing.certificates:certificate_read", ("certificate_malformed", "key_refused")),
    Threat("certificate-self-made", "certificate", "同名同序號之自製憑證", "Self-made, with the same name and serial",
           _PATH, ("path_invalid", "untrusted")),
    Threat("day-boundary", "certificate", "閏日、UTC 與臺北時間之交界", "Leap days, UTC against Taipei time",
           _PATH, ("certificate_expired", "certificate_not_yet_valid", "crl_stale")),
    Threat("encipherment", "certificate", "以加密用憑證簽章", "Signing with the certificate for encipherment",
           "signing.gate:gate_pass", ("key_usage",)),
    Threat("expired", "certificate", "憑證已過期", "A card after its last second", _PATH, ("certificate_expired",)),
    Threat("not-yet-valid", "certificate", "憑證尚未生效", "A card before its first second",
           _PATH, ("certificate_not_yet_valid",)),
    Threat("policy-other", "certificate", "其他憑證政策", "Another certificate policy", _PATH, ("policy_missing",)),

    # Revocation: step 6
    Threat("hold-lifted", "revocation", "停用期間簽章，嗣後復用", "Signed while on hold, released since",
           _PATH, ("certificate_revoked",)),
    Threat("list-displaced", "revocation", "以錯誤之清冊頂替原有清冊", "A bad list put in the place of a good one",
           "signing.services.lists:lists_take", ("crl_malformed", "crl_refused")),
    Threat("list-forged", "revocation", "廢止清冊非由該機構簽發", "A list signed by another key",
           "signing.crls:in_force", ("crl_missing", "crl_refused")),
    Threat("list-missing", "revocation", "缺少廢止清冊", "A missing list", _PATH, ("crl_missing",)),
    Threat("list-number-back", "revocation", "廢止清冊號碼倒退", "A list whose number goes back",
           _IMPORT, ("crl_number_back",)),
    Threat("list-of-message", "revocation", "以訊息夾帶之舊清冊掩蓋廢止", "The message brings an older list along",
           _PATH, ("certificate_revoked",)),
    Threat("list-stale", "revocation", "逾期之廢止清冊", "A stale list", _PATH, ("crl_stale",)),
    Threat("revoked-after", "revocation", "簽章後廢止仍屬有效", "Revoked after signing: what was signed stays good",
           _DOCUMENT),
    Threat("revoked-before", "revocation", "廢止後簽章", "Revoked before signing", _PATH, ("certificate_revoked",)),

    # Card, person, agency, capacity: step 7
    Threat("capacity-not-held", "binding", "未任職亦未受授權者簽章", "Neither in the post nor delegated",
           _CAPACITY, ("capacity_not_held",)),
    Threat("card-activated-by-own-hand", "binding", "自行啟用所註冊或持有之卡", "One's own card put into force",
           "signing.services.card_steps:card_activate"),
    Threat("card-lost", "binding", "報遺失之卡", "A card reported lost", _CARD, ("card_inactive",)),
    Threat("card-number-other", "binding", "簽章屬性之卡號不符", "Another card's number in the message",
           _CARD, ("card_number_differs",)),
    Threat("card-of-other-agency", "binding", "他機關之卡", "A card of another agency",
           _CARD, ("card_of_other_agency",)),
    Threat("card-of-other-capacity", "binding", "其他職務之卡", "A card registered for another role",
           _CARD, ("card_of_other_capacity",)),
    Threat("card-of-other-person", "binding", "他人之卡", "Somebody else's card", _CARD, ("card_of_other_person",)),
    Threat("card-on-hold", "binding", "暫停使用期間簽章，嗣後恢復", "Signed while we held the card, lifted since",
           _CARD, ("card_on_hold",)),
    Threat("card-out-of-force", "binding", "註冊未生效或已終止之卡", "A card whose registration is not in force",
           _CARD, ("card_inactive",)),
    Threat("card-unregistered", "binding", "未註冊之卡", "A good card that nobody registered",
           _CARD, ("card_unregistered",)),
    Threat("delegate-of-both", "binding", "一人兼代長官與主辦會計", "One delegate for head and chief accountant",
           _CAPACITY, ("delegate_of_both",)),
    Threat("issuer-kind-other", "binding", "憑證機構與機關別不符", "An authority for another kind of agency",
           _CARD, ("issuer_kind",)),
    Threat("lost-key-again", "binding", "遺失之卡之金鑰再行註冊或啟用", "The key of a lost card registered again",
           "signing.services.cards:key_lost"),
    Threat("same-key-other-holder", "binding", "將他人之金鑰註冊於己", "Somebody else's key registered as one's own",
           "signing.services.cards:cards_register"),
    Threat("same-key-renewed", "binding", "換發之卡沿用同一金鑰，冒充第二人", "The same key, renewed, as another",
           _OTHERS, ("signer_not_distinct",)),
    Threat("same-person-twice", "binding", "一人持兩卡簽兩職務", "One person signs twice with two cards",
           _OTHERS, ("signer_not_distinct",)),

    # Replay and time: step 8
    Threat("nonce-expired", "replay", "逾時之簽章序號", "A nonce after its time", _NONCE, ("nonce_expired",)),
    Threat("nonce-other-use", "replay", "為其他用途核發之簽章序號", "A nonce issued for something else",
           _NONCE, ("nonce_of_other_use", "nonce_unknown")),
    Threat("nonce-used", "replay", "重複使用簽章序號", "A nonce that was used", _NONCE, ("nonce_used",)),
    Threat("replay-other-document", "replay", "重送於其他憑單、職務或版次", "Replay on another voucher, role, revision",
           _HEAD, ("content_of_other_document",)),
    Threat("signing-time-off", "replay", "簽章時間與收件時間相差逾五分鐘", "Signing time off, or of another zone",
           "signing.binding:time_check", ("signing_time_off",)),

    # The signed content: step 3
    Threat("content-not-canonical", "content", "重複鍵、NFD 文字、浮點金額", "Duplicate keys, NFD text, floats",
           _CANONICAL, ("content_not_canonical",)),
    Threat("content-swapped", "content", "以同一序號換簽其他內容", "Another content under the same nonce",
           _NONCE, ("content_of_other_document", "document_differs")),
    Threat("content-unknown-keys", "content", "不明或缺漏之欄位", "Unknown or missing keys",
           "signing.content:head_read", ("content_wrong",)),
    Threat("earlier-other", "content", "放行者所簽前手簽章不符", "The releaser names other signatures before",
           "signing.binding:earlier_check", ("earlier_signatures",)),
    Threat("stored-changed", "content", "直接竄改資料庫之內容或簽章", "What is stored is changed by force",
           _DOCUMENT, ("document_differs", "document_incomplete")),

    # Timestamps: step 9
    Threat("timestamp-authority-revoked", "timestamp", "時戳憑證當時已廢止或停用", "The authority was revoked or held",
           _TOKEN, ("timestamp_untrusted",)),
    Threat("timestamp-authority-silent", "timestamp", "時戳服務無回應、逐位元組拖延", "No answer, or one that drips",
           _ASK),
    Threat("timestamp-certificate-other", "timestamp", "時戳所載憑證非其簽章者", "The token names another certificate",
           _TOKEN, ("timestamp_certificate_differs",)),
    Threat("timestamp-forged", "timestamp", "自製同名之時戳機構", "A self-made authority of the same name",
           _TOKEN, ("timestamp_untrusted",)),
    Threat("timestamp-malformed", "timestamp", "非嚴格 DER 或他種時戳", "Not strict DER, or of another shape",
           "signing.timestamps.tokens:token_read", ("timestamp_malformed",)),
    Threat("timestamp-moment-off", "timestamp", "未來或過去之時間", "A moment in the future or the past",
           _OBTAIN, ("timestamp_time_off",)),
    Threat("timestamp-of-other-data", "timestamp", "他份簽章之時戳", "A timestamp of another signature",
           _TOKEN, ("timestamp_of_other_data",)),
    Threat("timestamp-policy-other", "timestamp", "他種政策之時戳", "A token under another policy",
           _OBTAIN, ("timestamp_policy",)),
    Threat("timestamp-replayed", "timestamp", "重送先前請求之時戳", "A token got for an earlier request",
           _OBTAIN, ("timestamp_of_other_request",)),
    Threat("timestamp-reply-large", "timestamp", "無盡之回應", "An endless answer", _ASK),
    Threat("timestamp-signature-weak", "timestamp", "弱雜湊或不附憑證之時戳", "A weak hash, or no certificate",
           _TOKEN, ("timestamp_signature_wrong",)),
    Threat("timestamp-stored-changed", "timestamp", "直接抽換資料庫之時戳", "The stored token is exchanged by force",
           _DOCUMENT, ("timestamp_differs", "timestamp_of_other_data", "timestamp_time_off")),
    Threat("timestamp-tampered", "timestamp", "改動時戳之時間或簽章", "The token's moment or signature is changed",
           _TOKEN, ("timestamp_signature_wrong",)),
    Threat("timestamp-unknown-authority", "timestamp", "未知機構之時戳", "A token of an unknown authority",
           _TOKEN, ("timestamp_untrusted",)),
    Threat("timestamp-usage", "timestamp", "非專供時戳之憑證", "A certificate that is not for timestamps alone",
           _TOKEN, ("timestamp_usage",)),

    # The transparency log: found by whoever kept a head
    Threat("log-entry-deleted", "log", "刪除已登入之文件並重寫日誌", "A logged document is deleted, the log rewritten",
           _LOG_TOOL),
    Threat("log-entry-edited", "log", "竄改已登入之文件並重寫日誌", "A logged document is edited, the log rewritten",
           _LOG_TOOL),
    Threat("log-forked", "log", "對不同對象出示不同日誌", "Different readers are shown different logs", _LOG_TOOL),
    Threat("log-head-forged", "log", "偽造樹頭", "A head that the log did not sign", "tools.verify_log:read_head"),
    Threat("log-in-database", "log", "直接竄改日誌資料表", "The log's tables are changed by force",
           "signing.log.checking:log_faults"),
    Threat("log-out-of-order", "log", "於資料庫插入、修改或刪除日誌", "Entries slipped in, changed or removed by SQL",
           "signing.log.sequencing:log_append"),
    Threat("log-proof-forged", "log", "為未登入之文件出示證明", "A proof for a document that was not logged",
           "tools.verify_log:check_inclusion"),
    Threat("log-reordered", "log", "調換日誌順序", "Entries in another order", _LOG_TOOL),
    Threat("log-truncated", "log", "截短日誌", "The log is cut short", _LOG_TOOL),

    # Evidence files
    Threat("evidence-archive", "evidence", "壓縮炸彈、重複檔名、路徑逃逸", "Zip bomb, a name twice, path traversal",
           _FILE, ("evidence_container",)),
    Threat("evidence-byte", "evidence", "證據檔任一位元組被改", "One byte of the file is changed",
           _FILE, ("evidence_container", "evidence_manifest")),
    Threat("evidence-forged", "evidence", "偽造或抽換證據檔之部分，並重算清單",
           "Parts are forged and the manifest made to fit", _EXAMINE, ("evidence_differs", "digest_differs")),
    Threat("evidence-ledger", "evidence", "竄改分錄、封印或摘要", "Postings, seals or digests are changed",
           "signing.evidence.money:ledger_check", ("evidence_ledger",)),
    Threat("evidence-log-left-out", "evidence", "抽掉日誌證明，或證明屬他樹",
           "The log's part is taken out, or is of another tree",
           "signing.evidence.stamps:logged_check", ("evidence_log",)),
    Threat("evidence-parts", "evidence", "證據檔缺少或多出部分", "Parts are missing, or others slipped in",
           _EXAMINE, ("evidence_part",)),
    Threat("evidence-payment", "evidence", "支付之帳號或金額非所簽者", "Paid to another account or amount than signed",
           "signing.evidence.money:bank_check", ("evidence_payment",)),
    Threat("evidence-renewal-missed", "evidence", "時戳未於憑證到期前更新",
           "A stamp was not renewed before its certificate ended",
           "signing.evidence.stamps:renewal_check", ("evidence_renewal",)),
    # Cards and PINs
    Threat("counter-lost", "card", "刪除或改壞錯誤次數計數檔", "The counter of tries deleted or spoilt",
           "signing.simulation.tries:Tries"),
    Threat("key-taken-off", "card", "自載具匯出私鑰，或沿用他人之登入", "A key taken off, a login left behind",
           "signing.simulation.pkcs11_cards:Pkcs11Cards"),
    Threat("pin-guessed", "card", "跨重啟猜測密碼", "Guessing the PIN across restarts", _PIN),
    Threat("pin-guessed-in-parallel", "card", "平行猜測密碼", "Guessing the PIN in parallel", _PIN),
    Threat("pin-killed-midway", "card", "於扣減次數與比對密碼之間強制終止", "Killed between decrement and comparison",
           _PIN),
    Threat("pin-replaced", "card", "密碼變更後仍以舊密碼簽章", "The old PIN after a new one was set elsewhere", _PIN),
    Threat("raw-signature", "card", "要求簽署任意位元組", "Asking for a signature over anything but our content",
           "signing.content:is_content"),
    Threat("user-code-guessed", "card", "猜測用戶代碼", "Guessing the user code",
           "signing.simulation.backends:CardBackend.unlock"),

    # The card agent
    Threat("body-huge", "agent", "無盡之請求內容", "A body without end",
           "signing.simulation.plain_http:PlainHandler.body"),
    Threat("client-slow", "agent", "逐位元組拖延或占滿連線", "A byte now and then, or all connections taken",
           "signing.simulation.connections:Connections.cut_late"),
    Threat("cookie-riding", "agent", "以 cookie 冒用視窗", "Riding on a cookie", _SERVED),
    Threat("host-rebinding", "agent", "DNS 重新綁定", "DNS rebinding", _SERVED),
    Threat("iframe", "agent", "以框架嵌入簽章視窗", "The window in a frame", _SERVED),
    Threat("origin-evil", "agent", "惡意或 null 來源", "An evil or null origin", _SERVED),
    Threat("package-replayed", "agent", "重送已交付之內容", "A package handed over before", _WINDOWS),
    Threat("preflight-foreign", "agent", "惡意來源之 CORS 與私有網路預檢", "Preflights of strange origins", _SERVED),
    Threat("refusal-telling", "agent", "自拒絕或錯誤探知卡片與環境", "Learning from refusals and faults", _PLAIN),
    Threat("request-smuggled", "agent", "可作兩種解讀之 HTTP 請求", "A request that can be read in two ways", _PLAIN),
    Threat("window-second", "agent", "第二個簽章視窗或第二份內容", "A second window, a second package", _WINDOWS),
)
# fmt: on
