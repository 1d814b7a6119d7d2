// Opens every diagram of a folder with the modeler's own reader and prints, as JSON, what it warns of and what is not drawn.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BpmnModdle } from 'bpmn-moddle';

const folder = process.argv[2];
const LINES = ['bpmn:SequenceFlow', 'bpmn:Association', 'bpmn:MessageFlow'];
const DRAWN = ['bpmn:FlowNode', 'bpmn:TextAnnotation', 'bpmn:Group', 'bpmn:Participant', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference'];

function* inside(element) {
  yield element;
  for (const list of ['flowElements', 'artifacts', 'participants', 'messageFlows']) {
    for (const child of element[list] || []) yield* inside(child);
  }
}

const said = [];
for (const file of readdirSync(folder).filter((name) => name.endsWith('.bpmn'))) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(join(folder, file), 'utf8'));
  const shapes = new Set(rootElement.diagrams.flatMap(({ plane }) => plane.planeElement.map(({ bpmnElement }) => bpmnElement?.id)));
  const undrawn = rootElement.rootElements
    .flatMap((root) => [...inside(root)])
    .filter((element) => DRAWN.some((kind) => element.$instanceOf(kind)) || LINES.some((kind) => element.$instanceOf(kind)))
    .filter((element) => !shapes.has(element.id))
    .map(({ id }) => id);
  said.push({ file, warnings: warnings.map(({ message }) => message), undrawn });
}
process.stdout.write(JSON.stringify(said));
