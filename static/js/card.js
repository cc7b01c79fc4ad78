// Signing with a card: contents from the site, signatures from the card agent's own window, result back to the site.
// The PIN is typed into the agent's window and never comes here.
"use strict";

(() => {
  const CANCELLED = 0x76000999;
  const LOCKED = 0xa4;
  const LEFT = { [0x80000002]: 2, [0x80000001]: 1 };
  const SAID = {
    [0x76000003]: "refused_content",
    [0x76000006]: "no_card",
    [0x7600000b]: "refused_content",
    [0x7600000f]: "agent_forbidden",
    [0x76000010]: "refused_content",
    [0x76000011]: "replayed",
    [0x76000012]: "busy",
    [0x76000013]: "no_answer",
    [CANCELLED]: "cancelled",
    [0x76500001]: "not_yet_valid",
    [0x76500002]: "expired",
  };
  const READY_MS = 20000;
  const LOOK_MS = 300;

  function freshNonce() {
    return [...crypto.getRandomValues(new Uint8Array(24))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  class Refusal extends Error {
    constructor(key, values = {}, own = null) {
      super(key);
      this.key = key;
      this.values = values;
      this.own = own;
    }
  }

  class CardForm {
    constructor(form) {
      this.form = form;
      this.panel = form.querySelector("[data-card-panel]");
      this.agent = new URL(this.panel.dataset.agent).origin;
      this.status = this.panel.querySelector("[data-card-status]");
      this.error = this.panel.querySelector("[data-card-error]");
      this.button = this.panel.querySelector("[data-card-submit]");
      this.isBusy = false;
      this.found = null;
      const check = this.panel.querySelector("[data-card-check]");
      check.hidden = false;
      check.addEventListener("click", () => this.look());
      form.addEventListener("submit", (event) => this.submit(event));
      this.look();
    }

    // Words

    words(key, values = {}, part = "text") {
      const line = this.panel.querySelector(`[data-card-texts] [data-code="${key}"]`);
      const words = part === "remedy" ? line.dataset.remedy : line.textContent;
      return (words || "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
    }

    tell(key, values) {
      this.status.textContent = this.words(key, values);
    }

    complain(refusal) {
      const { title, remedy } = refusal.own || {};
      this.panel.querySelector("[data-card-error-title]").textContent = title || this.words(refusal.key, refusal.values);
      this.panel.querySelector("[data-card-error-remedy]").textContent =
        remedy || this.words(refusal.key, refusal.values, "remedy");
      this.error.dataset.code = refusal.key;
      this.error.hidden = false;
      this.error.focus();
    }

    // What is in the reader

    async look() {
      this.tell("looking");
      try {
        const answer = await fetch(`${this.agent}/pkcs11info`, { credentials: "omit", cache: "no-store" });
        const found = await answer.json();
        this.found = found.ret_code === 0 ? found.slots.length : null;
        this.tell(this.found ? "ready" : "empty", { count: this.found });
      } catch {
        this.found = null;
        this.isForbidden = await this.answersAnybody();
        this.tell(this.isForbidden ? "forbidden" : "down");
      }
      return this.found;
    }

    // An agent that runs but does not know this site answers something, unreadable for us.
    async answersAnybody() {
      try {
        await fetch(`${this.agent}/pkcs11info`, { mode: "no-cors", credentials: "omit", cache: "no-store" });
        return true;
      } catch {
        return false;
      }
    }

    // One signing, from click to result

    async submit(event) {
      event.preventDefault();
      if (this.isBusy) return;
      this.busy(true);
      let popup = null;
      try {
        // A browser opens a window only right after the click, so first of all.
        if (this.found === null && (await this.look()) === null) {
          throw new Refusal(this.isForbidden ? "agent_forbidden" : "agent_down");
        }
        popup = this.open();
        this.tell("fetching");
        const ready = this.heard(popup, "ready", READY_MS);
        ready.catch(() => {});
        const asked = await this.contents();
        await ready;
        this.tell("window");
        const results = await this.signatures(popup, asked);
        this.hand(results);
      } catch (problem) {
        if (popup && !popup.closed && popup.close) popup.close();
        this.busy(false);
        await this.look();
        this.complain(problem instanceof Refusal ? problem : new Refusal("other", { code: String(problem) }));
      }
    }

    busy(isBusy) {
      this.isBusy = isBusy;
      this.button.disabled = isBusy;
      this.panel.setAttribute("aria-busy", String(isBusy));
      if (isBusy) this.error.hidden = true;
    }

    open() {
      const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh-Hant";
      const query = new URLSearchParams({ lang, origin: location.origin });
      const place = `popup,width=760,height=${Math.min(860, screen.availHeight)}`;
      const popup = window.open(`${this.agent}/popupForm?${query}`, "_blank", place);
      if (!popup) throw new Refusal("popup_blocked");
      return popup;
    }

    async contents() {
      let answer;
      try {
        answer = await fetch(this.form.dataset.contentsUrl, {
          method: "POST",
          body: new FormData(this.form),
          headers: { Accept: "application/json" },
          credentials: "same-origin",
        });
      } catch {
        throw new Refusal("server_down");
      }
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      if (!isJson) throw new Refusal(answer.redirected ? "session_over" : "server_down");
      const found = await answer.json();
      if (!answer.ok) throw new Refusal("refused", {}, this.ownWords(found));
      if (Array.isArray(found.card_nos) && !found.card_nos.length) throw new Refusal("no_registered_card");
      return found;
    }

    // A problem of the site: what happened and what to do, else its sentence alone.
    ownWords({ title, detail, remedy }) {
      return remedy ? { title, remedy: [remedy, detail].filter(Boolean).join(" ") } : { title: detail || title };
    }

    // A message of the agent's window; refuses when the window is closed or silent.
    heard(popup, func, patience) {
      return new Promise((resolve, reject) => {
        const begun = Date.now();
        const end = (settle, value) => {
          window.removeEventListener("message", listen);
          clearInterval(looking);
          settle(value);
        };
        const listen = (event) => {
          if (event.origin !== this.agent || event.source !== popup || !event.data) return;
          if (event.data.func === func) end(resolve, event.data);
          else if (func === "ready" && event.data.func === "signatures") end(reject, this.refusal(event.data));
        };
        const looking = setInterval(() => {
          // What a window says while it closes is heard first.
          if (popup.closed) setTimeout(() => end(reject, new Refusal("cancelled")), LOOK_MS);
          else if (patience && Date.now() - begun > patience) end(reject, new Refusal("no_answer"));
        }, LOOK_MS);
        window.addEventListener("message", listen);
      });
    }

    async signatures(popup, asked) {
      const packages = asked.contents.map(({ id, tbs }) => ({
        id: String(id),
        tbs,
        tbsEncoding: "base64",
        hashAlgorithm: "SHA256",
        signatureType: "PKCS7",
        withCardSN: true,
      }));
      const message = { func: "MakeSignatures", packages, nonce: freshNonce(), card_no: asked.card_no || "" };
      const answered = this.heard(popup, "signatures", 0);
      popup.postMessage(message, this.agent);
      const answer = await answered;
      if (!answer.results.some((one) => one.ret_code === 0)) throw this.refusal(answer.results[0] || answer);
      this.checkCard(answer.results, asked);
      return answer.results;
    }

    // The card that signed must be one of this person's in this capacity.
    checkCard(results, asked) {
      const known = asked.card_nos || (asked.card_no ? [asked.card_no] : []);
      const used = results.find((one) => one.ret_code === 0).cardSN;
      if (known.length && !known.includes(used)) throw new Refusal("wrong_card", { card: known.join("、") });
    }

    refusal({ ret_code: retCode, last_error: lastError }) {
      if (lastError === LOCKED) return new Refusal("locked");
      if (lastError in LEFT) return new Refusal("pin_wrong", { left: LEFT[lastError] });
      const code = `0x${(retCode >>> 0).toString(16).toUpperCase().padStart(8, "0")}`;
      return SAID[retCode] ? new Refusal(SAID[retCode]) : new Refusal("other", { code });
    }

    hand(results) {
      this.tell("sending", { count: results.filter((one) => one.ret_code === 0).length });
      this.form.querySelector("input[name=signatures]").value = JSON.stringify(results);
      HTMLFormElement.prototype.submit.call(this.form);
    }
  }

  const begin = () => document.querySelectorAll("form[data-card-sign]").forEach((form) => new CardForm(form));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
  // "Back" shows the page as it was left, signatures and all: begin anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.querySelector("form[data-card-sign]")) location.reload();
  });
})();
