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
  for (const kind of ["done", "waits", "open", "stuck"]) {
    for (const [id, count] of Object.entries(marks[kind] ?? {})) {
      if (!elements.get(id)) continue;
      canvas.addMarker(id, `is-${kind}`);
      if (kind === "done" || kind === "waits") continue;
      const token = document.createElement("div");
      token.className = `token token-${kind}`;
      token.textContent = kind === "stuck" ? "!" : count > 1 ? String(count) : "●";
      overlays.add(id, { position: { top: -11, right: 11 }, html: token });
    }
  }
  start(canvas, elements, Object.keys({ ...marks.stuck, ...marks.open }));
  place.closest("section")?.querySelectorAll("[data-zoom]").forEach((button) =>
    button.addEventListener("click", () => zoom(canvas, button.dataset.zoom)),
  );
}

// Large diagrams begin readable, at the first token; "fit" shows the whole.
function start(canvas, elements, tokens) {
  fit(canvas);
  const token = tokens.map((id) => elements.get(id)).find(Boolean);
  if (!token || canvas.zoom() > 0.6) return;
  canvas.zoom(0.75, { x: 0, y: 0 });
  const view = canvas.viewbox();
  canvas.viewbox({
    x: token.x + token.width / 2 - view.width / 2,
    y: token.y + token.height / 2 - view.height / 2,
    width: view.width,
    height: view.height,
  });
}

function zoom(canvas, how) {
  if (how === "fit") fit(canvas);
  else canvas.zoom(canvas.zoom() * (how === "in" ? 1.25 : 0.8));
}

function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
}
