/** The HTTP faces of one function: every path of a face is the function. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { elapsed } from "./clock.ts";
import type { DueQueue } from "./due-queue.ts";
import type { FaceRequest, LambdaFunction } from "./lambda-function.ts";
import type { FaceName } from "./ledger.ts";
import { type LocalServer, listenLocally } from "./local-server.ts";

/** Idle users must not meet a connection that we closed. Milliseconds. */
const keepAliveMs = 600_000;

/** Opens one face on its own port. */
export function openFace(target: LambdaFunction, face: FaceName, due: DueQueue): Promise<LocalServer> {
  const server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    if (hasBody(request)) {
      let bodyBytes = 0;
      request.on("data", (chunk: Buffer) => {
        bodyBytes += chunk.length;
      });
      request.once("end", () => respond(target, { request: { face, path, bodyBytes }, due }, response));
    } else {
      respond(target, { request: { face, path, bodyBytes: 0 }, due }, response);
    }
  });
  // A target that is down does not read requests either.
  server.on("connection", (socket) => {
    if (target.settings.down) socket.destroy();
  });
  return listenLocally(server);
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";

function respond(
  target: LambdaFunction,
  { request, due }: { readonly request: FaceRequest; readonly due: DueQueue },
  response: ServerResponse,
): void {
  const readAtMs = elapsed();
  const handling = target.handle(request);
  if (handling.kind === "destroy") {
    response.destroy();
    return;
  }
  const { answer, sent, delayMs } = handling;
  const send = (): void => {
    if (response.destroyed) return;
    response.once("finish", () => sent(elapsed() - readAtMs));
    response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
    response.end(answer.body);
  };
  if (delayMs <= 0) send();
  else due.at(readAtMs + delayMs, send);
}
