// The desk by keyboard: j and k go through the queue, a accepts, r opens the return form, ? explains.
// Single keys can be switched off and do nothing while somebody types; without this file every button is still there.
(() => {
  "use strict";
  const STORED = "desk-keys";
  // Looked up when needed: the queue refreshes itself.
  const inBar = (what) => document.querySelector(`[data-desk-keys] ${what}`);
  const rowsNow = () => [...document.querySelectorAll("[data-desk-rows] tbody tr")];
  let isOn = read() !== "off";
  let chosen = -1;

  function read() {
    try { return localStorage.getItem(STORED); } catch { return null; }
  }
  function keep() {
    try { localStorage.setItem(STORED, isOn ? "on" : "off"); } catch { /* a browser without storage asks again */ }
  }
  function show() {
    const button = inBar("[data-key-switch]");
    if (button) {
      button.setAttribute("aria-pressed", String(isOn));
      button.textContent = isOn ? button.dataset.on : button.dataset.off;
    }
    for (const hint of document.querySelectorAll("[data-key-hint]")) hint.hidden = !isOn;
  }
  function isTyping(target) {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable || target.matches("textarea, select")) return true;
    return target.matches("input") && !["checkbox", "radio", "button", "submit"].includes(target.type);
  }
  function choose(step) {
    const rows = rowsNow();
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (at >= 0) chosen = at;
    if (!rows.length) return false;
    for (const row of rows) row.classList.remove("chosen");
    chosen = Math.min(Math.max(chosen + step, 0), rows.length - 1);
    rows[chosen].classList.add("chosen");
    rows[chosen].querySelector("a")?.focus();
    return true;
  }
  function go(key) {
    const link = document.querySelector(`a[data-key="${key}"]`);
    if (link) link.click();
    return Boolean(link);
  }
  function accept() {
    const form = document.querySelector('[data-key-form="a"]');
    if (!form) return false;
    const open = form.querySelector('input[type="checkbox"]:not(:checked)');
    const button = form.querySelector('button[type="submit"]');
    if (open) open.focus();
    else if (!button.disabled) form.requestSubmit(button);
    return true;
  }
  function openReturn() {
    const details = document.querySelector('[data-key-details="r"]');
    if (!details) return false;
    details.open = true;
    (details.querySelector('input[type="checkbox"]:checked') ?? details.querySelector('input[type="checkbox"]'))?.focus();
    return true;
  }
  function help() {
    const dialog = inBar("dialog");
    if (!dialog) return false;
    if (!dialog.open) dialog.showModal();
    return true;
  }
  function tick(key) {
    const box = document.querySelector(`input[type="checkbox"][data-key="${key}"]`);
    if (!box) return false;
    box.click();
    box.focus();
    return true;
  }
  const acts = {
    j: () => (rowsNow().length ? choose(1) : go("j")),
    k: () => (rowsNow().length ? choose(-1) : go("k")),
    a: accept,
    r: openReturn,
    "?": help,
    1: () => tick("1"),
    2: () => tick("2"),
  };

  document.addEventListener("keydown", (event) => {
    if (!isOn || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const act = acts[event.key];
    if (act && act()) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-key-switch]")) { isOn = !isOn; keep(); show(); }
    if (event.target.closest("[data-key-help]")) help();
  });
  function begin() {
    const bar = document.querySelector("[data-desk-keys]");
    if (bar) bar.hidden = false;
    show();
  }
  document.addEventListener("htmx:afterSettle", begin);
  begin();
})();
