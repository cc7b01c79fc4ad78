/* The voucher form with JavaScript: saves itself, says what is wrong once a field is left, suggests while typing.
   Without it every one of these is a button of the form. */
(() => {
  const form = document.getElementById("voucher-form");
  if (!form) return;
  form.classList.add("has-script");
  const SAVE_MS = 2500, LEFT_MS = 400, LOOKUP_MS = 200;
  const byId = (id) => document.getElementById(id);
  // Buttons are named "action", so that the form's own property of that name is not its address.
  const address = () => new URL(form.getAttribute("action"), location.href);
  const idOf = (name) => "f-" + name.replaceAll(".", "-");
  const touched = new Set();
  let timer = 0, running = null, dirty = false, stopped = false;

  for (const list of form.querySelectorAll(".said")) {
    if (!list.children.length) continue;
    const owner = byId(list.id.slice(2));
    const controls = owner && owner.name ? [owner] : [...(list.closest("tr")?.previousElementSibling ?? owner ?? form).querySelectorAll("[name]")];
    for (const control of controls) touched.add(control.name);
  }

  function schedule(wait) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, wait);
  }

  async function save() {
    clearTimeout(timer);
    if (running) { await running; return dirty ? save() : undefined; }
    if (stopped) return undefined;
    dirty = false;
    const body = new FormData(form);
    body.delete("remove");
    body.set("action", "autosave");
    running = send(body);
    await running;
    running = null;
    return undefined;
  }

  async function send(body) {
    try {
      const answer = await fetch(address(), { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      const type = answer.headers.get("Content-Type") ?? "";
      if (!type.includes("json")) throw new Error(String(answer.status));
      const found = await answer.json();
      if (found.conflict) conflict(found);
      else show(found);
    } catch {
      dirty = true;
      byId("saved").textContent = form.dataset.error;
    }
  }

  function conflict(found) {
    stopped = true;
    const notice = document.createElement("div");
    notice.className = "notice stop";
    const text = document.createElement("p");
    text.textContent = found.conflict;
    const button = document.createElement("button");
    button.className = "button";
    button.name = "action";
    button.value = "save";
    button.textContent = found.compare;
    notice.append(text, ...(found.compare ? [button] : []));
    byId("form-conflict").replaceChildren(notice);
    byId("saved").textContent = "";
    notice.scrollIntoView({ block: "center" });
  }

  function show(found) {
    form.elements.version.value = found.version;
    if (form.getAttribute("action") !== found.address) {
      form.setAttribute("action", found.address);
      form.elements.voucher?.remove();
    }
    byId("saved").innerHTML = found.state;
    byId("outstanding").innerHTML = found.outstanding;
    if (byId("capitals")) byId("capitals").textContent = found.capitals;
    for (const [key, text] of Object.entries(found.sums)) {
      const place = form.querySelector(`[data-sum="${key}"]`);
      if (place) place.textContent = text;
    }
    for (const place of form.querySelectorAll("[data-count]")) {
      if (found.counts[place.dataset.count] !== undefined) place.textContent = found.counts[place.dataset.count].trim();
    }
    byId("sums")?.classList.toggle("differ", !found.agree);
    byId("sums")?.classList.toggle("blank", found.blank);
    for (const hint of form.querySelectorAll(".hint[id^='h-f-']")) {
      const control = byId(hint.id.slice(2));
      if (control && /(account_code|bank_code)$/.test(control.name ?? "")) hint.textContent = found.hints[control.name] ?? "";
    }
    showSaid(found.said);
  }

  function showSaid(said) {
    for (const list of form.querySelectorAll(".said")) list.replaceChildren();
    for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    for (const [name, message, remedy, law] of said) {
      const way = name.split(".");
      while (way.length && !byId("e-" + idOf(way.join(".")))) way.pop();
      const slot = way.join(".");
      if (!slot || !isTouched(name, slot)) continue;
      byId("e-" + idOf(slot)).append(line(message, remedy, law));
      byId(idOf(name))?.setAttribute("aria-invalid", "true");
    }
  }

  function isTouched(name, slot) {
    if (touched.has(name)) return true;
    return slot !== name || !byId(idOf(name))?.name ? [...touched].some((one) => one.startsWith(slot + ".")) : false;
  }

  function line(message, remedy, law) {
    const item = document.createElement("li");
    const todo = document.createElement("span");
    todo.className = "remedy";
    todo.textContent = remedy + (law ? " " : "");
    item.append(message, todo);
    if (law) {
      const source = document.createElement("span");
      source.className = "law";
      source.textContent = law;
      todo.append(source);
    }
    return item;
  }

  /* Thousands separators while typing; the caret stays behind the same digit. */
  function separate(control) {
    const digits = control.value.replaceAll(",", "");
    if (!/^[0-9]{1,16}$/.test(digits)) return;
    const behind = control.value.slice(control.selectionStart).replaceAll(",", "").length;
    const text = digits.replace(/\B(?=([0-9]{3})+$)/g, ",");
    if (text === control.value) return;
    control.value = text;
    let place = text.length;
    for (let left = behind; left > 0; place -= 1) if (text[place - 1] !== ",") left -= 1;
    control.setSelectionRange(place, place);
  }

  let capitalsTimer = 0;
  function capitals(control) {
    clearTimeout(capitalsTimer);
    capitalsTimer = setTimeout(async () => {
      const answer = await fetch(`${form.dataset.capitals}?${new URLSearchParams({ amount: control.value })}`);
      if (answer.ok) byId("capitals").textContent = (await answer.json()).capitals;
    }, LOOKUP_MS);
  }

  /* Suggestions: a list of the browser's own, so arrow keys, Enter and screen readers work as everywhere. */
  const list = document.createElement("datalist");
  list.id = "suggestions";
  form.append(list);
  let lookupTimer = 0, offered = new Map();
  function lookup(control) {
    clearTimeout(lookupTimer);
    lookupTimer = setTimeout(async () => {
      const query = new URLSearchParams({ what: control.dataset.lookup, q: control.value, year: form.elements.fiscal_year.value });
      const answer = await fetch(`${form.dataset.lookups}?${query}`);
      if (!answer.ok || document.activeElement !== control) return;
      const { found } = await answer.json();
      offered = new Map();
      list.replaceChildren(...found.map(([text, note, sets]) => {
        const option = document.createElement("option");
        option.value = control.dataset.lookup === "payee" ? `${text}　${note}` : text;
        if (control.dataset.lookup !== "payee") option.label = `${text}　${note}`;
        offered.set(option.value, sets);
        return option;
      }));
    }, LOOKUP_MS);
  }

  function choose(control) {
    const sets = offered.get(control.value);
    if (!sets) return false;
    const owner = control.name.slice(0, control.name.lastIndexOf(".") + 1);
    for (const [last, value] of Object.entries(sets)) {
      const other = form.elements.namedItem(owner + last);
      if (other && (value || other === control)) { other.value = value; touched.add(other.name); }
    }
    schedule(LEFT_MS);
    return true;
  }

  form.addEventListener("focusin", (event) => {
    const control = event.target;
    if (!control.dataset?.lookup) return;
    control.setAttribute("list", list.id);
    list.replaceChildren();
    offered = new Map();
    lookup(control);
  });
  form.addEventListener("input", (event) => {
    const control = event.target;
    if (!control.name || control.name === "remove") return;
    dirty = true;
    if ("amount" in control.dataset) separate(control);
    if (control.name === "total_twd") capitals(control);
    if (control.dataset.lookup && !choose(control)) lookup(control);
    schedule(SAVE_MS);
  });
  form.addEventListener("change", (event) => {
    const control = event.target;
    if ("decides" in control.dataset) form.querySelector(`button[value="change:${control.name}"]`).click();
  });
  form.addEventListener("focusout", (event) => {
    if (!event.target.name || event.target.tagName === "BUTTON") return;
    touched.add(event.target.name);
    if (dirty) schedule(LEFT_MS);
  });
  form.addEventListener("submit", async (event) => {
    const asks = event.submitter?.dataset.asks;
    if (asks && !confirm(asks)) { event.preventDefault(); return; }
    clearTimeout(timer);
    if (!running) { stopped = true; dirty = false; return; }
    event.preventDefault();
    await running;
    stopped = true;
    form.requestSubmit(event.submitter);
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("beforeunload", (event) => { if (dirty && !stopped) { save(); event.preventDefault(); } });

  /* Rows copied from a spreadsheet go to the page that looks at them first. */
  form.addEventListener("paste", async (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const name = event.target.name ?? "";
    if (!name.startsWith("payee_lines.") || !/\t|\n.*\S/.test(text.trimEnd())) return;
    event.preventDefault();
    await save();
    if (stopped || dirty) return;
    const other = document.createElement("form");
    other.method = "post";
    other.enctype = "multipart/form-data";
    other.action = address().pathname + "payees/";
    for (const [key, value] of [["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ["action", "look"], ["paste", text]]) {
      const input = document.createElement("textarea");
      input.name = key;
      input.value = value;
      other.append(input);
    }
    other.hidden = true;
    document.body.append(other);
    other.submit();
  });
})();
