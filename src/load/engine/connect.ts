import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { micros } from "../../units.ts";
import type { ConnectTimes } from "./transport.ts";

export type Endpoint = {
  readonly hostname: string;
  readonly port: number;
  /** `null` for plain TCP. */
  readonly tls: {
    readonly servername: string | null;
    readonly alpn: readonly string[];
    readonly insecure: boolean;
    /** The session of this user's earlier connection: a client that comes back resumes it. */
    readonly session: Buffer | null;
    readonly onSession: (session: Buffer) => void;
  } | null;
};

export type ConnectEvents = {
  /** TCP stands, TLS begins. */
  readonly onTcp: () => void;
  readonly onReady: (socket: Socket, times: ConnectTimes) => void;
  readonly onError: (error: Error) => void;
};

/**
 * Opens a socket and measures TCP connect and TLS handshake. Exactly one of `onReady` and `onError` is called, later;
 * destroying the returned socket with an error ends the attempt. No time limit of its own: the request's covers it.
 */
export const openSocket = (endpoint: Endpoint, events: ConnectEvents): Socket => {
  let mark = performance.now();
  let tcp = micros(0);
  const lap = (): number => {
    const before = mark;
    mark = performance.now();
    return (mark - before) * 1000;
  };
  const socket = startConnecting(endpoint);
  let settled = false;
  socket.setNoDelay(true);
  // With several addresses the last lookup event is that of the address which is then connected to.
  socket.on("lookup", lap);
  socket.once("connect", () => {
    tcp = micros(lap());
    if (endpoint.tls !== null) events.onTcp();
  });
  socket.once(endpoint.tls === null ? "connect" : "secureConnect", () => {
    settled = true;
    events.onReady(socket, { connect: tcp, tls: endpoint.tls === null ? null : micros(lap()) });
  });
  // Stays attached: an error after a cancelled attempt must not become an uncaught exception.
  socket.on("error", (error) => {
    if (!settled) events.onError(error);
    settled = true;
  });
  return socket;
};

const startConnecting = ({ hostname, port, tls }: Endpoint): Socket => {
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 60_000 };
  if (tls === null) return connectTcp({ host: hostname, port, ...keepAlive });
  const socket = connectTls({
    host: hostname,
    port,
    ...keepAlive,
    // An IP address is no server name (RFC 6066).
    servername: tls.servername ?? (isIP(hostname) === 0 ? hostname : ""),
    ALPNProtocols: [...tls.alpn],
    rejectUnauthorized: !tls.insecure,
    ...(tls.session === null ? {} : { session: tls.session }),
  });
  socket.on("session", tls.onSession);
  return socket;
};
