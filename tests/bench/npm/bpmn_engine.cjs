// W1 on bpmn-engine: in memory, or with its whole state as JSON after every step. The diagram is read once.
'use strict';

const { EventEmitter } = require('node:events');
const { readFileSync } = require('node:fs');
const BpmnModdle = require('bpmn-moddle');
const elements = require('bpmn-elements');
const { Engine } = require('bpmn-engine');
const { default: serialize, TypeResolver } = require('moddle-context-serializer');
const { WARM_UP, Watch, answers } = require('./measuring.cjs');

const [diagram, cases, variant] = process.argv.slice(2);

/** What a task was answered with becomes variables of the process, where its conditions look. */
function keepAnswers(activity) {
  activity.on('end', (api) => activity.environment.assignVariables(api.content.output));
}

async function main() {
  const source = await new BpmnModdle().fromXML(readFileSync(diagram, 'utf8'));
  const sourceContext = serialize(source, TypeResolver(elements));

  async function keep(engine) {
    return variant === 'json' ? JSON.stringify(await engine.getState()).length : 0;
  }

  async function workThrough(number, watch) {
    const waiting = [];
    const listener = new EventEmitter();
    listener.on('activity.wait', (task) => task.type === 'bpmn:UserTask' && waiting.push(task));
    const engine = new Engine({ name: 'w1', sourceContext, extensions: { keepAnswers } });
    const begin = async () => {
      await engine.execute({ listener });
      return keep(engine);
    };
    let stored = await watch.time(begin, { counts: false });
    while (engine.state === 'running') {
      const task = waiting.shift();
      if (!task) throw new Error(`case ${number} waits for nobody`);
      const typed = answers(number, task.id);
      stored = await watch.time(async () => {
        task.signal(typed);
        return keep(engine);
      });
    }
    return stored;
  }

  for (let number = 0; number < WARM_UP; number += 1) await workThrough(number, new Watch());
  const watch = new Watch();
  let stored = 0;
  for (let number = 0; number < cases; number += 1) stored += await workThrough(number, watch);
  watch.report(Number(cases), stored);
}

// A timer that waits a year would keep the program alive.
main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
