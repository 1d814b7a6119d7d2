// The desk's comforts; every page works without them.
import htmx from "htmx.org/dist/htmx.esm.js";
import "./fields.js";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
const palette = document.querySelector("#palette");

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && palette) {
    event.preventDefault();
    palette.showModal();
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest("form") ?? document.querySelector("#task-form");
    form?.querySelector("[data-primary]")?.click();
  } else if (!typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("#search")?.focus();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    }
  }
});

function step(by) {
  const rows = [...document.querySelectorAll(".inbox-row a")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  next.focus();
  next.click();
}

// The chosen row of the inbox is marked at once, while its preview loads beside it.
document.addEventListener("click", (event) => {
  const row = event.target.closest(".inbox-row a");
  if (!row || event.ctrlKey || event.metaKey || matchMedia("(max-width: 900px)").matches) return;
  event.preventDefault();
  history.replaceState(null, "", row.href);
  htmx.ajax("GET", row.dataset.preview, { target: "#preview", swap: "innerHTML" });
  document.querySelectorAll(".inbox-row a[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
});

// Filters apply as soon as they are changed.
document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-at-once]") && event.target.tagName === "SELECT") event.target.form.requestSubmit();
});

// A second click on a button that already sends does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});

// Menus close when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
});

palette?.addEventListener("input", () => {
  const wanted = palette.querySelector("input").value.trim().toLowerCase();
  const items = [...palette.querySelectorAll("li")];
  items.forEach((item) => (item.hidden = !item.dataset.always && !item.textContent.toLowerCase().includes(wanted)));
  items.forEach((item) => item.classList.remove("first"));
  items.find((item) => !item.hidden)?.classList.add("first");
});
palette?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  const first = palette.querySelector("li.first:not([data-always]) > a");
  if (first && event.target.value.trim()) {
    event.preventDefault();
    first.click();
  }
});

// Where tabs do not all fit, the current one is in view.
document.querySelectorAll(".tabs [aria-current], .diagram-tools [aria-current]").forEach((tab) => {
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 24;
});

for (const place of document.querySelectorAll("[data-diagram]")) {
  import("./diagram.js").then(({ show }) => show(place));
}
