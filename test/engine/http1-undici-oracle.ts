import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { Client, type Dispatcher } from "undici";

/** What undici made of the raw bytes. */
export type OracleAnswer =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  | { readonly kind: "refused"; readonly text: string };

export type RawServer = {
  readonly origin: string;
  /** Connections opened so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** Answers request number n (`/n`) with `answers[n]`, byte for byte, and closes the connection unless told to keep it. */
export const startRawServer = async (answers: readonly Buffer[], stayOpen = false): Promise<RawServer> => {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (request) => {
      const answer = answers[Number(/^\w+ \/(\d+) /.exec(request.toString("latin1"))?.[1])] ?? Buffer.alloc(0);
      if (stayOpen) socket.write(answer);
      else socket.end(answer);
    });
  });
  const port = await listen(server);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${port}`, connections: () => connections, close };
};

/** One client of undici, at its defaults but for timeouts, which are off. */
export const openClient = (origin: string): Client =>
  new Client(origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 60_000 });

export const ask = (client: Client, index: number, method: string): Promise<OracleAnswer> =>
  new Promise((resolve) => {
    let status = 0;
    const parts: Buffer[] = [];
    client.dispatch(
      { path: `/${index}`, method: method === "HEAD" ? "HEAD" : "GET" },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller: Dispatcher.DispatchController, statusCode: number) => {
          status = statusCode;
        },
        onResponseData: (_controller: Dispatcher.DispatchController, chunk: Buffer) => {
          parts.push(Buffer.from(chunk));
        },
        onResponseEnd: () => resolve({ kind: "answer", status, body: Buffer.concat(parts).toString("latin1") }),
        onResponseError: (_controller: Dispatcher.DispatchController, error: Error) =>
          resolve({ kind: "refused", text: error.message }),
      },
    );
  });

/** Every answer on a connection of its own, `width` of them at a time. */
export const askAll = async (
  origin: string,
  methods: readonly string[],
  width: number,
): Promise<readonly OracleAnswer[]> => {
  const results: OracleAnswer[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < methods.length) {
      const index = next;
      next += 1;
      const client = openClient(origin);
      results[index] = await ask(client, index, methods[index] ?? "GET");
      await client.destroy();
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};
