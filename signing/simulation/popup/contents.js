// What is signed, as the card agent's window shows it: made of nodes and texts, never of markup.
import { TEXTS } from "./texts.js";

const PAYEES_SHOWN = 3;

// A text in the language of the window.
export function text(key, values = {}) {
  const words = TEXTS[document.documentElement.lang] || TEXTS["zh-Hant"];
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// A whole number with its separators.
export function number(value) {
  return new Intl.NumberFormat("en").format(value);
}

// An element with its content: texts and other elements.
export function element(name, content, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...(Array.isArray(content) ? content : [content]));
  return made;
}

// A voucher as the person is to read it before the PIN.
export function item(one) {
  const facts = [
    text("agency", { code: one.agency_code }),
    String(one.fiscal_year),
    text("revision", { revision: one.revision }),
    text(`capacity_${one.capacity}`),
  ];
  const lines = [
    element("dt", text("amount")),
    element("dd", amount(one), "amount"),
    element("dt", text("payees")),
    element("dd", payees(one.payees)),
    element("dt", text("purpose")),
    element("dd", one.purpose),
    element("dt", text("digest")),
    element("dd", element("code", one.digest.match(/.{8}/g).join(" "))),
  ];
  return element("li", [
    element("h3", one.number),
    element("p", facts.join(" · "), "quiet"),
    element("dl", lines),
  ]);
}

function amount(one) {
  const shown = text("twd", { amount: number(one.total_twd) });
  if (one.payees_twd === one.total_twd) return shown;
  return [shown, element("p", text("differs", { sum: number(one.payees_twd) }), "stop")];
}

function payees(all) {
  if (!all.length) return text("no_payees");
  const line = (one) => element("li", `${one.name} ${text("twd", { amount: number(one.amount_twd) })}`);
  const shown = element("ul", all.slice(0, PAYEES_SHOWN).map(line));
  const rest = all.slice(PAYEES_SHOWN);
  if (!rest.length) return shown;
  const more = element("details", [
    element("summary", text("more_payees", { count: number(rest.length) })),
    element("ul", rest.map(line)),
  ]);
  return [shown, more];
}
