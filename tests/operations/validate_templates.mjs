// Reads element templates from standard input and prints what the modeler's own validator says of each, as JSON.
import { validateAllZeebe } from '@bpmn-io/element-templates-validator';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { results } = validateAllZeebe(JSON.parse(Buffer.concat(chunks).toString('utf8')));
const said = results.map(({ valid, errors, object }) => ({
  id: object && object.id,
  valid,
  errors: (errors || []).map(({ message, path, dataPointer }) => `${message} ${JSON.stringify(path ?? dataPointer ?? '')}`),
}));
process.stdout.write(JSON.stringify(said));
