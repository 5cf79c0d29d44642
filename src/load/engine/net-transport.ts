import type { Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { millis } from "../../units.ts";
import type { ConnectionPhase } from "../classify.ts";
import { type AnswerSource, LiveAnswer } from "./answer.ts";
import { type Address, addressOf, openSocket, type TlsSettings } from "./connect.ts";
import { KeptMemory } from "./http1/kept-memory.ts";
import { DEFAULT_BODY_LIMITS, ResponseParser } from "./http1/response-parser.ts";
import type {
  Answer,
  Connection,
  ConnectTimes,
  PreparedRequest,
  Transport,
  TransportError,
  TransportOptions,
} from "./transport.ts";
import { BAD_ANSWER, CONNECTION_CLOSED, transportError, unsendable } from "./transport-error.ts";

/** One read of a socket takes at most this much; libuv asks for no more either. */
const READ_BYTES = 65_536;
/** A server that announces when it closes an idle connection is believed, less this much for the way there. */
const KEEP_ALIVE_MARGIN_MS = 500;

/**
 * HTTP/1.1 over sockets of our own: one per user, a single write per request, answers parsed where they were read. All
 * sockets of a thread read into the same memory, because each read is used up before the next one begins.
 */
export const netTransport = (options: TransportOptions): Transport => {
  const { address, secure } = addressOf(options.origin);
  const shared: Shared = {
    options,
    address,
    context: secure ? createSecureContext() : null,
    memory: new KeptMemory(),
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    reads: 0,
  };
  return { open: () => new NetConnection(shared) };
};

/** What all connections of a transport share. */
type Shared = {
  readonly options: TransportOptions;
  readonly address: Address;
  /** `null` for plain TCP. */
  readonly context: SecureContext | null;
  readonly memory: KeptMemory;
  readonly buffer: Buffer;
  /** Counts reads into `buffer`: an answer that lies in it is gone with the next one. */
  reads: number;
};

/** The source of its own answers, so that a user costs as few objects as possible. */
class NetConnection implements Connection, AnswerSource {
  readonly #shared: Shared;
  readonly #parser: ResponseParser;
  readonly #answer = new LiveAnswer(this);
  /** Connecting, in use or idle; `null` when there is none that can be used. */
  #socket: Socket | null = null;
  #phase: ConnectionPhase = "connect";
  /** The socket is connected. */
  #ready = false;
  /** Who waits for the connection without a request. */
  #connected: (() => void) | null = null;
  #openedBefore = false;
  #session: Buffer | null = null;
  /** The request in flight; `done` is `null` while idle. */
  #prepared: PreparedRequest | null = null;
  #done: ((answer: Answer) => void) | null = null;
  #later: NodeJS.Immediate | null = null;
  #writtenAt = 0;
  /** 0 before the first byte. */
  #firstByteAt = 0;
  #idleSince = 0;
  /** How long the server lets the connection idle, milliseconds. */
  #idleLimit = Number.POSITIVE_INFINITY;
  /** `shared.reads` when the answer was complete. */
  #readAt = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#parser = new ResponseParser(DEFAULT_BODY_LIMITS, shared.memory);
  }

  request(prepared: PreparedRequest, done: (answer: Answer) => void): void {
    this.#prepared = prepared;
    this.#done = done;
    this.#firstByteAt = 0;
    this.#parser.start(prepared);
    this.#answer.begin(prepared.keep === "body");
    if (prepared.problem !== null) {
      this.#failLater(unsendable(prepared.problem));
      return;
    }
    const now = performance.now();
    if (this.#ready && now - this.#idleSince > this.#idleLimit) this.#drop();
    if (this.#socket === null) this.#open();
    else if (this.#ready) this.#write(this.#socket, prepared, now);
  }

  connect(done: () => void): void {
    this.#connected = done;
    if (this.#ready) this.#later = setImmediate(() => this.#tellConnected());
    else if (this.#socket === null) this.#open();
  }

  cancel(): void {
    if (this.#done === null && this.#connected === null) return;
    this.#forget();
    this.#drop();
  }

  close(): void {
    this.#forget();
    this.#drop();
    this.#parser.release();
  }

  get body(): Buffer {
    return this.#parser.body;
  }

  get bodyCut(): boolean {
    return this.#parser.bodyCut;
  }

  header(name: string): string | null {
    this.#checkThere();
    return this.#parser.header(name);
  }

  headers(): Readonly<Record<string, string>> {
    this.#checkThere();
    return this.#parser.headers();
  }

  #checkThere(): void {
    if (!this.#answer.wanted && this.#readAt !== this.#shared.reads) throw new Error("the answer is no longer there");
  }

  #open(): void {
    const { address, buffer, context } = this.#shared;
    this.#phase = "connect";
    const socket = openSocket(
      {
        ...address,
        tls: context === null ? null : this.#tls(context),
        read: { buffer, onBytes: (length) => this.#onBytes(socket, length) },
      },
      {
        onTcp: () => {
          this.#phase = "tls";
        },
        onReady: (ready, times) => this.#onReady(ready, times),
        onError: (error) => this.#onError(socket, error),
      },
    );
    this.#socket = socket;
  }

  #tls(context: SecureContext): TlsSettings {
    return {
      servername: null,
      alpn: ["http/1.1"],
      insecure: this.#shared.options.insecure,
      context,
      session: this.#session,
      onSession: (session) => {
        this.#session = session;
      },
    };
  }

  #onReady(socket: Socket, times: ConnectTimes): void {
    if (socket !== this.#socket) return;
    this.#phase = "exchange";
    this.#ready = true;
    this.#idleLimit = Number.POSITIVE_INFINITY;
    socket.on("error", (error) => this.#onError(socket, error));
    socket.on("end", () => this.#onEnd(socket));
    socket.on("close", () => this.#onEnd(socket));
    this.#shared.options.onConnected(!this.#openedBefore, times);
    this.#openedBefore = true;
    if (this.#done !== null && this.#prepared !== null) this.#write(socket, this.#prepared, performance.now());
    this.#tellConnected();
  }

  #tellConnected(): void {
    const connected = this.#connected;
    this.#connected = null;
    connected?.();
  }

  #write(socket: Socket, prepared: PreparedRequest, now: number): void {
    this.#writtenAt = now;
    this.#answer.sent = prepared.bytes;
    socket.write(prepared.wire);
  }

  #onBytes(socket: Socket, length: number): void {
    this.#shared.reads++;
    // TLS may hand over what it had decrypted before its socket was given up.
    if (socket !== this.#socket) return;
    if (this.#done === null) {
      this.#drop();
      this.#shared.options.onSurplus?.();
      return;
    }
    const isFirst = this.#firstByteAt === 0;
    if (isFirst) this.#firstByteAt = performance.now();
    this.#answer.received += length;
    if (this.#parser.feed(this.#shared.buffer, length) === "more") return;
    this.#answered(BAD_ANSWER, isFirst ? this.#firstByteAt : performance.now());
  }

  /** The server closed: in the middle of an answer, at the end of one that ends so, or while nothing was asked. */
  #onEnd(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#drop();
    if (this.#done === null) return;
    this.#parser.end();
    this.#answered(CONNECTION_CLOSED, performance.now());
  }

  #onError(socket: Socket, error: Error): void {
    if (socket !== this.#socket) return;
    this.#drop();
    this.#finish(transportError(error, this.#phase));
    this.#tellConnected();
  }

  /** The parser came to an end; `code` is what an error of its means. */
  #answered(code: string, now: number): void {
    const { surplus, error, keepAlive, keepAliveTimeout } = this.#parser;
    const answer = this.#answer;
    if (error !== null) {
      this.#drop();
      this.#finish({ code, message: error, phase: "exchange" });
      return;
    }
    this.#idleSince = now;
    this.#idleLimit = keepAliveTimeout < 0 ? Number.POSITIVE_INFINITY : keepAliveTimeout * 1000 - KEEP_ALIVE_MARGIN_MS;
    if (!keepAlive || this.#idleLimit <= 0 || this.#prepared?.closes === true) this.#drop();
    if (surplus > 0) {
      answer.surplus = surplus;
      answer.received -= surplus;
      this.#shared.options.onSurplus?.();
    }
    answer.download = millis(now - this.#firstByteAt);
    this.#finish(null);
  }

  #failLater(error: TransportError): void {
    this.#later = setImmediate(() => this.#finish(error));
  }

  #finish(error: TransportError | null): void {
    const done = this.#done;
    if (done === null) return;
    const answer = this.#answer;
    answer.status = this.#parser.status;
    answer.error = error;
    if (this.#firstByteAt !== 0) answer.ttfb = millis(this.#firstByteAt - this.#writtenAt);
    this.#readAt = this.#shared.reads;
    this.#done = null;
    done(answer);
  }

  /** Whoever waited for an answer does so no more. */
  #forget(): void {
    this.#done = null;
    this.#connected = null;
    if (this.#later !== null) clearImmediate(this.#later);
    this.#later = null;
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#ready = false;
    socket?.destroy();
  }
}
