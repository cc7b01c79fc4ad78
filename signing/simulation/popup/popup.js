// The card agent's window: takes one package from the page that opened it, shows what the agent itself has read out of
// the bytes, takes the PIN, and gives the signatures back to exactly that page. The PIN never leaves this origin.
import { element, item, number, text } from "./contents.js";
import { TEXTS } from "./texts.js";

const TOKEN = document.body.dataset.popup;
const ORIGIN = document.body.dataset.origin;
const CODES = {
  NO_CARD: 0x76000006,
  REPLAYED: 0x76000011,
  CLOSED: 0x76000013,
  CANCELLED: 0x76000999,
};
const SAID = {
  [0x76000003]: "refused_content",
  [0x76000006]: "no_card",
  [0x7600000b]: "refused_content",
  [0x7600000f]: "forbidden",
  [0x76000010]: "refused_content",
  [0x76000011]: "replayed",
  [0x76000012]: "busy",
  [0x76000013]: "closed",
  [0x76000998]: "no_pin",
  [0x76500001]: "not_yet_valid",
  [0x76500002]: "expired",
};
const LOCKED = 0xa4;
const DEVICE_FAILED = 0x30;
const UNLOCK_SAID = { [DEVICE_FAILED]: "device_failed", [0xa2]: "new_pin_short" };
const LEFT = { [0x80000002]: 2, [0x80000001]: 1 };
const ALIVE_MS = 20000;

const opener = window.opener;
const $ = (id) => document.getElementById(id);
let contents = null;
let wantedCard = "";
let lastError = 0;
let isOver = false;
let said = { status: ["waiting"], error: null };

// Words

function translate() {
  for (const one of document.querySelectorAll("[data-text]")) {
    one.textContent = text(one.dataset.text);
  }
  const other = $("language");
  other.textContent = text("other_language");
  other.lang = text("other_lang");
  if (contents) show();
  tell(...said.status);
  if (said.error) complain(...said.error, false);
}

function tell(key, values) {
  said.status = [key, values];
  $("status").removeAttribute("data-text");
  $("status").textContent = text(key, values);
}

function complain(key, values, takesFocus = true) {
  said.error = [key, values];
  $("error").textContent = text(key, values);
  $("error").hidden = false;
  if (takesFocus) $("error").focus();
}

function calm() {
  said.error = null;
  $("error").hidden = true;
}

// What is signed

function show() {
  const total = contents.reduce((sum, one) => sum + one.total_twd, 0);
  $("sum").textContent = text("sum", { count: number(contents.length), total: number(total) });
  $("list").replaceChildren(...contents.map(item));
  $("contents").hidden = false;
}

// The agent, on this window's own origin

async function ask(path, body) {
  try {
    const answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify({ popup: TOKEN, ...body }),
    });
    return await answer.json();
  } catch {
    return { ret_code: -1, last_error: 0, isDown: true };
  }
}

async function readCards() {
  const chosen = $("card").value || wantedCard;
  const found = await ask("/pkcs11info");
  const slots = found.slots || [];
  $("card").replaceChildren(
    ...slots.map(({ slotDescription, token }) => {
      const capacity = TEXTS["zh-Hant"][`title_${token.capacity}`] ? text(`title_${token.capacity}`) : token.agency;
      const words = text("card_option", { holder: token.label, capacity, card_no: slotDescription });
      const option = element("option", words + (token.isValid ? "" : text("card_expired")));
      option.value = slotDescription;
      return option;
    }),
  );
  if (slots.some((one) => one.slotDescription === chosen)) $("card").value = chosen;
  $("sign").disabled = !slots.length;
  if (found.isDown) complain("agent_down");
  else if (!slots.length) complain("no_card");
  else calm();
}

// Words of a refusal

function explain(found) {
  if (found.isDown) return ["agent_down"];
  if (found.last_error === LOCKED) return ["locked"];
  if (found.last_error === DEVICE_FAILED) return ["device_failed"];
  if (found.last_error in LEFT) return ["pin_wrong", { left: LEFT[found.last_error] }];
  const code = `0x${(found.ret_code >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
  return SAID[found.ret_code] ? [SAID[found.ret_code]] : ["other", { code }];
}

// Report and end

function report(results, retCode = 0) {
  isOver = true;
  if (opener && !opener.closed) {
    opener.postMessage({ func: "signatures", results, ret_code: retCode, last_error: lastError }, ORIGIN);
  }
  navigator.sendBeacon("/popup/close", JSON.stringify({ popup: TOKEN }));
}

function fail(found) {
  const [key, values] = explain(found);
  tell(key, values);
  $("pin-form").hidden = true;
  $("ending").hidden = false;
  $("status").classList.add("stop");
  $("status").focus();
  report([], found.ret_code);
}

// One package

async function take(event) {
  if (event.origin !== ORIGIN || event.source !== opener) return;
  if (!event.data || event.data.func !== "MakeSignatures") return;
  if (contents || isOver) {
    opener.postMessage({ func: "refused", ret_code: CODES.REPLAYED }, ORIGIN);
    return;
  }
  contents = [];
  wantedCard = String(event.data.card_no || "");
  const { packages, nonce } = event.data;
  const found = await ask("/popup/package", { origin: event.origin, packages, nonce });
  if (found.isDown || found.ret_code !== 0) {
    contents = null;
    fail(found);
    return;
  }
  contents = found.contents;
  show();
  tell("checking");
  $("pin-form").hidden = false;
  await readCards();
  if (!said.error) $("pin").focus();
}

async function sign(event) {
  event.preventDefault();
  calm();
  const pin = $("pin").value;
  $("pin").value = "";
  if (!pin) {
    complain("no_pin", {}, false);
    $("pin").focus();
    return;
  }
  busy(true);
  const results = [];
  for (const one of contents) {
    tell("signing", { done: results.length + 1, count: contents.length });
    const found = await ask("/sign", {
      func: "MakeSignature",
      signatureType: "PKCS7",
      id: one.id,
      slotDescription: $("card").value,
      pin,
    });
    if (!results.length && (found.isDown || found.ret_code !== 0)) {
      refused(found);
      return;
    }
    results.push({ id: one.id, ...found });
  }
  tell("done", { count: results.length });
  report(results);
  window.close();
}

function refused(found) {
  busy(false);
  lastError = found.last_error;
  tell("checking");
  if (found.ret_code === CODES.CLOSED) {
    fail(found);
    return;
  }
  complain(...explain(found), found.last_error !== LOCKED && !(found.last_error in LEFT));
  const isLocked = found.last_error === LOCKED;
  $("unlock-form").hidden = !isLocked;
  (isLocked ? $("user-code") : $("pin")).focus();
}

function busy(isBusy) {
  for (const control of $("pin-form").elements) control.disabled = isBusy;
}

async function unlock(event) {
  event.preventDefault();
  const [userCode, pin] = [$("user-code").value, $("new-pin").value];
  $("user-code").value = "";
  if (!/^\d{6,8}$/.test(pin)) {
    complain("new_pin_short", {}, false);
    $("new-pin").focus();
    return;
  }
  const found = await ask("/sign", { func: "UnlockPin", slotDescription: $("card").value, userCode, pin });
  if (found.isDown || found.ret_code !== 0) {
    complain(UNLOCK_SAID[found.last_error] || (found.isDown ? "agent_down" : "unlock_wrong"), {}, false);
    $("user-code").focus();
    return;
  }
  $("new-pin").value = "";
  $("unlock-form").hidden = true;
  lastError = 0;
  calm();
  tell("unlocked");
  $("pin").focus();
}

function cancel() {
  report([], said.error && said.error[0] === "no_card" ? CODES.NO_CARD : CODES.CANCELLED);
  window.close();
}

$("language").addEventListener("click", () => {
  document.documentElement.lang = text("other_lang");
  translate();
  if (contents && !$("pin-form").hidden) readCards();
});
$("pin-form").addEventListener("submit", sign);
$("unlock-form").addEventListener("submit", unlock);
$("cancel").addEventListener("click", cancel);
$("close").addEventListener("click", () => window.close());
$("reload").addEventListener("click", readCards);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && contents && !isOver) cancel();
});
window.addEventListener("pagehide", () => {
  if (!isOver) report([], CODES.CANCELLED);
});
window.addEventListener("message", take);

translate();
if (!opener) {
  tell("no_opener");
  $("status").classList.add("stop");
} else {
  setInterval(() => {
    if (!isOver) ask("/popup/alive", {});
  }, ALIVE_MS);
  opener.postMessage({ func: "ready" }, ORIGIN);
}
