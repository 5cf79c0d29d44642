/** Starts the simulator as a process of its own and talks to its control interface: for tests, benchmarks and the demo. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { AccountSettings } from "./aws/account-settings.ts";
import type { CloudformationSettings } from "./cloudformation/settings.ts";
import type { CloudwatchSettings } from "./cloudwatch/settings.ts";
import type {
  AccountState,
  CloudformationState,
  CloudwatchState,
  CreatedRun,
  EcsState,
  FunctionState,
  GithubChange,
  GithubDump,
  LambdaState,
  LogsState,
  NewArtifact,
  NewRun,
  QuotasState,
  RunChange,
  SimulatorUrls,
} from "./control-contract.ts";
import type { EcsSettings } from "./ecs/settings.ts";
import type { FunctionChange } from "./function-settings.ts";
import type { Exchange } from "./github/exchanges.ts";
import type { Artifact, Run } from "./github/model.ts";
import type { LambdaSettings } from "./lambda/settings.ts";
import type { LedgerDump, Summary } from "./ledger.ts";
import type { LogsSettings } from "./logs/settings.ts";
import type { QuotasSettings } from "./quotas/settings.ts";

/** Times in `summary` are epoch milliseconds. */
export type SimulatorControl = {
  readonly urls: SimulatorUrls;
  readonly putFunction: (name: string, change?: FunctionChange) => Promise<FunctionState>;
  readonly ledger: (name: string) => Promise<LedgerDump>;
  readonly summary: (name: string, window?: { readonly from?: number; readonly to?: number }) => Promise<Summary>;
  readonly resetFunction: (name: string) => Promise<void>;
  readonly putCloudwatch: (change: Partial<CloudwatchSettings>) => Promise<CloudwatchState>;
  readonly cloudwatch: () => Promise<CloudwatchState>;
  readonly putLambda: (change: Partial<LambdaSettings>) => Promise<LambdaState>;
  readonly lambda: () => Promise<LambdaState>;
  readonly putLogs: (change: Partial<LogsSettings>) => Promise<LogsState>;
  readonly logs: () => Promise<LogsState>;
  readonly putQuotas: (change: Partial<QuotasSettings>) => Promise<QuotasState>;
  readonly quotas: () => Promise<QuotasState>;
  readonly putCloudformation: (change: Partial<CloudformationSettings>) => Promise<CloudformationState>;
  readonly cloudformation: () => Promise<CloudformationState>;
  readonly putEcs: (change: Partial<EcsSettings>) => Promise<EcsState>;
  readonly ecs: () => Promise<EcsState>;
  readonly putAccount: (change: Partial<AccountSettings>) => Promise<AccountState>;
  readonly putGithub: (change: GithubChange) => Promise<GithubDump>;
  readonly github: () => Promise<GithubDump>;
  /** With `keepExchanges` only. */
  readonly exchanges: () => Promise<readonly Exchange[]>;
  readonly createRun: (run: NewRun) => Promise<CreatedRun>;
  readonly updateRun: (id: number, change: RunChange) => Promise<Run>;
  readonly createArtifact: (artifact: NewArtifact) => Promise<Artifact>;
  readonly expireArtifact: (id: number) => Promise<Artifact>;
};

export type Simulator = SimulatorControl & {
  /** Ends the process and waits for it. */
  readonly stop: () => Promise<void>;
};

export type StartOptions = {
  /** The program, such as `process.execPath`. */
  readonly command: string;
  /** Such as `["simulator/main.ts"]`; the options below are added. */
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly seed?: number;
  /** See `--spin-ms`; milliseconds. */
  readonly spinMs?: number;
};

/** Starts a simulator that ends with this process at the latest. */
export async function startSimulator(options: StartOptions): Promise<Simulator> {
  const { command, args, cwd, seed = 1, spinMs } = options;
  const spin = spinMs === undefined ? [] : ["--spin-ms", String(spinMs)];
  const child = spawn(command, [...args, "--seed", String(seed), ...spin, "--exit-with-stdin"], {
    stdio: ["pipe", "pipe", "inherit"],
    ...(cwd !== undefined && { cwd }),
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const urls = JSON.parse(await firstLine(child)) as SimulatorUrls;
  const stop = (): Promise<void> => {
    child.kill("SIGTERM");
    return ended;
  };
  return { ...connectSimulator(urls), stop };
}

/** The client of a simulator that runs already. */
export function connectSimulator(urls: SimulatorUrls): SimulatorControl {
  const functionPath = (name: string): string => `/functions/${encodeURIComponent(name)}`;
  const call = async <Result>(method: string, path: string, body?: unknown): Promise<Result> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${urls.control}${path}`, { method, ...sent });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Result;
  };
  return {
    urls,
    putFunction: (name, change = {}) => call("PUT", functionPath(name), change),
    ledger: (name) => call("GET", `${functionPath(name)}/ledger`),
    summary: (name, window = {}) => {
      const query = new URLSearchParams(
        Object.entries(window).map(([key, value]): [string, string] => [key, String(value)]),
      );
      return call("GET", `${functionPath(name)}/summary?${query}`);
    },
    resetFunction: async (name) => {
      await call("POST", `${functionPath(name)}/reset`);
    },
    putCloudwatch: (change) => call("PUT", "/cloudwatch", change),
    cloudwatch: () => call("GET", "/cloudwatch"),
    putLambda: (change) => call("PUT", "/lambda", change),
    lambda: () => call("GET", "/lambda"),
    putLogs: (change) => call("PUT", "/logs", change),
    logs: () => call("GET", "/logs"),
    putQuotas: (change) => call("PUT", "/quotas", change),
    quotas: () => call("GET", "/quotas"),
    putCloudformation: (change) => call("PUT", "/cloudformation", change),
    cloudformation: () => call("GET", "/cloudformation"),
    putEcs: (change) => call("PUT", "/ecs", change),
    ecs: () => call("GET", "/ecs"),
    putAccount: (change) => call("PUT", "/account", change),
    putGithub: (change) => call("PUT", "/github", change),
    github: () => call("GET", "/github/state"),
    exchanges: () => call("GET", "/github/exchanges"),
    createRun: (run) => call("POST", "/control/runs", run),
    updateRun: (id, change) => call("PATCH", `/control/runs/${id}`, change),
    createArtifact: (artifact) => call("POST", "/control/artifacts", artifact),
    expireArtifact: (id) => call("PATCH", `/control/artifacts/${id}`, { expired: true }),
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the simulator ended with code ${code} before it listened`)));
    if (child.stdout !== null) createInterface({ input: child.stdout }).once("line", resolve);
  });
}
