// What every contestant measures the same way, as measuring.py does for those in Python.
'use strict';

const { readFileSync } = require('node:fs');

/** What somebody types into a form: other values in every case and step. */
function answers(number, step) {
  return {
    name: `Customer ${number}`,
    amount: 100 + (number % 400),
    note: `${step}: looked at it and found what there was to find in case ${number}`,
    agreed: number % 2 === 0,
    reference: `R-${String(number).padStart(6, '0')}-${step}`,
  };
}

/** Adds up the timed steps, by wall and by processor. */
class Watch {
  constructor() {
    this.steps = [];
    this.wall = 0;
    this.cpu = 0;
  }

  /** Do a step and time it; a start of a case takes its time but is no task. */
  async time(step, { counts = true } = {}) {
    const cpu = process.cpuUsage();
    const before = process.hrtime.bigint();
    const result = await step();
    const took = Number(process.hrtime.bigint() - before) / 1e9;
    const used = process.cpuUsage(cpu);
    this.wall += took;
    this.cpu += (used.user + used.system) / 1e6;
    if (counts) this.steps.push(took);
    return result;
  }

  /** Print the figures as one line of JSON; throws if not every case had its eight tasks. */
  report(cases, storedBytes) {
    if (this.steps.length !== cases * 8) throw new Error(`${this.steps.length} tasks in ${cases} cases`);
    const sorted = [...this.steps].sort((a, b) => a - b);
    const figures = {
      tasks_per_s: sorted.length / this.wall,
      tasks_per_cpu_s: sorted.length / this.cpu,
      wall_s: this.wall,
      cpu_s: this.cpu,
      p50_ms: sorted[Math.floor(sorted.length * 0.5)] * 1000,
      p95_ms: sorted[Math.floor(sorted.length * 0.95)] * 1000,
      bytes_per_case: storedBytes / cases,
      rss_mb: Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
}

/** Cases worked through before any is measured: Node compiles what it has run a few times. */
const WARM_UP = 5;

module.exports = { WARM_UP, Watch, answers };
