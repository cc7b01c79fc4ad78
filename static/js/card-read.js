// Reads the certificate of the card in the reader into the form of registration. Without an agent the file is chosen.
"use strict";

(() => {
  const panel = document.querySelector("[data-card-read]");
  if (!panel) return;
  const agent = new URL(panel.dataset.agent).origin;
  const status = panel.querySelector("[data-read-status]");
  panel.hidden = false;

  function tell(code, values = {}) {
    const words = panel.querySelector(`[data-read-texts] [data-code="${code}"]`).textContent;
    status.textContent = words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  async function read() {
    tell("looking");
    let found;
    try {
      const answer = await fetch(`${agent}/pkcs11info?withcert=true`, { credentials: "omit", cache: "no-store" });
      found = await answer.json();
    } catch {
      tell("down");
      return;
    }
    const slots = found.ret_code === 0 ? found.slots : [];
    if (slots.length !== 1) {
      tell(slots.length ? "many" : "empty", { count: slots.length });
      return;
    }
    document.getElementById("id_card_no").value = slots[0].slotDescription;
    document.getElementById("id_pasted").value = slots[0].token.certs[0].certb64;
    tell("done", { card: slots[0].slotDescription });
  }

  panel.querySelector("[data-read]").addEventListener("click", read);
})();
