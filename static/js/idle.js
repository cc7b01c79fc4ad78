// Says some minutes before the session ends that it will, and lets it go on. Drafts are kept by the form's own autosave.
"use strict";

(() => {
  const WARN_SECONDS = 5 * 60;
  const box = document.querySelector("[data-idle]");
  if (!box) return;
  const length = Number(box.dataset.sessionSeconds);
  const left = box.querySelector("[data-idle-left]");
  const over = box.querySelector("[data-idle-over]");
  const stay = box.querySelector("[data-idle-stay]");
  const login = box.querySelector("[data-idle-login]");
  const KEY = "epay-alive-at";
  let endsAt;

  // Every answer of the server prolongs the session, except to a page that refreshes itself; other tabs of the same browser say so through the storage.
  function alive() {
    endsAt = Date.now() + length * 1000;
    box.hidden = true;
    try { localStorage.setItem(KEY, String(Date.now())); } catch { /* a browser without storage: this tab counts alone */ }
  }

  function show() {
    const seconds = Math.round((endsAt - Date.now()) / 1000);
    if (seconds > Math.min(WARN_SECONDS, length / 2)) { box.hidden = true; return; }
    const minutes = Math.max(1, Math.ceil(seconds / 60));
    left.textContent = left.dataset.text.replace("{minutes}", String(minutes));
    left.hidden = stay.hidden = seconds <= 0;
    over.hidden = login.hidden = seconds > 0;
    const wasHidden = box.hidden;
    box.hidden = false;
    if (wasHidden) stay.focus();
  }

  stay.addEventListener("click", async () => {
    try {
      const answer = await fetch(box.dataset.aliveUrl, { credentials: "same-origin", redirect: "manual" });
      if (answer.status === 204) { alive(); return; }
    } catch { /* no connection: the time runs on and says so */ }
    endsAt = Math.min(endsAt, Date.now());
    show();
  });
  window.addEventListener("storage", (event) => { if (event.key === KEY) endsAt = Number(event.newValue) + length * 1000; });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && !event.detail.requestConfig.headers["X-Poll"]) alive();
  });
  document.addEventListener("epay:alive", alive);
  alive();
  setInterval(show, 1000);
})();
