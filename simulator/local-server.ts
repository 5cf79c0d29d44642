/** HTTP on 127.0.0.1 and a free port, for the servers that answer from memory: a request in, an answer out. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";

export type Exchange = {
  readonly method: string;
  /** Path without the query, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `http://127.0.0.1:port` of the server that was asked. */
  readonly origin: string;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
};

export type LocalServer = { readonly url: string; readonly close: () => Promise<void> };

const largestBody = 64 * 1024 * 1024;

/** Serves `handle`; an error it throws becomes a 500 with its message. */
export function serveLocally(handle: (exchange: Exchange) => Answer | Promise<Answer>): Promise<LocalServer> {
  let origin = "";
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      send(response, await handle(await readExchange(request, origin)));
    } catch (error) {
      send(response, jsonAnswer(500, { message: error instanceof Error ? (error.stack ?? error.message) : "unknown" }));
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  const listening = listenLocally(server);
  return listening.then((local) => {
    origin = local.url;
    return local;
  });
}

/** Starts a server on a free port of 127.0.0.1. */
export function listenLocally(server: Server): Promise<LocalServer> {
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0, backlog: 4096 }, () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("a TCP server has a port"));
      else resolve({ url: `http://127.0.0.1:${address.port}`, close });
    });
  });
}

/** An answer with a JSON body. */
export const jsonAnswer = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(value),
});

/** The JSON value of a body; an empty body is an empty object. */
export const parseJson = (body: Buffer): unknown => (body.length === 0 ? {} : JSON.parse(body.toString("utf8")));

async function readExchange(request: IncomingMessage, origin: string): Promise<Exchange> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largestBody) throw new Error(`the body is larger than ${largestBody} bytes`);
    chunks.push(bytes);
  }
  const url = new URL(request.url ?? "/", origin);
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
    origin,
  };
}

function send(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body ?? "");
  response.writeHead(answer.status, { ...answer.headers, "content-length": String(body.length) });
  response.end(body);
}
