/**
 * `npm run bench`: swarmgate beside the field's load generators, on this machine.
 *
 *   node bench/run.ts [flat] [users] [start] [judge] [truth] [stolen] [options]
 *
 * Installs the generators into .tmp/bench-peers, measures, and writes bench/RESULTS.md and bench/results.json.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Bench } from "./bench.ts";
import { installPeers, type Missing } from "./install.ts";
import { describeMachine, idleCheck } from "./machine.ts";
import { endWithUs } from "./process.ts";
import { type Entry, readResults, writeResults } from "./results.ts";
import { flat } from "./scenarios/flat.ts";
import { judge } from "./scenarios/judge.ts";
import { start } from "./scenarios/start.ts";
import { stolen } from "./scenarios/stolen.ts";
import { truth } from "./scenarios/truth.ts";
import { users } from "./scenarios/users.ts";
import type { Section } from "./section.ts";

type Scenario = {
  readonly run: (bench: Bench) => Promise<Section>;
  /** The load that other generators take part in, if any. */
  readonly load: "flat" | "users" | "rate" | null;
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  flat: { run: flat, load: "flat" },
  users: { run: users, load: "users" },
  start: { run: start, load: null },
  judge: { run: judge, load: null },
  truth: { run: truth, load: "rate" },
  stolen: { run: stolen, load: null },
};

const USAGE = `node bench/run.ts [${Object.keys(SCENARIOS).join("] [")}] [options]
  --repetitions N   runs of each generator (3)
  --seconds N       length of a flat-out or rated run (8)
  --long-seconds N  length of the run whose record is judged (300)
  --peers A,B       only these generators beside swarmgate; "none" for none
  --dist FOLDER     the build of swarmgate (dist)
  --out FOLDER      where RESULTS.md and results.json go (bench)`;

const main = async (): Promise<void> => {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(USAGE);
  const names = positionals.length === 0 ? Object.keys(SCENARIOS) : positionals;
  for (const name of names) if (SCENARIOS[name] === undefined) throw new Error(`no scenario ${name}\n${USAGE}`);
  const sizes = {
    repetitions: positive(values.repetitions),
    seconds: positive(values.seconds),
    longSeconds: positive(values["long-seconds"]),
  };
  const peers = resolve(".tmp", "bench-peers");
  mkdirSync(peers, { recursive: true });
  mkdirSync(values.out, { recursive: true });
  const scratch = mkdtempSync(join(resolve(".tmp"), "bench-run-"));
  endWithUs();
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const loads = names.flatMap((name) => SCENARIOS[name]?.load ?? []);
  const installed = await installPeers({ folder: peers, loads, only: values.peers, dist: values.dist, log });
  const bench: Bench = { ...sizes, ...installed, dist: values.dist, peers, scratch, log };
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (scenario === undefined) continue;
    log(`\n${name}`);
    const entry = await measured(scenario, bench, installed.missing);
    if (entry === null) process.exitCode = 1;
    else keep(values.out, name, entry);
  }
};

const readArguments = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      repetitions: { type: "string", default: "3" },
      seconds: { type: "string", default: "8" },
      "long-seconds": { type: "string", default: "300" },
      peers: { type: "string" },
      dist: { type: "string", default: "dist" },
      out: { type: "string", default: "bench" },
      help: { type: "boolean", default: false },
    },
  });

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a whole number above 0\n${USAGE}`);
  return value;
};

/** `null` when the scenario could not be run at all. */
const measured = async (scenario: Scenario, bench: Bench, missing: readonly Missing[]): Promise<Entry | null> => {
  const othersPercentBefore = await idleCheck();
  const begin = Date.now();
  try {
    const section = await scenario.run(bench);
    const ofLoad = (peer: { readonly loads: readonly string[] }): boolean =>
      scenario.load !== null && peer.loads.includes(scenario.load);
    const versions = bench.generators.filter(ofLoad).map(({ name, version }) => [name, version] as const);
    return {
      ...section,
      date: new Date(begin).toISOString(),
      minutes: Math.round((Date.now() - begin) / 6_000) / 10,
      machine: describeMachine(bench.dist),
      othersPercentBefore,
      versions: Object.fromEntries([["swarmgate", bench.swarmgate.version], ...versions]),
      missing: missing.filter(ofLoad).map(({ name, reason }) => `${name} is missing: ${reason}.`),
    };
  } catch (error) {
    log(`not measured: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
};

/** At once, so that an interrupted benchmark keeps what it has. */
const keep = (out: string, name: string, entry: Entry): void => {
  const { schema, scenarios } = readResults(out);
  writeResults(out, { schema, scenarios: { ...scenarios, [name]: entry } }, Object.keys(SCENARIOS));
};

function log(line: string): void {
  console.log(line);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
