import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ask, openConnection, type RawTarget, requestTo, startRawTarget } from "./transport-harness.ts";

const HI = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

type Proxy = {
  readonly url: string;
  /** Request lines as the proxy read them, with the credentials. */
  readonly asked: readonly string[];
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

const lineOf = (request: IncomingMessage): string =>
  [request.method, request.url, request.headers.host, request.headers["proxy-authorization"] ?? "-"].join(" ");

/** Forwards plain requests with an answer of its own; opens tunnels, or answers `refuse` to them. */
const startProxy = async (refuse: number | null = null): Promise<Proxy> => {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    asked.push(lineOf(request));
    response.end("via proxy");
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    asked.push(lineOf(request));
    if (refuse !== null) {
      socket.end(`HTTP/1.1 ${refuse} No\r\ncontent-length: 4\r\n\r\nnope`);
      return;
    }
    const port = Number(request.url?.split(":")[1]);
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    url: `http://user:secret@127.0.0.1:${port}`,
    asked,
    connections: () => [...sockets].filter((socket) => socket.localPort === port).length,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const CREDENTIALS = `Basic ${btoa("user:secret")}`;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const proxied = async (origin: string, refuse: number | null = null) => {
  const proxy = await startProxy(refuse);
  const users = [0, 1].map(() => openConnection("undici", origin, { proxy: proxy.url }));
  closing.push(proxy.close, () => {
    for (const user of users) user.connection.close();
  });
  return { proxy, users };
};

const startTls = async (): Promise<RawTarget> => {
  const target = await startRawTarget((socket) => socket.write(HI), "https");
  closing.push(target.close);
  return target;
};

describe("through a proxy", () => {
  it("plain requests name the whole URL, on one connection per user", async () => {
    const origin = "http://shop.example";
    const { proxy, users } = await proxied(origin);
    for (let i = 0; i < 3; i++) {
      for (const { connection } of users) {
        const seen = await ask(connection, requestTo(origin, { path: "/a?b=c" }));
        expect(seen).toMatchObject({ outcome: "ok", body: "via proxy" });
      }
    }
    expect(new Set(proxy.asked)).toEqual(new Set([`GET http://shop.example/a?b=c shop.example ${CREDENTIALS}`]));
    expect(proxy.asked).toHaveLength(6);
    expect(proxy.connections()).toBe(2);
    expect(users.map(({ connects }) => connects.length)).toEqual([1, 1]);
    expect(users[0]?.connects[0]).toMatchObject({ first: true, times: { tls: null } });
  });

  it("TLS goes through a tunnel, one per user, and the proxy sees no request", async () => {
    const target = await startTls();
    const { proxy, users } = await proxied(target.origin);
    for (let i = 0; i < 3; i++) {
      for (const { connection } of users) {
        const seen = await ask(connection, requestTo(target.origin));
        expect(seen).toMatchObject({ outcome: "ok", body: "hi", received: HI.length });
      }
    }
    const host = `127.0.0.1:${target.port}`;
    expect(proxy.asked).toEqual([0, 1].map(() => `CONNECT ${host} ${host} ${CREDENTIALS}`));
    expect(target.accepted()).toBe(2);
    expect(target.requests.every((request) => !request.includes("proxy-authorization"))).toBe(true);
    for (const { connects } of users) {
      expect(connects).toHaveLength(1);
      expect(connects[0]?.times.tls).toBeGreaterThan(0);
    }
  });

  it("a tunnel that is refused is a connect-error with the proxy's status", async () => {
    const target = await startTls();
    const { users } = await proxied(target.origin, 407);
    const [user] = users;
    if (user === undefined) throw new Error("no user");
    for (let i = 0; i < 2; i++) {
      const seen = await ask(user.connection, requestTo(target.origin));
      expect(seen).toMatchObject({ outcome: "connect-error", status: 0, sent: 0 });
      expect(seen.error?.message).toContain("the proxy answered 407");
    }
    expect(user.connects).toEqual([]);
  });

  it("the certificate checked is the target's", async () => {
    const target = await startTls();
    const proxy = await startProxy();
    const { connection } = openConnection("undici", target.origin, { proxy: proxy.url, insecure: false });
    closing.push(proxy.close, () => connection.close());
    expect(await ask(connection, requestTo(target.origin))).toMatchObject({ outcome: "tls-error", sent: 0 });
    expect(target.requests).toEqual([]);
  });

  it("one that is not there is a connect-error, one that is none is ours to mend", async () => {
    const gone = await startProxy();
    await gone.close();
    const first = openConnection("undici", "https://shop.example", { proxy: gone.url });
    const second = openConnection("undici", "https://shop.example", { proxy: "socks5://127.0.0.1:1" });
    closing.push(
      () => first.connection.close(),
      () => second.connection.close(),
    );
    const request = requestTo("https://shop.example");
    expect(await ask(first.connection, request)).toMatchObject({ outcome: "connect-error" });
    expect(await ask(second.connection, request)).toMatchObject({ outcome: "local-error" });
  });

  it("a user that gives up while the proxy is silent starts anew", async () => {
    const silent = await startRawTarget(() => {});
    closing.push(silent.close);
    const { connection } = openConnection("undici", "https://shop.example", { proxy: silent.origin });
    closing.push(() => connection.close());
    let called = 0;
    for (let i = 0; i < 2; i++) {
      connection.request(requestTo("https://shop.example"), () => {
        called++;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      connection.cancel();
    }
    expect(called).toBe(0);
    expect(silent.accepted()).toBe(2);
  });
});
