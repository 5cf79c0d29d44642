/** GitHub on one port: REST, the Results service of artifacts, and the blobs behind it. Everything in memory. */
import { setTimeout as sleep } from "node:timers/promises";
import { artifactRoutes } from "./github/artifact-routes.ts";
import { artifactServiceRoutes } from "./github/artifact-service.ts";
import { blobRoutes } from "./github/blob-store.ts";
import { exchangeOf, isRest, MOST_EXCHANGES } from "./github/exchanges.ts";
import { identityRoutes } from "./github/identity-routes.ts";
import { issueRoutes } from "./github/issue-routes.ts";
import { repositoryRoutes } from "./github/repository-routes.ts";
import { notFound } from "./github/rest.ts";
import { runRoutes } from "./github/run-routes.ts";
import { GithubState } from "./github/state.ts";
import { statusRoutes } from "./github/status-routes.ts";
import { type Answer, type Exchange, jsonAnswer, type LocalServer, serveLocally } from "./local-server.ts";
import { dispatch, type Route } from "./routes.ts";

export type GithubServer = LocalServer & {
  readonly state: () => GithubState;
  /** Forgets everything, the settings included. */
  readonly reset: () => void;
};

type Service = { readonly state: GithubState; readonly routes: readonly Route[] };

export async function startGithub(): Promise<GithubServer> {
  let service = createService();
  const server = await serveLocally(async (exchange) => {
    const { state, routes } = service;
    const path = `${exchange.path}${exchange.query.size === 0 ? "" : `?${exchange.query}`}`;
    const override = state.takeOverride(exchange.method, path);
    if (override?.delayMs !== undefined) await sleep(override.delayMs);
    const answer =
      override === undefined
        ? respond(state, routes, exchange)
        : jsonAnswer(override.status, override.body ?? { message: "a planned failure" }, override.headers);
    state.requests.push({
      ...{ method: exchange.method, path, headers: Object.keys(exchange.headers), status: answer.status },
      authorised: exchange.headers.authorization !== undefined,
    });
    if (state.settings.keepExchanges && isRest(exchange.path) && state.exchanges.length < MOST_EXCHANGES)
      state.exchanges.push(exchangeOf(exchange, path, { answer, planned: override !== undefined }));
    return answer;
  });
  return {
    ...server,
    state: () => service.state,
    reset: () => {
      service = createService();
    },
  };
}

function createService(): Service {
  const state = new GithubState();
  const routes = [
    ...identityRoutes(state),
    ...repositoryRoutes(state),
    ...runRoutes(state),
    ...artifactRoutes(state),
    ...issueRoutes(state),
    ...statusRoutes(state),
    ...artifactServiceRoutes(state),
    ...blobRoutes(state),
  ];
  return { state, routes };
}

function respond(state: GithubState, routes: readonly Route[], exchange: Exchange): Answer {
  if (!exchange.path.startsWith("/repos/")) return dispatch(routes, exchange) ?? notFound();
  const answer = refusal(state, exchange) ?? dispatch(routes, exchange) ?? notFound();
  const limits = { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4990", "x-ratelimit-resource": "core" };
  return { ...answer, headers: { ...limits, ...answer.headers } };
}

function refusal(state: GithubState, { method, path, headers }: Exchange): Answer | undefined {
  const { repository, readOnlyToken } = state.settings;
  if (path !== `/repos/${repository}` && !path.startsWith(`/repos/${repository}/`)) return notFound();
  if (method === "GET") return undefined;
  if (headers.authorization === undefined) return jsonAnswer(401, { message: "Requires authentication" });
  return readOnlyToken ? jsonAnswer(403, { message: "Resource not accessible by integration" }) : undefined;
}
