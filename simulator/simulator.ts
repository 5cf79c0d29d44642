/** Everything together: functions, CloudWatch, GitHub and the control interface, each on its own port. */

import { parseCloudwatchChange } from "./cloudwatch/settings.ts";
import { startCloudwatch } from "./cloudwatch-server.ts";
import type { SimulatorUrls } from "./control-contract.ts";
import { startControl } from "./control-server.ts";
import { DueQueue } from "./due-queue.ts";
import { FunctionRegistry } from "./function-registry.ts";
import { parseFunctionChange } from "./function-settings.ts";
import { parseGithubChange } from "./github/state.ts";
import { startGithub } from "./github-server.ts";
import { type Checks, object, parsePartial } from "./settings.ts";

export type SimulatorOptions = {
  readonly seed: number;
  /** How long before an answer is due (milliseconds) it is waited for by spinning. */
  readonly spinMs: number;
  /** The world to begin with: the value of `--config`. */
  readonly config: unknown;
};

export type RunningSimulator = { readonly urls: SimulatorUrls; readonly stop: () => Promise<void> };

type Config = {
  readonly functions: Readonly<Record<string, unknown>>;
  readonly cloudwatch: unknown;
  readonly github: unknown;
};

const configChecks: Checks<Config> = { functions: object, cloudwatch: object, github: object };

export async function runSimulator({ seed, spinMs, config }: SimulatorOptions): Promise<RunningSimulator> {
  const { functions = {}, cloudwatch: lateness = {}, github: contents = {} } = parsePartial(configChecks, config);
  const due = new DueQueue(spinMs);
  const registry = new FunctionRegistry(due, seed);
  const cloudwatch = await startCloudwatch(() =>
    registry.all().map(({ name, settings, ledger }) => ({ name, alias: settings.alias, entries: ledger.entries })),
  );
  const github = await startGithub();
  const control = await startControl({ functions: registry, cloudwatch, github });

  cloudwatch.configure(parseCloudwatchChange(lateness));
  github.state().configure(parseGithubChange(contents));
  for (const [name, given] of Object.entries(functions)) {
    const change = parseFunctionChange(given);
    await registry.open(name);
    registry.get(name)?.configure(change);
  }

  return {
    urls: { control: control.url, cloudwatch: cloudwatch.url, github: github.url },
    stop: async () => {
      due.clear();
      await Promise.all([control, cloudwatch, github, registry].map((part) => part.close()));
    },
  };
}
