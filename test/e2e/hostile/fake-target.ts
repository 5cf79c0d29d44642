/** Deployments that misbehave: one server, whose behaviour a test sets. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Behaviour = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export type Target = {
  readonly url: string;
  behave: Behaviour;
  /** Requests so far, under the present behaviour. */
  readonly count: () => number;
  readonly set: (behave: Behaviour) => string;
  readonly close: () => Promise<void>;
};

export const startTarget = async (): Promise<Target> => {
  let count = 0;
  const server: Server = createServer((request, response) => {
    count += 1;
    request.resume();
    response.on("error", () => response.destroy());
    target.behave(request, response, count);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const target: Target = {
    url,
    behave: fine,
    count: () => count,
    set: (behave) => {
      count = 0;
      target.behave = behave;
      return url;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return target;
};

/** A healthy answer after some milliseconds. */
export const after =
  (ms: number): Behaviour =>
  (_, response) => {
    setTimeout(() => response.end('{"ok":true}'), ms);
  };

export const fine = after(300);

export const status =
  (code: number, body = "no", headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_, response) => {
    response.writeHead(code, headers).end(body);
  };

/** Healthy on `/healthz`, something else elsewhere. */
export const behind =
  (behave: Behaviour): Behaviour =>
  (request, response, count) => {
    if (request.url === "/healthz") response.end("up");
    else behave(request, response, count);
  };
