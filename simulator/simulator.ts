/** Everything together: functions, AWS services, GitHub and the control interface, each on its own port. */
import { parseAccountChange } from "./aws/account-settings.ts";
import { parseCloudformationChange } from "./cloudformation/settings.ts";
import { startCloudformation } from "./cloudformation-server.ts";
import type { MetricSource } from "./cloudwatch/samples.ts";
import { parseCloudwatchChange } from "./cloudwatch/settings.ts";
import { startCloudwatch } from "./cloudwatch-server.ts";
import type { SimulatorUrls } from "./control-contract.ts";
import { startControl, type World } from "./control-server.ts";
import { DueQueue } from "./due-queue.ts";
import { parseEcsChange } from "./ecs/settings.ts";
import { startEcs } from "./ecs-server.ts";
import { FunctionRegistry } from "./function-registry.ts";
import { parseFunctionChange } from "./function-settings.ts";
import { parseGithubChange } from "./github/state.ts";
import { startGithub } from "./github-server.ts";
import { parseLambdaChange } from "./lambda/settings.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { startLambda } from "./lambda-server.ts";
import { parseLogsChange } from "./logs/settings.ts";
import { startLogs } from "./logs-server.ts";
import { parseQuotasChange } from "./quotas/settings.ts";
import { startQuotas } from "./quotas-server.ts";
import { type Checks, object, parsePartial } from "./settings.ts";

export type SimulatorOptions = {
  readonly seed: number;
  /** How long before an answer is due (milliseconds) it is waited for by spinning. */
  readonly spinMs: number;
  /** The world to begin with: the value of `--config`. */
  readonly config: unknown;
};

export type RunningSimulator = { readonly urls: SimulatorUrls; readonly stop: () => Promise<void> };

type Config = Readonly<Record<Exclude<keyof World, "functions"> | "account", unknown>> & {
  readonly functions: Readonly<Record<string, unknown>>;
};

const configChecks: Checks<Config> = {
  functions: object,
  account: object,
  cloudwatch: object,
  lambda: object,
  logs: object,
  quotas: object,
  cloudformation: object,
  ecs: object,
  github: object,
};

export async function runSimulator({ seed, spinMs, config }: SimulatorOptions): Promise<RunningSimulator> {
  const given = parsePartial(configChecks, config);
  const due = new DueQueue(spinMs);
  const functions = new FunctionRegistry(due, seed);
  const services = await startServices(functions);
  const control = await startControl({ functions, ...services });
  await configure({ functions, ...services }, given);
  const parts = { control, ...services };
  return {
    urls: {
      control: control.url,
      cloudwatch: services.cloudwatch.url,
      github: services.github.url,
      lambda: services.lambda.url,
      logs: services.logs.url,
      quotas: services.quotas.url,
      cloudformation: services.cloudformation.url,
      ecs: services.ecs.url,
    },
    stop: async () => {
      due.clear();
      await Promise.all([...Object.values(parts), functions].map((part) => part.close()));
    },
  };
}

async function startServices(functions: FunctionRegistry): Promise<Omit<World, "functions">> {
  return {
    cloudwatch: await startCloudwatch((region) => functions.inRegion(region).map(metricSource)),
    lambda: await startLambda(functions),
    logs: await startLogs(functions),
    quotas: await startQuotas(functions),
    cloudformation: await startCloudformation(functions),
    ecs: await startEcs(functions),
    github: await startGithub(),
  };
}

const metricSource = ({ name, settings, ledger }: LambdaFunction): MetricSource => ({
  ...{ name, settings, entries: ledger.entries, notCounted: ledger.notCounted },
});

async function configure(world: World, given: Partial<Config>): Promise<void> {
  world.functions.account.configure(parseAccountChange(given.account ?? {}));
  world.cloudwatch.configure(parseCloudwatchChange(given.cloudwatch ?? {}));
  world.lambda.configure(parseLambdaChange(given.lambda ?? {}));
  world.logs.configure(parseLogsChange(given.logs ?? {}));
  world.quotas.configure(parseQuotasChange(given.quotas ?? {}));
  world.cloudformation.configure(parseCloudformationChange(given.cloudformation ?? {}));
  world.ecs.configure(parseEcsChange(given.ecs ?? {}));
  world.github.state().configure(parseGithubChange(given.github ?? {}));
  for (const [name, settings] of Object.entries(given.functions ?? {})) {
    const change = parseFunctionChange(settings);
    await world.functions.open(name);
    world.functions.get(name)?.configure(change);
  }
}
