import type { Socket } from "node:net";
import { type buildConnector, Client, type Dispatcher } from "undici";
import { type ConnectionPhase, classifyStatus } from "../classify.ts";
import { openSocket } from "./connect.ts";
import {
  type Answer,
  type Connection,
  type PreparedRequest,
  SAMPLE_BYTES,
  type Transport,
  type TransportError,
  type TransportOptions,
} from "./transport.ts";

/** A server that announces when it closes an idle connection is believed, less this much for the way there. */
const KEEP_ALIVE_MARGIN_MS = 500;

/** HTTP through undici: one `Client`, that is one connection, per user. */
export const undiciTransport = (options: TransportOptions): Transport => ({
  open: () => new UndiciConnection(options),
});

/** The handler of its own requests, so that a request allocates nothing here. */
class UndiciConnection implements Connection, Dispatcher.DispatchHandler {
  readonly #options: TransportOptions;
  readonly #answer: { -readonly [Field in keyof Answer]: Answer[Field] } = {
    status: 0,
    error: null,
    received: 0,
    sent: 0,
    sample: null,
  };
  #client: Client;
  #socket: Socket | null = null;
  #phase: ConnectionPhase = "connect";
  #openedBefore = false;
  #session: Buffer | null = null;
  /** The request in flight; `null` while idle. */
  #prepared: PreparedRequest | null = null;
  #done: ((answer: Answer) => void) | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #dispatching = false;
  #sequence = 0;
  #readBefore = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#client = this.#newClient();
  }

  request(prepared: PreparedRequest, done: (answer: Answer) => void): void {
    const answer = this.#answer;
    answer.status = 0;
    answer.error = null;
    answer.received = 0;
    answer.sent = 0;
    answer.sample = null;
    this.#prepared = prepared;
    this.#done = done;
    this.#dispatching = true;
    this.#sequence++;
    this.#client.dispatch(prepared, this);
    this.#dispatching = false;
  }

  /** A request that is written is aborted. One that still waits for its connection cannot be: its client goes. */
  cancel(): void {
    if (this.#done === null) return;
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
    this.#destroy(new Error("closed"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#phase = "exchange";
    this.#readBefore = this.#socket?.bytesRead ?? 0;
    this.#answer.sent = this.#prepared?.bytes ?? 0;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#answer.status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { status, sample } = this.#answer;
    if (classifyStatus(status) === "ok" || (sample !== null && sample.length >= SAMPLE_BYTES)) return;
    this.#answer.sample = Buffer.concat(sample === null ? [chunk] : [sample, chunk]).subarray(0, SAMPLE_BYTES);
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
    const code = typeof error.code === "string" ? error.code : error.name;
    const failure: TransportError = { code, message: messageOf(error), phase: this.#phase };
    if (!this.#dispatching) {
      this.#finish(failure);
      return;
    }
    const sequence = this.#sequence;
    setImmediate(() => {
      if (sequence === this.#sequence) this.#finish(failure);
    });
  }

  #finish(error: TransportError | null): void {
    const done = this.#done;
    if (done === null) return;
    this.#answer.error = error;
    if (this.#controller !== null) this.#answer.received = (this.#socket?.bytesRead ?? 0) - this.#readBefore;
    this.#done = null;
    this.#controller = null;
    done(this.#answer);
  }

  #destroy(reason: Error): void {
    void this.#client.destroy(reason);
    // undici does not know the socket before it is connected.
    this.#socket?.destroy();
    this.#socket = null;
  }

  /**
   * Traps of undici 8: HTTP/2 is on by default and lets users share a connection; `keepAliveTimeout` is 4 s by default,
   * shorter than many waits; its timeouts resolve to half a second, so that ours replace them.
   */
  #newClient(): Client {
    const { origin, http2, idle } = this.#options;
    return new Client(origin, {
      pipelining: 1,
      allowH2: http2,
      keepAliveTimeout: idle,
      keepAliveMaxTimeout: idle,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (to, callback) => this.#connect(to, callback),
    });
  }

  #connect(to: buildConnector.Options, callback: buildConnector.Callback): void {
    this.#phase = "connect";
    const secure = to.protocol === "https:";
    const tls = {
      servername: to.servername ?? null,
      alpn: this.#options.http2 ? ["h2", "http/1.1"] : ["http/1.1"],
      insecure: this.#options.insecure,
      session: this.#session,
      onSession: (session: Buffer): void => {
        this.#session = session;
      },
    };
    this.#socket = openSocket(
      { hostname: to.hostname, port: Number(to.port) || (secure ? 443 : 80), tls: secure ? tls : null },
      {
        onTcp: () => {
          this.#phase = "tls";
        },
        onReady: (socket, times) => {
          this.#options.onConnected(!this.#openedBefore, times);
          this.#openedBefore = true;
          callback(null, socket);
        },
        onError: (error) => callback(error, null),
      },
    );
  }
}

/** Node reports a name with several addresses, none of which answers, as an AggregateError without a message. */
const messageOf = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map((each: unknown) => String(each)).join("; ") : error.message;
