import { createSecureContext } from "node:tls";
import { Client, type Dispatcher } from "undici";
import { millis } from "../../units.ts";
import { classifyStatus } from "../classify.ts";
import { LiveAnswer } from "./answer.ts";
import { addressOf } from "./connect.ts";
import { KeptMemory } from "./http1/kept-memory.ts";
import { DEFAULT_BODY_LIMITS } from "./http1/response-parser.ts";
import { readProxy } from "./proxy.ts";
import type { Answer, Connection, PreparedRequest, Transport, TransportError, TransportOptions } from "./transport.ts";
import { transportError, unsendable } from "./transport-error.ts";
import { UndiciContent } from "./undici-answer.ts";
import { type Route, UndiciSocket } from "./undici-socket.ts";

/** A server that announces when it closes an idle connection is believed, less this much for the way there. */
const KEEP_ALIVE_MARGIN_MS = 500;
/** undici writes one of them into every request; it closes behind a HEAD. */
const KEEPS_LINE = "connection: keep-alive\r\n".length;
const CLOSES_LINE = "connection: close\r\n".length;

/**
 * HTTP through undici: one `Client`, that is one connection, per user. Through a proxy as well: undici's own ProxyAgent
 * wraps the handler anew for every request and says nothing about its connections, so that the tunnel is ours.
 */
export const undiciTransport = (options: TransportOptions): Transport => {
  const wantsProxy = typeof options.proxy === "string";
  const proxy = typeof options.proxy === "string" ? readProxy(options.proxy) : null;
  const forwards = proxy !== null && options.origin.startsWith("http:");
  const way: Way = {
    options,
    proxy,
    forwards,
    ...(forwards ? { address: proxy, secure: proxy.secure } : addressOf(options.origin)),
    context: createSecureContext(),
    memory: new KeptMemory(),
    problem: wantsProxy && proxy === null ? "the proxy's URL is neither http nor https" : null,
  };
  return { open: () => new UndiciConnection(way) };
};

/** What all connections of a transport share. */
type Way = Route & {
  readonly memory: KeptMemory;
  /** Why nothing can be sent, or `null`. */
  readonly problem: string | null;
};

/** The handler of its own requests, so that a request allocates nothing here. */
class UndiciConnection implements Connection, Dispatcher.DispatchHandler {
  readonly #way: Way;
  readonly #socket: UndiciSocket;
  readonly #content: UndiciContent;
  readonly #answer: LiveAnswer;
  #client: Client;
  /** The request in flight; `null` while idle. */
  #prepared: PreparedRequest | null = null;
  #done: ((answer: Answer) => void) | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #dispatching = false;
  #sequence = 0;
  #readBefore = 0;
  #startedAt = 0;
  #firstByteAt = 0;

  constructor(way: Way) {
    this.#way = way;
    this.#socket = new UndiciSocket(way);
    this.#content = new UndiciContent(way.memory);
    this.#answer = new LiveAnswer(this.#content);
    this.#client = this.#newClient();
  }

  request(prepared: PreparedRequest, done: (answer: Answer) => void): void {
    this.#content.begin();
    this.#answer.begin(prepared.keep === "body");
    this.#prepared = prepared;
    this.#done = done;
    this.#firstByteAt = 0;
    this.#sequence++;
    const problem = prepared.problem ?? this.#way.problem;
    if (problem !== null) {
      this.#failLater(unsendable(problem));
      return;
    }
    this.#dispatching = true;
    this.#client.dispatch(this.#way.forwards ? forwarded(prepared, this.#way) : prepared, this);
    this.#dispatching = false;
  }

  connect(done: () => void): void {
    this.#socket.connectAhead(done);
  }

  /** A request that is written is aborted. One that still waits for its connection cannot be: its client goes. */
  cancel(): void {
    if (this.#done === null && !this.#socket.isAwaited) return;
    this.#done = null;
    const reason = new Error("cancelled");
    if (this.#controller !== null) {
      this.#controller.abort(reason);
      this.#controller = null;
      return;
    }
    this.#destroy(reason);
    this.#client = this.#newClient();
  }

  close(): void {
    this.#done = null;
    this.#content.begin();
    this.#destroy(new Error("closed"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#socket.phase = "exchange";
    this.#readBefore = this.#socket.bytesRead;
    this.#startedAt = performance.now();
    this.#answer.sent = this.#prepared === null ? 0 : bytesOf(this.#prepared, this.#way);
  }

  onResponseStarted(): void {
    if (this.#firstByteAt === 0) this.#firstByteAt = performance.now();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Interim answers come here as well, and HTTP/2 may not tell the first byte apart.
    this.onResponseStarted();
    this.#answer.status = status;
    this.#content.head(headers, this.#answer.wanted, classifyStatus(status) !== "ok");
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#content.add(chunk);
  }

  onResponseEnd(): void {
    this.#finish(null);
  }

  onResponseError(
    controller: Dispatcher.DispatchController | null | undefined,
    error: Error & { readonly code?: unknown },
  ): void {
    // A late word about a cancelled request must not end the one that followed it. Without a connection there is no
    // controller, and the error is the waiting request's.
    if (this.#done === null || (controller && controller !== this.#controller)) return;
    const failure = transportError(error, this.#socket.phase);
    if (this.#dispatching) this.#failLater(failure);
    else this.#finish(failure);
  }

  #failLater(failure: TransportError): void {
    const sequence = this.#sequence;
    setImmediate(() => {
      if (sequence === this.#sequence) this.#finish(failure);
    });
  }

  #finish(error: TransportError | null): void {
    const done = this.#done;
    if (done === null) return;
    const answer = this.#answer;
    answer.error = error;
    if (this.#controller !== null) answer.received = this.#socket.bytesRead - this.#readBefore;
    if (this.#firstByteAt !== 0) {
      answer.ttfb = millis(this.#firstByteAt - this.#startedAt);
      if (error === null) answer.download = millis(performance.now() - this.#firstByteAt);
    }
    this.#done = null;
    this.#controller = null;
    done(answer);
  }

  #destroy(reason: Error): void {
    void this.#client.destroy(reason);
    // undici does not know the socket before it is connected.
    this.#socket.destroy();
  }

  /**
   * Traps of undici 8: HTTP/2 is on by default and lets users share a connection; `keepAliveTimeout` is 4 s by default,
   * shorter than many waits; its timeouts resolve to half a second, so that ours replace them.
   */
  #newClient(): Client {
    const { options, proxy, forwards } = this.#way;
    return new Client(forwards && proxy !== null ? proxy.origin : options.origin, {
      pipelining: 1,
      allowH2: options.http2,
      keepAliveTimeout: options.idle,
      keepAliveMaxTimeout: options.idle,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: DEFAULT_BODY_LIMITS.maxBody,
      connect: (_to, callback) =>
        this.#socket.connect({
          onSocket: (socket) => callback(null, socket),
          onError: (error) => callback(error, null),
        }),
    });
  }
}

/** As HTTP/1.1 writes it; what HTTP/2 makes of it is undici's secret. */
const bytesOf = ({ bytes, closes, method }: PreparedRequest, { options, forwards }: Way): number => {
  const line = closes ? 0 : method === "HEAD" ? CLOSES_LINE : KEEPS_LINE;
  return bytes + line + (forwards ? options.origin.length : 0);
};

const forwarded = (prepared: PreparedRequest, { options, proxy }: Way): Dispatcher.DispatchOptions => {
  const { origin } = options;
  const { method, path, body } = prepared;
  const headers = [...prepared.headers];
  if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "host")) {
    headers.push("host", new URL(origin).host);
  }
  if (proxy !== null && proxy.authorization !== null) headers.push("proxy-authorization", proxy.authorization);
  return { method, path: `${origin}${path}`, headers, body };
};
