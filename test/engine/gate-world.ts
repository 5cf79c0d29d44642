/** The whole pipeline in this process, with the real engine and the real SDK against the simulator. */
import { vi } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/client.ts";
import { defaultFunctionSettings, type FunctionChange } from "../../simulator/function-settings.ts";
import { createAws } from "../../src/adapters/aws/aws.ts";
import { nodeClock } from "../../src/adapters/node/clock.ts";
import { nodeFiles } from "../../src/adapters/node/files.ts";
import { nodeProbe } from "../../src/adapters/node/probe.ts";
import type { Config } from "../../src/config/config.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { signHeaders } from "../../src/entry/sign-headers.ts";
import type { GateResult } from "../../src/gate/gate-contract.ts";
import { measureAndJudge } from "../../src/gate/measure-and-judge.ts";
import { createEngine } from "../../src/load/engine/engine.ts";
import type { Stage, Wait } from "../../src/ports.ts";
import { waitLine } from "../../src/target/wait-line.ts";
import { fakeLog } from "../fake-log.ts";
import { workerFile } from "./engine-harness.ts";

export type GateWorld = {
  readonly simulator: Simulator;
  /** A fresh function with an empty ledger; its URL. */
  readonly deploy: (name: string, change?: FunctionChange) => Promise<string>;
  /** A load of one second with 4 users; inputs replace the defaults. */
  readonly gate: (inputs: Readonly<Record<string, string>>, options?: GateOptions) => Promise<GateRun>;
  readonly stop: () => Promise<void>;
};

export type GateOptions = {
  readonly onInfo?: (line: string) => void;
  /** Once the load is over and AWS is asked. */
  readonly onAws?: () => void;
  readonly signal?: AbortSignal;
  /** When the load is sent; at once without it. */
  readonly turn?: <T>(load: () => Promise<T>) => Promise<T>;
};
export type GateRun = GateResult & { readonly lines: readonly string[] };

export const startGateWorld = async (): Promise<GateWorld> => {
  const simulator = await startSimulator({ command: process.execPath, args: ["simulator/main.ts"] });
  const { urls } = simulator;
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", urls.cloudwatch);
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", urls.lambda);
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", urls.logs);
  vi.stubEnv("AWS_ENDPOINT_URL_CLOUDFORMATION", urls.cloudformation);
  vi.stubEnv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", urls.quotas);
  vi.stubEnv("AWS_ENDPOINT_URL_ECS", urls.ecs);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("NO_PROXY", "127.0.0.1");
  return {
    simulator,
    deploy: async (name, change = {}) => {
      const { functionUrl } = await simulator.putFunction(name, { ...defaultFunctionSettings, ...change, fresh: true });
      await simulator.resetFunction(name);
      return functionUrl;
    },
    gate: (inputs, options = {}) => runOnce(configOf(inputs), options),
    stop: async () => {
      vi.unstubAllEnvs();
      await simulator.stop();
    },
  };
};

const DEFAULTS = {
  users: "4",
  "spawn-rate": "100/s",
  "run-time": "1s",
  "warm-up": "0s",
  "wait-time": "constant(0.05)",
  "metrics-timeout": "8s",
  "ready-timeout": "8s",
  baseline: "none",
};

const configOf = (inputs: Readonly<Record<string, string>>): Config => {
  const config = parseConfig({
    inputs: { ...DEFAULTS, ...inputs },
    env: {},
    file: null,
    fileName: "none.yml",
    defaults: { name: "gate" },
    needsTarget: true,
  });
  if (!config.ok) throw new Error(config.problems.map((problem) => problem.message).join("; "));
  return config.value;
};

const runOnce = async (
  config: Config,
  { onInfo, onAws, signal, turn = (load) => load() }: GateOptions,
): Promise<GateRun> => {
  const { close, ...aws } = createAws({ region: config.aws.region });
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(line);
    onInfo?.(line);
  };
  const engine = createEngine({ workerFile, workers: 1 });
  const ports = {
    ...aws,
    sign: signHeaders,
    clock: nodeClock,
    probe: nodeProbe,
    engine: { run: (...load: Parameters<typeof engine.run>) => turn(() => engine.run(...load)) },
    history: null,
    files: nodeFiles(),
    log: {
      ...fakeLog(),
      info: say,
      warn: say,
      wait: (wait: Wait) => say(waitLine(wait, nodeClock.now())),
      stage: (stage: Stage) => (stage === "aws" ? onAws?.() : undefined),
    },
  };
  const git = { repository: null, sha: "abc1234", branch: null, baseBranch: null, pullRequest: null };
  const identity = {
    id: "run-1",
    version: "0.0.0",
    git: { ...git, event: null, runId: null, runAttempt: null },
    workflow: null,
  };
  try {
    const result = await measureAndJudge(config, identity, ports, signal ?? new AbortController().signal);
    return { ...result, lines };
  } finally {
    close();
  }
};
