import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, TLSSocket } from "node:tls";
import { micros } from "../../units.ts";
import { keptLookup } from "./resolve.ts";
import type { ConnectTimes } from "./transport.ts";

/** Where plain TCP leads. */
export type Address = { readonly hostname: string; readonly port: number };

/** The address an origin names, IPv6 without its brackets. */
export const addressOf = (origin: string): { readonly address: Address; readonly secure: boolean } => {
  const { protocol, hostname, port } = new URL(origin);
  const secure = protocol === "https:";
  const address = {
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 443 : 80) : Number(port),
  };
  return { address, secure };
};

export type TlsSettings = {
  readonly servername: string | null;
  readonly alpn: readonly string[];
  readonly insecure: boolean;
  /** Shared by all connections of a thread: making one reads every root certificate. */
  readonly context: SecureContext;
  /** The session of this user's earlier connection: a client that comes back resumes it. */
  readonly session: Buffer | null;
  readonly onSession: (session: Buffer) => void;
};

export type Endpoint = Address & {
  /** `null` for plain TCP. */
  readonly tls: TlsSettings | null;
  /**
   * Reads into this memory and calls back instead of emitting `data` with memory of its own each time. It may be shared:
   * what is read must be used before `onBytes` returns. `null` leaves the reading to the stream.
   */
  readonly read: ReadInto | null;
};

export type ReadInto = { readonly buffer: Buffer; readonly onBytes: (length: number) => void };

export type ConnectEvents = {
  /** TCP stands, TLS begins. */
  readonly onTcp: () => void;
  readonly onReady: (socket: Socket, times: ConnectTimes) => void;
  readonly onError: (error: Error) => void;
};

/**
 * Opens a socket and measures name look-up, TCP connect and TLS handshake. Exactly one of `onReady` and `onError` is
 * called, later; destroying the returned socket with an error ends the attempt. No time limit of its own: the request's
 * covers it.
 */
export const openSocket = (endpoint: Endpoint, events: ConnectEvents): Socket => {
  const lap = startLaps();
  let dns: number | null = null;
  let tcp = 0;
  const socket = startConnecting(endpoint);
  let settled = false;
  socket.setNoDelay(true);
  // With several addresses there is an event for each of them, right after one another.
  socket.on("lookup", () => {
    dns = (dns ?? 0) + lap();
  });
  socket.once("connect", () => {
    tcp = lap();
    if (endpoint.tls !== null) events.onTcp();
  });
  socket.once(endpoint.tls === null ? "connect" : "secureConnect", () => {
    settled = true;
    const tls = endpoint.tls === null ? null : micros(lap());
    events.onReady(socket, {
      dns: dns === null ? null : micros(dns),
      connect: micros(tcp),
      tls,
      resumed: isResumed(socket),
    });
  });
  // Stays attached: an error after a cancelled attempt must not become an uncaught exception.
  socket.on("error", (error) => {
    if (!settled) events.onError(error);
    settled = true;
  });
  return socket;
};

/** Each call returns the microseconds since the one before. */
export const startLaps = (): (() => number) => {
  let mark = performance.now();
  return () => {
    const before = mark;
    mark = performance.now();
    return (mark - before) * 1000;
  };
};

/** Begins the handshake over a new connection or, given one, over a tunnel that stands already. */
export const startTls = (
  to: Address & { readonly tls: TlsSettings; readonly read: ReadInto | null },
  tunnel: Socket | null,
): TLSSocket => {
  const { hostname, port, tls } = to;
  const socket = connectTls({
    ...(tunnel === null ? { host: hostname, port, lookup, ...KEEP_ALIVE, ...onread(to.read) } : { socket: tunnel }),
    // An IP address is no server name (RFC 6066), and is what the certificate is checked for.
    servername: tls.servername ?? (isIP(hostname) === 0 ? hostname : ""),
    host: hostname,
    ALPNProtocols: [...tls.alpn],
    rejectUnauthorized: !tls.insecure,
    secureContext: tls.context,
    ...(tls.session === null ? {} : { session: tls.session }),
  });
  socket.on("session", tls.onSession);
  return socket;
};

/** One for the thread. */
const lookup = keptLookup();

const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 60_000 };

const startConnecting = ({ hostname, port, tls, read }: Endpoint): Socket =>
  tls === null
    ? connectTcp({ host: hostname, port, lookup, ...KEEP_ALIVE, ...onread(read) })
    : startTls({ hostname, port, tls, read }, null);

const onread = (read: ReadInto | null) => {
  if (read === null) return {};
  const { buffer, onBytes } = read;
  const callback = (length: number): boolean => {
    onBytes(length);
    return true;
  };
  return { onread: { buffer, callback } };
};

export const isResumed = (socket: Socket): boolean => socket instanceof TLSSocket && socket.isSessionReused();
