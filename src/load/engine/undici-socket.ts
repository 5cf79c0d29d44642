import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { ConnectionPhase } from "../classify.ts";
import { type Address, type ConnectEvents, openSocket, type TlsSettings } from "./connect.ts";
import type { ProxyServer } from "./proxy.ts";
import type { TransportOptions } from "./transport.ts";
import { openTunnel } from "./tunnel.ts";

/** How connections lead to the origin: the same for all users of a transport. */
export type Route = {
  readonly options: TransportOptions;
  /** The origin's, or the proxy's when it forwards. */
  readonly address: Address;
  readonly secure: boolean;
  readonly proxy: ProxyServer | null;
  /** Without TLS the proxy itself is sent the requests, with the whole URL as their path (RFC 9112 3.2.2). */
  readonly forwards: boolean;
  readonly context: SecureContext;
};

type Opened = { readonly onSocket: (socket: Socket) => void; readonly onError: (error: Error) => void };

/** The sockets of one user's undici client, one after the other; the first one may be opened ahead of its request. */
export class UndiciSocket {
  /** How far the present one has come. */
  phase: ConnectionPhase = "connect";
  readonly #route: Route;
  #socket: Socket | null = null;
  /** Connected, and not yet asked for by undici. */
  #spare: Socket | null = null;
  #connected: (() => void) | null = null;
  #openedBefore = false;
  #session: Buffer | null = null;

  constructor(route: Route) {
    this.#route = route;
  }

  /** Read so far, TLS excluded. */
  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0;
  }

  /** Somebody waits for a connection without a request. */
  get isAwaited(): boolean {
    return this.#connected !== null;
  }

  /** `done` is called later, when the connection stands or could not be opened; not after `destroy`. */
  connectAhead(done: () => void): void {
    this.#connected = done;
    if (this.#socket !== null && !this.#socket.destroyed) {
      setImmediate(() => this.#tellConnected());
      return;
    }
    this.#open({
      onSocket: (socket) => {
        this.#spare = socket;
        // A socket that nobody reads does not notice that the other side closed; an HTTP/2 server speaks first.
        if (!this.#route.options.http2) socket.resume();
        this.#tellConnected();
      },
      onError: () => this.#tellConnected(),
    });
  }

  /** undici asks for a connection. */
  connect(opened: Opened): void {
    const spare = this.#spare;
    this.#spare = null;
    if (spare !== null && !spare.destroyed && spare === this.#socket) {
      spare.pause();
      process.nextTick(opened.onSocket, spare);
      return;
    }
    // An attempt that was made ahead and is not through yet would be one connection too many.
    this.#socket?.destroy();
    this.#open(opened);
  }

  destroy(): void {
    this.#connected = null;
    this.#spare = null;
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(opened: Opened): void {
    const { options, address, secure, proxy, forwards } = this.#route;
    this.phase = "connect";
    const events: ConnectEvents = {
      onTcp: () => {
        this.phase = "tls";
      },
      onReady: (socket, times) => {
        this.#socket = socket;
        options.onConnected(!this.#openedBefore, times);
        this.#openedBefore = true;
        opened.onSocket(socket);
      },
      onError: opened.onError,
    };
    const tls = secure ? this.#tls() : null;
    this.#socket =
      proxy !== null && !forwards && tls !== null
        ? openTunnel(proxy, { ...address, tls }, events)
        : openSocket({ ...address, tls, read: null }, events);
  }

  #tls(): TlsSettings {
    const { options, context, forwards } = this.#route;
    return {
      servername: null,
      alpn: options.http2 && !forwards ? ["h2", "http/1.1"] : ["http/1.1"],
      // `insecure` is about the target; a proxy is somebody else.
      insecure: options.insecure && !forwards,
      context,
      session: this.#session,
      onSession: (session: Buffer): void => {
        this.#session = session;
      },
    };
  }

  #tellConnected(): void {
    const connected = this.#connected;
    this.#connected = null;
    connected?.();
  }
}
