// W1 on bpmn-server with its memory store and its cache of live instances. Its lock writes to MongoDB and is left out.
'use strict';

const { readFileSync } = require('node:fs');
const { WARM_UP, Watch, answers } = require('./measuring.cjs');

console.log = () => {}; // it tells a lot on standard output
const server = require('bpmn-server');
const { MemoryDataStore } = require('bpmn-server/dist/datastore/MemoryDataStore');

const [diagram, cases] = process.argv.slice(2);

/** The one model there is, read once. */
class Models {
  constructor(source) {
    this.source = source;
  }

  async getSource() {
    return this.source;
  }

  async getSVG() {
    return null;
  }

  async findEvents() {
    return [];
  }
}

/** Writes nothing down. */
const silent = {
  log() {},
  logS() {},
  logE() {},
  info() {},
  debug() {},
  warn() {},
  error(error) {
    throw new Error(error);
  },
  reportError(error) {
    throw error;
  },
  async saveForInstance() {},
};

function configuration(source) {
  return {
    timers: { forceTimersDelay: null, precision: 3000 },
    database: { MongoDB: { db: 'w1' } },
    logger: () => silent,
    definitions: () => new Models(source),
    appDelegate: (of) => new server.DefaultAppDelegate(of),
    dataStore: (of) =>
      Object.assign(new MemoryDataStore(of), { locker: { async lock() {}, async release() {} } }),
    cacheManager: (of) => new server.CacheManager(of),
    scriptHandler: () => new server.ScriptHandler(),
  };
}

async function main() {
  const { engine } = new server.BPMNServer(configuration(readFileSync(diagram, 'utf8')), silent, { cron: false });

  async function workThrough(number, watch) {
    let execution = await watch.time(() => engine.start('w1', {}), { counts: false });
    const open = () =>
      execution.getItems().find((item) => item.status === 'wait' && item.element.type === 'bpmn:UserTask');
    for (let item = open(); item; item = open()) {
      const typed = answers(number, item.elementId);
      execution = await watch.time(() => engine.invoke({ 'items.id': item.id }, typed));
    }
    if (execution.instance.status !== 'end') throw new Error(`case ${number} is ${execution.instance.status}`);
  }

  for (let number = 0; number < WARM_UP; number += 1) await workThrough(number, new Watch());
  const watch = new Watch();
  for (let number = 0; number < cases; number += 1) await workThrough(number, watch);
  watch.report(Number(cases), 0);
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
