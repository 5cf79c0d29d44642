/** A target in a thread of its own, so that its work does not delay the generator's. Counts what it is sent. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { CERTIFICATE, PRIVATE_KEY } from "./engine-certificate.ts";

/** `requests` since the last question; `paths` in the order of arrival; `accepted` TCP connections. */
export type TargetCounts = { readonly requests: number; readonly accepted: number; readonly paths: readonly string[] };
export type TargetKind = "http" | "https" | "h2";

const port = parentPort;
if (port === null) throw new Error("run as a thread");
const kind: TargetKind = workerData;
let accepted = 0;
let paths: string[] = [];

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const url = new URL(request.url ?? "/", "http://target");
  paths.push(url.pathname);
  const number = Number(url.searchParams.get("n") ?? 0);
  const { socket } = request;
  const actions: Readonly<Record<string, () => void>> = {
    "/slow": () => setTimeout(() => response.end("slow"), number),
    "/status": () => response.writeHead(number, { "content-type": "text/plain" }).end(`status\n${number}`),
    "/reset": () => socket.destroy(),
    "/hang": () => {},
    "/block": () => {
      response.end();
      const until = performance.now() + number;
      while (performance.now() < until);
    },
    "/stall": () => response.writeHead(200, { "content-length": 1000 }).write("begun"),
    "/truncate": () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhello"),
    "/garbage": () => socket.end("SMTP ready\r\n\r\n"),
    "/close": () => response.writeHead(200, { connection: "close" }).end("bye"),
    "/large": () => response.end(Buffer.alloc(number)),
    "/echo": () => response.writeHead(400).end(JSON.stringify(request.rawHeaders)),
    "/body": () => {
      request.setEncoding("utf8");
      let body = "";
      request.on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => response.writeHead(418).end(`${request.method} ${body}`));
    },
  };
  (actions[url.pathname] ?? (() => response.end("ok")))();
};

const tls = { key: PRIVATE_KEY, cert: CERTIFICATE };
const server =
  kind === "http"
    ? createServer(answer)
    : kind === "https"
      ? createHttpsServer(tls, answer)
      : createSecureServer({ ...tls, allowHTTP1: true }, (request, response) => {
          paths.push(request.url);
          response.end("ok");
        });
server.on("connection", (_socket: Socket) => {
  accepted++;
});
server.listen(0, "127.0.0.1", () => port.postMessage({ port: (server.address() as AddressInfo).port }));
port.on("message", () => {
  port.postMessage({ requests: paths.length, accepted, paths } satisfies TargetCounts);
  paths = [];
  accepted = 0;
});
