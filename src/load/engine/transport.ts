import type { Micros, Millis } from "../../units.ts";
import type { ConnectionPhase } from "../classify.ts";

/** A request as every transport takes it; made once per task, never changed. */
export type PreparedRequest = {
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value. Mutable in type only: undici asks for it. */
  readonly headers: string[];
  readonly body: Uint8Array | null;
  /** Request line, headers and body as HTTP/1.1 writes them; counted as sent. */
  readonly bytes: number;
};

/** Why there is no complete answer. `phase` tells a connection that never came about from one that broke. */
export type TransportError = { readonly code: string; readonly message: string; readonly phase: ConnectionPhase };

/** What came back. The object belongs to the connection and is overwritten by its next request. */
export type Answer = {
  /** 0 when no status line was read. */
  readonly status: number;
  /** `null` when the answer is complete. */
  readonly error: TransportError | null;
  /** Bytes of the answer as read from the connection, headers and framing included, TLS excluded. */
  readonly received: number;
  /** 0 when nothing was written. */
  readonly sent: number;
  /** The beginning of the body of an answer that is not `ok`, at most `SAMPLE_BYTES`. */
  readonly sample: Uint8Array | null;
};

export const SAMPLE_BYTES = 200;

/** One user's connection, opened by its first request and again whenever it was closed. One request at a time. */
export type Connection = {
  /** Calls `done` exactly once, never before it has returned, unless `cancel` or `close` comes first. */
  readonly request: (prepared: PreparedRequest, done: (answer: Answer) => void) => void;
  /** Gives the request in flight up and closes the connection. */
  readonly cancel: () => void;
  readonly close: () => void;
};

/** The way to a target. A new way to speak HTTP is a new file that makes one of these. */
export type Transport = { readonly open: () => Connection };

export type TransportOptions = {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly insecure: boolean;
  readonly http2: boolean;
  /** How long a connection must be kept open between two requests. */
  readonly idle: Millis;
  /** Called for each connection that is ready for requests; `first` is false when a user opens one again. */
  readonly onConnected: (first: boolean, times: ConnectTimes) => void;
};

/** `tls` is `null` without TLS; DNS is in neither. */
export type ConnectTimes = { readonly connect: Micros; readonly tls: Micros | null };
