/**
 * The product as a user has it: a copy of `dist/` and `action.yml` in a folder of its own, far from `node_modules` (next
 * to them a file missing from the bundle would be found anyway), and the simulator from the same copy.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import type { FunctionChange } from "../../simulator/function-settings.ts";
import type { ActionOutcome } from "../../src/entry/demo/action-runner.ts";
import {
  awsEnvironment,
  createRepository,
  runWorkflow,
  type WorkflowRunRequest,
} from "../../src/entry/demo/repository.ts";
import type { RunRecord } from "../../src/record/record.ts";

/** A load that is decided in seconds: about 600 requests to the handlers below. */
export const SMALL_LOAD = {
  users: "20",
  "spawn-rate": "20",
  "run-time": "6s",
  "warm-up": "0s",
  "wait-time": "constant(0.05)",
  "metrics-timeout": "4s",
} as const;

export type CliOutcome = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export type World = {
  readonly root: string;
  readonly simulator: Simulator;
  /** Sets the function `orders` up and returns its Function URL with a path. */
  readonly deploy: (change: FunctionChange) => Promise<string>;
  readonly action: (
    run: Pick<WorkflowRunRequest, "event" | "headSha" | "inputs"> & Partial<WorkflowRunRequest>,
  ) => Promise<ActionOutcome & { readonly runId: number; readonly record: () => RunRecord }>;
  readonly cli: (
    args: readonly string[],
    options?: {
      readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
      readonly env?: Record<string, string>;
    },
  ) => Promise<CliOutcome>;
  readonly file: (name: string) => string;
  readonly close: () => Promise<void>;
};

export const createWorld = async (): Promise<World> => {
  const root = mkdtempSync(join(tmpdir(), "swarmgate-e2e-"));
  cpSync("dist", join(root, "dist"), { recursive: true });
  cpSync("action.yml", join(root, "action.yml"));
  const simulator = await startSimulator({
    command: process.execPath,
    args: [join(root, "dist", "simulator", "index.js")],
    spinMs: 0,
  });
  await createRepository(simulator);
  let runs = 0;
  return {
    root,
    simulator,
    file: (name) => join(root, name),
    deploy: async (change) => {
      const { functionUrl } = await simulator.putFunction("orders", { fresh: true, initMs: 0, ...change });
      await simulator.resetFunction("orders");
      return `${functionUrl}/orders`;
    },
    action: async (run) => {
      const start = () => {
        runs += 1;
        const workDir = join(root, `job-${runs}`);
        return runWorkflow(simulator, { actionDir: root, workDir, env: awsEnvironment(simulator), ...run });
      };
      const first = await start();
      // A machine that is busy with other things makes the product call its own measurement invalid, and rightly so.
      const isDisturbed = first.summary.includes("generator-saturated");
      // CloudWatch counts by the minute: what the first attempt left would be foreign traffic of the second.
      if (isDisturbed) await simulator.resetFunction("orders");
      const outcome = isDisturbed ? await start() : first;
      return {
        ...outcome,
        record: () => JSON.parse(readFileSync(outcome.outputs["run-record"] ?? "", "utf8")) as RunRecord,
      };
    },
    cli: (args, options = {}) => runCli(root, simulator, args, options),
    close: async () => {
      await simulator.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const runCli = (
  root: string,
  simulator: Simulator,
  args: readonly string[],
  {
    onStart,
    env = {},
  }: { readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void; readonly env?: Record<string, string> },
): Promise<CliOutcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "dist", "cli.js"), ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", HOME: root, ...awsEnvironment(simulator), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk.toString("utf8")));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout: out.join(""), stderr: err.join("") }));
    onStart?.((signal) => child.kill(signal));
  });
