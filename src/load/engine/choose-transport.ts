import { netTransport } from "./net-transport.ts";
import { proxyFor } from "./proxy.ts";
import type { Transport, TransportOptions } from "./transport.ts";
import { undiciTransport } from "./undici-transport.ts";

/** Who speaks HTTP: our own client over sockets, or undici for HTTP/2 and through a proxy. */
export type TransportChoice = "net" | "undici";

/** `env` is the process's environment: HTTP_PROXY, HTTPS_PROXY and NO_PROXY are looked at. */
export const chooseTransport = (
  options: { readonly origin: string; readonly http2: boolean },
  env: Readonly<Record<string, string | undefined>>,
): TransportChoice => (options.http2 || proxyFor(options.origin, env) !== null ? "undici" : "net");

/** `options.proxy` is `proxyFor(origin, env)`; `net` knows no proxy. */
export const makeTransport = (options: TransportOptions, choice: TransportChoice): Transport =>
  choice === "net" ? netTransport(options) : undiciTransport(options);
