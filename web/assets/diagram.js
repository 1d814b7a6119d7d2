// Shows a diagram with the tokens on it: pan by dragging, zoom by Ctrl and wheel or the buttons, arrows by keyboard.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

export async function show(place) {
  const marks = JSON.parse(place.dataset.marks);
  const viewer = new NavigatedViewer({ container: place });
  const answer = await fetch(place.dataset.diagram, { credentials: "same-origin" });
  if (!answer.ok) return;
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  for (const kind of ["done", "open", "stuck"]) {
    for (const [id, count] of Object.entries(marks[kind] ?? {})) {
      if (!elements.get(id)) continue;
      canvas.addMarker(id, `is-${kind}`);
      if (kind === "done") continue;
      const token = document.createElement("div");
      token.className = `token token-${kind}`;
      token.textContent = kind === "stuck" ? "!" : count > 1 ? String(count) : "●";
      overlays.add(id, { position: { top: -11, right: 11 }, html: token });
    }
  }
  fit(canvas);
  place.closest("section")?.querySelectorAll("[data-zoom]").forEach((button) =>
    button.addEventListener("click", () => zoom(canvas, button.dataset.zoom)),
  );
}

function zoom(canvas, how) {
  if (how === "fit") fit(canvas);
  else canvas.zoom(canvas.zoom() * (how === "in" ? 1.25 : 0.8));
}

function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
}
