/** Routes as data: `GET /repos/:owner/:repo` and what answers it. */
import type { Answer, Exchange } from "./local-server.ts";

export type Call = Exchange & {
  /** The decoded value of a `:name` of the pattern. */
  readonly param: (name: string) => string;
};

export type Route = { readonly method: string; readonly pattern: RegExp; readonly handle: (call: Call) => Answer };

/** A route from its method and pattern; each `:name` matches one segment. */
export function route(rule: string, handle: (call: Call) => Answer): Route {
  const [method = "", path = ""] = rule.split(" ");
  const source = path.replaceAll(".", "\\.").replaceAll(/:(\w+)/g, "(?<$1>[^/]+)");
  return { method, pattern: new RegExp(`^${source}/?$`), handle };
}

/** The answer of the first route that matches, or nothing. */
export function dispatch(routes: readonly Route[], exchange: Exchange): Answer | undefined {
  for (const { method, pattern, handle } of routes) {
    if (method !== exchange.method) continue;
    const match = pattern.exec(exchange.path);
    if (match === null) continue;
    const groups: Readonly<Record<string, string>> = match.groups ?? {};
    return handle({ ...exchange, param: (name) => decodeURIComponent(groups[name] ?? "") });
  }
  return undefined;
}
