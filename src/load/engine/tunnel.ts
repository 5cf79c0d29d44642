import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { micros } from "../../units.ts";
import {
  type Address,
  type ConnectEvents,
  isResumed,
  openSocket,
  startLaps,
  startTls,
  type TlsSettings,
} from "./connect.ts";
import { ResponseParser } from "./http1/response-parser.ts";
import type { ProxyServer } from "./proxy.ts";
import type { ConnectTimes } from "./transport.ts";

/** A proxy's refusal is read no further than its head. */
const REFUSAL_BYTES = 65_536;

export type TunnelEnd = Address & { readonly tls: TlsSettings };

/**
 * A TLS connection to the end of a tunnel that the proxy opens (CONNECT, RFC 9110 9.3.6). The returned socket is the one
 * to the proxy; destroying it ends the attempt and, later, the connection.
 */
export const openTunnel = (proxy: ProxyServer, end: TunnelEnd, events: ConnectEvents): Socket =>
  openSocket(
    { ...proxy, tls: proxy.secure ? proxyTls(end.tls) : null, read: null },
    {
      onTcp: () => {},
      onReady: (socket, times) => askForTunnel(socket, { proxy, end, events, times }),
      onError: events.onError,
    },
  );

type Tunnel = {
  readonly proxy: ProxyServer;
  readonly end: TunnelEnd;
  readonly events: ConnectEvents;
  readonly times: ConnectTimes;
};

const askForTunnel = (socket: Socket, tunnel: Tunnel): void => {
  const { proxy, end, events, times } = tunnel;
  const lap = startLaps();
  const parser = new ResponseParser({ maxBody: REFUSAL_BYTES, keptWanted: 0, keptFailure: 0 });
  // The answer to CONNECT has no body, as one to HEAD: what follows it is the tunnel.
  parser.start({ method: "HEAD" });
  const fail = (error: Error): void => {
    stopListening();
    socket.destroy();
    events.onError(error);
  };
  const onData = (bytes: Buffer): void => {
    const fed = parser.feed(bytes);
    if (fed === "more") return;
    const reason = refusedBecause(parser);
    if (reason !== null) {
      fail(refusal(reason));
      return;
    }
    stopListening();
    shakeHands(socket, tunnel, { ...times, connect: micros(times.connect + (times.tls ?? 0) + lap()) });
  };
  const onEnd = (): void => fail(refusal("the proxy closed the connection"));
  const stopListening = (): void => {
    socket.off("data", onData).off("end", onEnd).off("error", fail);
    socket.pause();
  };
  socket.on("data", onData).on("end", onEnd).on("error", fail);
  socket.write(connectRequest(proxy, end));
};

const shakeHands = (socket: Socket, { end, events }: Tunnel, times: ConnectTimes): void => {
  const lap = startLaps();
  events.onTcp();
  const secured = startTls({ ...end, read: null }, socket);
  let settled = false;
  secured.once("secureConnect", () => {
    settled = true;
    events.onReady(secured, { ...times, tls: micros(lap()), resumed: isResumed(secured) });
  });
  secured.on("error", (error) => {
    if (!settled) events.onError(error);
    settled = true;
  });
  secured.once("close", () => socket.destroy());
};

const refusedBecause = (parser: ResponseParser): string | null => {
  if (parser.error !== null) return parser.error;
  if (parser.status < 200 || parser.status > 299) return `the proxy answered ${parser.status}`;
  return parser.surplus > 0 ? "the proxy sent more than an answer" : null;
};

const connectRequest = (proxy: ProxyServer, { hostname, port }: Address): string => {
  const authority = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
  const credentials = proxy.authorization === null ? "" : `proxy-authorization: ${proxy.authorization}\r\n`;
  return `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${credentials}\r\n`;
};

/** `insecure` is about the target; the proxy is somebody else. */
const proxyTls = ({ context }: { readonly context: SecureContext }): TlsSettings => ({
  servername: null,
  alpn: ["http/1.1"],
  insecure: false,
  context,
  session: null,
  onSession: () => {},
});

const refusal = (text: string): Error => Object.assign(new Error(text), { code: "PROXY_REFUSED" });
