/**
 * A long run at 1,000 arrivals per second: the memory of the whole process and the size of its record.
 *
 *   node bench/long-run.ts [seconds = 300] [arrivals per second = 1000]
 *
 * The target answers from a thread of this process after about 20 ms, so that the memory shown is more than that of the
 * generator alone.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { parseConfig } from "../src/config/parse.ts";
import { createEngine } from "../src/load/engine/engine.ts";
import { planLoad } from "../src/load/plan-load.ts";
import { buildRecord } from "../src/record/build-record.ts";

const TARGET = `
const { parentPort } = require("node:worker_threads");
const server = require("node:http").createServer((request, response) => {
  setTimeout(() => response.end('{"hello":"there"}'), 5 + 30 * Math.random() ** 3);
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

const [seconds = "300", rate = "1000"] = process.argv.slice(2);
const target = new Worker(TARGET, { eval: true });
const [port] = await once(target, "message");
const config = parseConfig({
  inputs: { url: `http://127.0.0.1:${port}/`, rate: `${rate}/s`, "run-time": `${seconds}s`, users: "200" },
  env: {},
  file: null,
  fileName: "none",
  defaults: { name: "long" },
  needsTarget: true,
});
if (!config.ok) throw new Error(config.problems.map((problem) => problem.message).join("; "));
const { url } = config.value.target;
const plan = planLoad({ url: url ?? "", load: config.value.load, headers: {}, userAgent: "swarmgate/bench" });
const engine = createEngine({ workerFile: new URL("../src/load/engine/worker.ts", import.meta.url) });
const before = process.cpuUsage();
const load = await engine.run(plan, {
  signal: new AbortController().signal,
  onProgress: ({ elapsed, requests, p95 }) => {
    if (Math.round(elapsed) % 30 === 0) console.log(`${Math.round(elapsed)} s: ${requests} requests, p95 ${p95} ms`);
  },
});
const cpu = process.cpuUsage(before);
await target.terminate();
const git = {
  repository: null,
  sha: null,
  branch: null,
  baseBranch: null,
  pullRequest: null,
  event: null,
  runId: null,
  runAttempt: null,
};
const record = buildRecord({
  id: "bench",
  version: "0",
  config: config.value,
  plan,
  load,
  cloud: null,
  git,
  probes: 0,
  problems: [],
});
const memory = load.generator.series.map((second) => second.memoryMb);
console.log(`requests ${load.totals.requests}, dropped ${load.totals.dropped}, p95 ${load.response.p95} ms`);
console.log(`record ${(JSON.stringify(record).length / 1e6).toFixed(2)} MB for ${load.window.seconds} s`);
console.log(`memory of the process: peak ${load.generator.memoryMb.toFixed(0)} MB, at the end ${memory.at(-1)} MB`);
console.log(`CPU of the process, target included: ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s`);
