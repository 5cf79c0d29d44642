import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { classifyError, classifyStatus } from "../../src/load/classify.ts";
import { makeTransport, type TransportChoice } from "../../src/load/engine/choose-transport.ts";
import { encodeRequest, type RequestDraft } from "../../src/load/engine/encode-request.ts";
import type {
  Answer,
  Connection,
  ConnectTimes,
  PreparedRequest,
  TransportOptions,
} from "../../src/load/engine/transport.ts";
import type { OutcomeClass } from "../../src/load/outcome.ts";
import { millis } from "../../src/units.ts";
import { CERTIFICATE, PRIVATE_KEY } from "./engine-certificate.ts";

/** An answer as it was when `done` was called. */
export type Seen = Pick<Answer, "status" | "error" | "received" | "sent" | "surplus" | "ttfb" | "download"> & {
  readonly outcome: OutcomeClass;
  readonly body: string | null;
  readonly bodyProblem: string | null;
  readonly sample: string | null;
  readonly contentType: string | null;
};

/** A server that is told what to do with each piece of data it reads. */
export type RawTarget = {
  readonly origin: string;
  readonly port: number;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  /** What arrived, per read. */
  readonly requests: readonly string[];
  readonly sockets: ReadonlySet<Socket>;
  readonly close: () => Promise<void>;
};

export const startRawTarget = async (
  onRequest: (socket: Socket, request: string) => void,
  scheme: "http" | "https" = "http",
): Promise<RawTarget> => {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let accepted = 0;
  const onSocket = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (data) => {
      const request = data.toString("latin1");
      requests.push(request);
      onRequest(socket, request);
    });
  };
  const server =
    scheme === "http" ? createServer(onSocket) : createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, onSocket);
  server.on("connection", () => {
    accepted++;
  });
  const port = await listen(server);
  return {
    origin: `${scheme}://127.0.0.1:${port}`,
    port,
    accepted: () => accepted,
    requests,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export type Opened = {
  readonly connection: Connection;
  /** One entry a connection: whether it was the user's first, and how it came about. */
  readonly connects: readonly { readonly first: boolean; readonly times: ConnectTimes }[];
  /** Connections closed for surplus bytes. */
  readonly surplus: () => number;
};

export const openConnection = (
  choice: TransportChoice,
  origin: string,
  change: Partial<TransportOptions> = {},
): Opened => {
  const connects: { readonly first: boolean; readonly times: ConnectTimes }[] = [];
  let surplus = 0;
  const transport = makeTransport(
    {
      origin,
      insecure: true,
      http2: false,
      idle: millis(60_000),
      onConnected: (first, times) => connects.push({ first, times }),
      onSurplus: () => {
        surplus++;
      },
      ...change,
    },
    choice,
  );
  return { connection: transport.open(), connects, surplus: () => surplus };
};

export const requestTo = (origin: string, change: Partial<RequestDraft> = {}): PreparedRequest =>
  encodeRequest({
    method: "GET",
    path: "/",
    host: new URL(origin).host,
    headers: [],
    body: null,
    keep: "body",
    ...change,
  });

/** Sends one request and looks at its answer while it may. */
export const ask = (connection: Connection, request: PreparedRequest): Promise<Seen> =>
  new Promise((resolve) => {
    connection.request(request, (answer) => {
      const { status, error, received, sent, surplus, ttfb, download, bodyProblem } = answer;
      const outcome = error === null ? classifyStatus(status) : classifyError(error.code, error.phase);
      const body = text(answer.body);
      const sample = text(answer.sample);
      const contentType = answer.header("Content-Type");
      resolve({
        ...{ status, error, received, sent, surplus, ttfb, download },
        ...{ outcome, body, bodyProblem, sample, contentType },
      });
    });
  });

export const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString("latin1");

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};
