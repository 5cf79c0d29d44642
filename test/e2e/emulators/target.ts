/** A target that keeps its own account of the requests: what Lambda would have counted, for a server to be told. */
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export type Target = {
  readonly url: string;
  /** What Lambda would have counted; `firstAt` is in epoch milliseconds, 0 before the first request. */
  readonly answered: () => { readonly ok: number; readonly throttled: number; readonly firstAt: number };
  /** Resolves when requests have come and then none for so long. */
  readonly quiet: (milliseconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Answers after `delay` milliseconds; every `throttleEvery`th request gets a Function URL's 429 at once. */
export const startTarget = async (delay: number, throttleEvery: number): Promise<Target> => {
  let [ok, throttled, firstAt, lastAt] = [0, 0, 0, 0];
  const server = createServer((request, response) => {
    // The readiness probes ask for the ready path, and nothing else does.
    if (request.url === "/ready") {
      response.end("ready");
      return;
    }
    lastAt = Date.now();
    firstAt ||= lastAt;
    if ((ok + throttled) % throttleEvery === throttleEvery - 1) {
      throttled += 1;
      response.writeHead(429, { "content-type": "application/json" });
      response.end('{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User"}');
      return;
    }
    ok += 1;
    setTimeout(() => response.end("{}"), delay);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`,
    answered: () => ({ ok, throttled, firstAt }),
    quiet: async (milliseconds) => {
      while (lastAt === 0 || Date.now() - lastAt < milliseconds) await sleep(50);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
