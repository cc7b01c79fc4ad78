// Small comforts of every page; nothing depends on them.
"use strict";

// The error summary takes the focus, so that it is read out and Tab leads to its first link.
function focusErrors(root) {
  const summary = root.querySelector("[data-takes-focus]");
  if (summary) summary.focus();
}

// A menu closes when something else is clicked or Escape is pressed.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.removeAttribute("open");
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  closeMenus(null);
  menu.querySelector("summary").focus();
});

// What a table's ticked rows come to: checkboxes carry data-amount-twd; the form has [data-selected-count], [data-selected-sum].
function sumUp(form) {
  const ticked = [...form.querySelectorAll("input[type=checkbox][data-amount-twd]:checked")];
  const sum = ticked.reduce((total, box) => total + BigInt(box.dataset.amountTwd), 0n);
  for (const place of form.querySelectorAll("[data-selected-count]")) place.textContent = ticked.length.toLocaleString("en");
  for (const place of form.querySelectorAll("[data-selected-sum]")) place.textContent = sum.toLocaleString("en");
  const all = form.querySelector("[data-select-all]");
  if (!all) return;
  const boxes = form.querySelectorAll("input[type=checkbox][data-amount-twd]").length;
  all.checked = ticked.length > 0 && ticked.length === boxes;
  all.indeterminate = ticked.length > 0 && ticked.length < boxes;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of form.querySelectorAll("input[type=checkbox][data-amount-twd]")) box.checked = event.target.checked;
  }
  sumUp(form);
});

function begin() {
  for (const form of document.querySelectorAll("form[data-selection]")) sumUp(form);
  for (const box of document.querySelectorAll("[data-select-all]")) box.hidden = false;
}
document.addEventListener("DOMContentLoaded", () => {
  focusErrors(document);
  begin();
});
// After "back" the browser may show ticks from before: say what they come to.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-selection]").forEach(sumUp));
document.addEventListener("htmx:afterSettle", begin);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
