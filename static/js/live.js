// Lists that filter and turn pages in place, and queues that refresh themselves: htmx does the work, this says when.
// Nothing depends on it: without scripts the same links and forms load whole pages.
"use strict";

(() => {
  const STORED = "epay-live";
  const SECOND_MS = 1000;
  const said = document.getElementById("said");
  let askedAt = Date.now();
  let isOver = false;
  let before = null;

  const live = () => document.querySelector("[data-live]");
  const isOn = () => { try { return localStorage.getItem(STORED) !== "off"; } catch { return true; } };
  const isPoll = (event) => event.detail.requestConfig?.headers?.["X-Poll"] === "1";

  function tell(box, key, values = {}) {
    const place = box.querySelector("[data-live-at]");
    place.textContent = (place.dataset[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }
  function show(box) {
    box.querySelector("[data-live-switch]").setAttribute("aria-pressed", String(!isOn()));
    box.hidden = false;
    if (!isOn()) tell(box, "off");
  }

  // What somebody has ticked or is typing is never taken from under their hands.
  function isBusy() {
    const place = document.getElementById("live");
    if (!place) return true;
    if (place.querySelector("input[type=checkbox]:checked, details[open]")) return true;
    return [...place.querySelectorAll("input[type=text], input[type=search], input:not([type]), textarea")]
      .some((one) => one.value !== one.defaultValue);
  }

  function tick() {
    const box = live();
    if (!box) return;
    if (box.hidden) show(box);
    const isDue = Date.now() - askedAt >= Number(box.dataset.everySeconds) * SECOND_MS;
    if (!isDue || !isOn() || isOver || document.visibilityState !== "visible") return;
    askedAt = Date.now();
    if (isBusy()) tell(box, "waits");
    else htmx.trigger(box, "epay:poll");
  }

  // What is on the page, by the addresses of its rows; the alert in words.
  const rowsIn = (root) => new Set([...root.querySelectorAll("tbody tr a[href], ul.queues a[href]")]
    .map((link) => link.getAttribute("href") + (link.querySelector(".count")?.textContent ?? "")));
  const alertIn = (root) => root.querySelector("[data-alert]")?.textContent.trim() ?? "";
  // Where the keyboard stands, so that it stands there afterwards.
  const standsAt = () => {
    const link = document.activeElement?.closest?.("#live a[href], #rail a[href]");
    return link ? [link.closest("#rail") ? "#rail" : "#live", link.getAttribute("href")] : null;
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isPoll(event)) return;
    const place = document.getElementById("live");
    before = place && { rows: rowsIn(place), alert: alertIn(place), link: standsAt() };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (isPoll(event)) afterPoll();
    else if (event.detail.boosted || event.detail.requestConfig?.boosted) afterList();
  });

  function afterPoll() {
    const box = live(), place = document.getElementById("live");
    if (!box || !place || !before) return;
    const known = before;
    before = null;
    tell(box, "text", { time: new Date().toLocaleTimeString("en-GB") });
    if (known.link) document.querySelector(`${known.link[0]} a[href="${CSS.escape(known.link[1])}"]`)?.focus({ preventScroll: true });
    const rows = rowsIn(place), alert = alertIn(place);
    const come = [...rows].filter((one) => !known.rows.has(one)).length;
    const gone = [...known.rows].filter((one) => !rows.has(one)).length;
    const parts = [come && said.dataset.come.replace("{count}", come), gone && said.dataset.gone.replace("{count}", gone)];
    const words = parts.filter(Boolean).join("、");
    const news = alert && alert !== known.alert ? alert : "";
    if (words || news) said.textContent = [news, words && said.dataset.list.replace("{count}", words)].filter(Boolean).join(" ");
  }

  function afterList() {
    askedAt = Date.now();
    const count = document.querySelector("#list-line [role=status]");
    if (count) said.textContent = count.textContent;
    if (!document.activeElement || document.activeElement === document.body) document.getElementById("main").focus();
  }

  // A refusal is a page of its own: a list loads it whole, a refresh says so and leaves what stands there.
  document.addEventListener("htmx:responseError", (event) => {
    if (!isPoll(event)) { location.assign(event.detail.pathInfo.finalRequestPath); return; }
    isOver = event.detail.xhr.status === 401;
    if (live()) tell(live(), isOver ? "over" : "down");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (isPoll(event) && live()) tell(live(), "down");
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-live-switch]")) return;
    try { localStorage.setItem(STORED, isOn() ? "off" : "on"); } catch { /* a browser without storage keeps refreshing */ }
    tell(live(), "none");
    show(live());
  });
  document.addEventListener("visibilitychange", tick);
  tick();
  setInterval(tick, SECOND_MS);
})();
