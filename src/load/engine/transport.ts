import type { Micros, Millis } from "../../units.ts";
import type { ConnectionPhase } from "../classify.ts";

/** A request as every transport takes it; made by `encodeRequest`, never changed. */
export type PreparedRequest = {
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value. Mutable in type only: undici asks for it. */
  readonly headers: string[];
  readonly body: Uint8Array | null;
  /** Request line, headers and body as HTTP/1.1 writes them: one write to the socket. */
  readonly wire: Buffer;
  /** Length of `wire`. */
  readonly bytes: number;
  /** `body`: a check or a capture needs it. `sample`: it is counted, and its beginning kept when the answer is a failure. */
  readonly keep: "sample" | "body";
  /** The request asks the server to close: its connection is not used again. */
  readonly closes: boolean;
  /** Why it cannot be sent, or `null`: such a request ends with the error `UNSENDABLE`, and nothing is written. */
  readonly problem: string | null;
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
  /** Bytes behind the complete answer, for which the connection was closed; undici does not tell and leaves it 0. */
  readonly surplus: number;
  /** First byte of the answer, interim ones included, minus the beginning of the write; `null` when none came. */
  readonly ttfb: Millis | null;
  /** Last byte minus first byte; 0 when one read brought all of it, `null` when the answer is not complete. */
  readonly download: Millis | null;
  /** The beginning of what was kept of the body, decoded as far as it goes, at most `SAMPLE_BYTES`; else `null`. */
  readonly sample: Uint8Array | null;
  /** With `keep: "body"`: the body of a complete answer, decoded; `null` otherwise, and when `bodyProblem` says why. */
  readonly body: Uint8Array | null;
  /** One short sentence: too long to be kept, or not in the coding that it claims. */
  readonly bodyProblem: string | null;
  /**
   * A header by its name in any case, repeated ones joined with ", ", or `null`. With `keep: "sample"` the answer's
   * memory is used again as soon as `done` has returned, and asking later throws.
   */
  readonly header: (name: string) => string | null;
  /** All of them by lower-case name, under the same condition. */
  readonly headers: () => Readonly<Record<string, string>>;
};

export const SAMPLE_BYTES = 200;

/** One user's connection, opened by its first request and again whenever it was closed. One request at a time. */
export type Connection = {
  /** Calls `done` exactly once, never before it has returned, unless `cancel` or `close` comes first. */
  readonly request: (prepared: PreparedRequest, done: (answer: Answer) => void) => void;
  /**
   * Opens the connection ahead of its first request. Calls `done` once, later, when it stands or cannot be opened (then
   * the request tries again, and fails in its own name), unless `cancel` or `close` comes first.
   */
  readonly connect: (done: () => void) => void;
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
  /** URL of the proxy that leads to the origin (`proxyFor`); undici only. */
  readonly proxy?: string | null;
  /** Called for each connection that is ready for requests; `first` is false when a user opens one again. */
  readonly onConnected: (first: boolean, times: ConnectTimes) => void;
  /** Called for each connection closed for bytes that nobody asked for; undici does not tell. */
  readonly onSurplus?: () => void;
};

/** How a connection came about. Through a proxy, name and TCP connect are the proxy's, its tunnel is part of `connect`. */
export type ConnectTimes = {
  /** Name look-up; `null` for an address. */
  readonly dns: Micros | null;
  readonly connect: Micros;
  /** `null` without TLS. */
  readonly tls: Micros | null;
  /** The TLS session of an earlier connection was taken up again. */
  readonly resumed: boolean;
};
