/** The control interface: a test or the demo sets up the world here and reads the truth. JSON in, JSON out. */

import { parseAccountChange } from "./aws/account-settings.ts";
import type { AwsService } from "./aws/service.ts";
import { parseCloudformationChange } from "./cloudformation/settings.ts";
import type { CloudformationServer } from "./cloudformation-server.ts";
import { parseCloudwatchChange } from "./cloudwatch/settings.ts";
import type { CloudwatchServer } from "./cloudwatch-server.ts";
import { controlRunRoutes } from "./control-runs.ts";
import { parseEcsChange } from "./ecs/settings.ts";
import type { EcsServer } from "./ecs-server.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import { parseFunctionChange } from "./function-settings.ts";
import { parseGithubChange } from "./github/state.ts";
import type { GithubServer } from "./github-server.ts";
import { parseLambdaChange } from "./lambda/settings.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { LambdaServer } from "./lambda-server.ts";
import { summarise } from "./ledger.ts";
import { type Answer, type Exchange, jsonAnswer, type LocalServer, parseJson, serveLocally } from "./local-server.ts";
import { parseLogsChange } from "./logs/settings.ts";
import type { LogsServer } from "./logs-server.ts";
import { parseQuotasChange } from "./quotas/settings.ts";
import type { QuotasServer } from "./quotas-server.ts";
import { type Call, dispatch, type Route, route } from "./routes.ts";
import { SettingsError } from "./settings.ts";

export type World = {
  readonly functions: FunctionRegistry;
  readonly cloudwatch: CloudwatchServer;
  readonly lambda: LambdaServer;
  readonly logs: LogsServer;
  readonly quotas: QuotasServer;
  readonly cloudformation: CloudformationServer;
  readonly ecs: EcsServer;
  readonly github: GithubServer;
};

export function startControl(world: World): Promise<LocalServer> {
  const routes = [
    ...functionRoutes(world),
    ...awsRoutes(world),
    ...githubRoutes(world),
    ...controlRunRoutes(world.github),
  ];
  return serveLocally((exchange) => answerControl(world, routes, exchange));
}

async function answerControl(world: World, routes: readonly Route[], exchange: Exchange): Promise<Answer> {
  try {
    // A function opens its ports when it is first named; the routes themselves answer at once.
    const created = exchange.method === "PUT" ? /^\/functions\/([^/]+)$/.exec(exchange.path)?.[1] : undefined;
    if (created !== undefined) {
      parseFunctionChange(parseJson(exchange.body));
      await world.functions.open(decodeURIComponent(created));
    }
    return dispatch(routes, exchange) ?? jsonAnswer(404, { message: `no ${exchange.method} ${exchange.path}` });
  } catch (error) {
    const wrong = error instanceof SettingsError || error instanceof SyntaxError;
    if (!wrong) throw error;
    return jsonAnswer(400, { message: error.message });
  }
}

function functionRoutes({ functions }: World): readonly Route[] {
  const known = (call: Call, answer: (target: LambdaFunction) => unknown): Answer => {
    const target = functions.get(call.param("name"));
    if (target === undefined) return jsonAnswer(404, { message: `no function ${call.param("name")}` });
    return jsonAnswer(200, answer(target));
  };
  const stateOf = (target: LambdaFunction): unknown => ({
    ...functions.urls(target.name),
    settings: target.settings,
  });
  return [
    route("PUT /functions/:name", (call) =>
      known(call, (target) => {
        target.configure(parseFunctionChange(parseJson(call.body)));
        return stateOf(target);
      }),
    ),
    route("GET /functions/:name", (call) => known(call, stateOf)),
    route("GET /functions/:name/ledger", (call) => known(call, (target) => target.ledger.dump())),
    route("GET /functions/:name/summary", (call) =>
      known(call, (target) => summarise(target.ledger.entries, timeOf(call, "from"), timeOf(call, "to"))),
    ),
    route("POST /functions/:name/reset", (call) =>
      known(call, (target) => {
        target.reset();
        return {};
      }),
    ),
  ];
}

function awsRoutes({ cloudwatch, lambda, logs, quotas, cloudformation, ecs, functions }: World): readonly Route[] {
  const accountState = (): Answer => jsonAnswer(200, { settings: functions.account.settings });
  return [
    ...routesOf("cloudwatch", cloudwatch, parseCloudwatchChange),
    ...routesOf("lambda", lambda, parseLambdaChange),
    ...routesOf("logs", logs, parseLogsChange),
    ...routesOf("quotas", quotas, parseQuotasChange),
    ...routesOf("cloudformation", cloudformation, parseCloudformationChange),
    ...routesOf("ecs", ecs, parseEcsChange),
    route("GET /account", accountState),
    route("PUT /account", (call) => {
      functions.account.configure(parseAccountChange(parseJson(call.body)));
      return accountState();
    }),
  ];
}

function routesOf<Settings>(
  name: string,
  service: AwsService<Settings>,
  parse: (given: unknown) => Partial<Settings>,
): readonly Route[] {
  const state = (): Answer => jsonAnswer(200, { settings: service.settings(), calls: service.calls() });
  return [
    route(`GET /${name}`, state),
    route(`PUT /${name}`, (call) => {
      service.configure(parse(parseJson(call.body)));
      return state();
    }),
  ];
}

function githubRoutes({ github }: World): readonly Route[] {
  const githubState = (): Answer => {
    const { settings, comments, statuses, runs, artifacts, requests } = github.state();
    return jsonAnswer(200, { settings, comments, statuses, runs, artifacts, requests });
  };
  return [
    route("PUT /github", (call) => {
      const { reset = false, ...rest } = parseJson(call.body) as { readonly reset?: boolean };
      const change = parseGithubChange(rest);
      if (reset) github.reset();
      github.state().configure(change);
      return githubState();
    }),
    route("GET /github/state", githubState),
    route("GET /github/exchanges", () => jsonAnswer(200, github.state().exchanges)),
  ];
}

/** A time of the query in epoch milliseconds. */
const timeOf = (call: Call, name: string): number | undefined => {
  const value = call.query.get(name);
  if (value === null) return undefined;
  if (!Number.isFinite(Number(value))) throw new SettingsError(`${name} must be epoch milliseconds`);
  return Number(value);
};
