// Hides the fields that do not apply to the answers given so far; the server decides again in any case.
const value = (form, name) => {
  const inputs = [...form.elements].filter((input) => input.name === name && input.type !== "hidden");
  const chosen = inputs.find((input) => (["radio", "checkbox"].includes(input.type) ? input.checked : true));
  return chosen ? chosen.value : "";
};

function settle(form) {
  for (const box of form.querySelectorAll("[data-depends]")) {
    const shown = JSON.parse(box.dataset.showWhen).includes(value(form, box.dataset.depends));
    box.hidden = !shown;
    for (const input of box.querySelectorAll("input, textarea, select")) input.disabled = !shown;
  }
}

for (const form of document.querySelectorAll("form")) {
  if (!form.querySelector("[data-depends]") || form.querySelector(":scope > fieldset[disabled]")) continue;
  form.querySelectorAll("[data-condition-hint]").forEach((hint) => hint.remove());
  settle(form);
  form.addEventListener("change", () => settle(form));
}

// How much fits is told when it matters: from four fifths on.
for (const input of document.querySelectorAll("[data-max-length]")) {
  const most = Number(input.dataset.maxLength);
  const told = input.closest(".field")?.querySelector(".field-limit");
  const settle = () => told && told.classList.toggle("visually-hidden", input.value.length < most * 0.8);
  input.maxLength = most;
  input.addEventListener("input", settle);
  settle();
}

document.querySelector("#form-problems")?.focus();
