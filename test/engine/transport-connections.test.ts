import { createSecureServer, type ServerHttp2Session } from "node:http2";
import type { Socket } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { TransportChoice } from "../../src/load/engine/choose-transport.ts";
import type { Answer } from "../../src/load/engine/transport.ts";
import { CERTIFICATE, PRIVATE_KEY } from "./engine-certificate.ts";
import {
  ask,
  type Opened,
  openConnection,
  pause,
  type RawTarget,
  requestTo,
  startRawTarget,
} from "./transport-harness.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const HI = `${OK}content-length: 2\r\n\r\nhi`;
const BOTH: readonly TransportChoice[] = ["net", "undici"];

const open: { target: RawTarget | null; opened: Opened | null } = { target: null, opened: null };
afterEach(async () => {
  open.opened?.connection.close();
  await open.target?.close();
});

type Answerer = (socket: Socket, request: string) => void;

const start = async (choice: TransportChoice, onRequest: Answerer, scheme: "http" | "https" = "http") => {
  const target = await startRawTarget(onRequest, scheme);
  const opened = openConnection(choice, target.origin);
  open.target = target;
  open.opened = opened;
  const go = (change: Parameters<typeof requestTo>[1] = {}) => ask(opened.connection, requestTo(target.origin, change));
  return { target, ...opened, go };
};

const REUSE: readonly (readonly [sentence: string, answer: string | null, connections: number])[] = [
  ["keeps the connection", HI, 1],
  ["keeps it behind an answer without body", "HTTP/1.1 204 No Content\r\n\r\n", 1],
  ["keeps it behind chunks", `${OK}transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`, 1],
  ["keeps it behind interim answers", `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${HI}`, 1],
  ["keeps it for HTTP/1.0 that says so", "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nhi", 1],
  ["keeps it when told that it may idle for long", `${OK}keep-alive: timeout=5\r\ncontent-length: 2\r\n\r\nhi`, 1],
  ["closes it for HTTP/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi", 3],
  ["closes it when told to", `${OK}connection: close\r\ncontent-length: 2\r\n\r\nhi`, 3],
  ["closes it when it may not idle at all", `${OK}keep-alive: timeout=0\r\ncontent-length: 2\r\n\r\nhi`, 3],
  ["closes it behind surplus bytes", `${HI} there`, 3],
];

describe.each(BOTH)("%s", (choice) => {
  it.each(REUSE)("%s", async (_sentence, answer, connections) => {
    const { target, connects, go } = await start(choice, (socket) => socket.write(answer ?? HI));
    for (let i = 0; i < 3; i++) {
      expect(await go({ path: `/${i}` })).toMatchObject({ outcome: "ok", error: null });
      await pause(5);
    }
    expect(connects.map(({ first }) => first)).toEqual([true, false, false].slice(0, connections));
    // undici may open the next connection before there is a request for it.
    expect(target.accepted()).toBeGreaterThanOrEqual(connections);
    if (choice === "net") expect(target.accepted()).toBe(connections);
    expect(target.requests.map((request) => request.slice(0, 6))).toEqual(["GET /0", "GET /1", "GET /2"]);
  });

  it("notices that the server closed the idle connection, and opens another", async () => {
    const { connects, go } = await start(choice, (socket) => socket.end(HI));
    for (let i = 0; i < 5; i++) {
      expect(await go()).toMatchObject({ outcome: "ok" });
      await pause(20);
    }
    expect(connects).toHaveLength(5);
    expect(connects.filter(({ first }) => first)).toHaveLength(1);
  });

  it("reports a connection that dies under a request, and sends it once", async () => {
    const { connects, go, target } = await start(choice, (socket) => {
      if (target.requests.length === 2) socket.destroy();
      else socket.write(HI);
    });
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(await go()).toMatchObject({ outcome: "reset", status: 0, received: 0, ttfb: null, download: null });
    expect(target.requests).toHaveLength(2);
    expect(connects).toHaveLength(1);
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(connects).toHaveLength(2);
  });

  it("believes how long the server lets a connection idle", async () => {
    const { connects, go } = await start(choice, (socket) =>
      socket.write(`${OK}keep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nhi`),
    );
    await go();
    await go();
    expect(connects).toHaveLength(1);
    await pause(700);
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(connects).toHaveLength(2);
  });

  it("does not use a connection again that the request asked to close", async () => {
    const { connects, go, target } = await start(choice, (socket) => socket.write(HI));
    for (let i = 0; i < 2; i++) expect(await go({ headers: [["Connection", "close"]] })).toMatchObject({ status: 200 });
    expect(connects).toHaveLength(2);
    expect(target.requests[0]).toMatch(/\r\nconnection: close\r\n/i);
  });

  it("counts what it sends to the byte", async () => {
    const { target, go } = await start(choice, (socket) => socket.write(HI));
    const headers = [["x-name", "J\u00fcrgen"]] as const;
    const drafts = [
      {},
      { method: "POST", body: "{}" },
      { method: "POST" },
      { method: "DELETE", headers },
      { method: "HEAD" },
    ];
    for (const [index, draft] of drafts.entries()) {
      const { sent } = await go(draft);
      expect(sent).toBe(target.requests[index]?.length);
    }
    expect(target.requests[1]).toMatch(/\r\ncontent-length: 2\r\n[\s\S]*\r\n\{\}$/);
    expect(target.requests[2]).toContain("content-length: 0\r\n");
    expect(target.requests[3]).not.toContain("content-length");
    expect(target.requests[3]).toContain("x-name: J\u00fcrgen\r\n");
  });

  it("measures the first byte and the rest", async () => {
    const { go } = await start(choice, (socket) => {
      setTimeout(() => socket.write(OK), 60);
      setTimeout(() => socket.write("content-length: 0\r\n\r\n"), 120);
    });
    const { ttfb, download } = await go();
    expect(ttfb).toBeGreaterThan(50);
    if (choice === "net") expect(download).toBeGreaterThan(40);
  });

  it("refuses what cannot be sent, later and without a connection", async () => {
    const { connection, connects, target } = await start(choice, (socket) => socket.write(HI));
    const bad = requestTo(target.origin, { headers: [["x-a", "b\nc"]] });
    let returned = false;
    const error = await new Promise((resolve) => {
      connection.request(bad, (answer) => resolve({ returned, ...answer.error }));
      returned = true;
    });
    expect(error).toMatchObject({ returned: true, message: expect.stringContaining("x-a") });
    expect(await ask(connection, bad)).toMatchObject({ outcome: "local-error", status: 0, sent: 0 });
    expect(connects).toEqual([]);
    expect(target.accepted()).toBe(0);
    expect(await ask(connection, requestTo(target.origin))).toMatchObject({ outcome: "ok" });
  });

  it("has no address for a name, no connection to a closed port", async () => {
    const { target, go } = await start(choice, () => {});
    await target.close();
    expect(await go()).toMatchObject({ outcome: "connect-error", sent: 0, error: { code: "ECONNREFUSED" } });
    const { connection } = openConnection(choice, "http://no-such-host.invalid");
    expect(await ask(connection, requestTo("http://no-such-host.invalid"))).toMatchObject({ outcome: "dns-error" });
    connection.close();
  });

  it("keeps a wanted body decoded, and what stands in the header", async () => {
    const text = "a body that is worth compressing ".repeat(100);
    const coded = { gzip: gzipSync(text), br: brotliCompressSync(text), deflate: deflateSync(text) };
    const { go } = await start(choice, (socket, request) => {
      const [coding, bytes] = Object.entries(coded).find(([name]) => request.includes(`/${name} `)) ?? ["", ""];
      socket.write(
        `${OK}Content-Type: text/plain\r\ncontent-encoding: ${coding}\r\ncontent-length: ${bytes.length}\r\n`,
      );
      socket.write(Buffer.concat([Buffer.from("\r\n"), Buffer.from(bytes)]));
    });
    for (const coding of Object.keys(coded)) {
      const seen = await go({ path: `/${coding}` });
      expect(seen).toMatchObject({ body: text, bodyProblem: null, contentType: "text/plain" });
      expect(seen.sample).toBe(text.slice(0, 200));
      expect(await go({ path: `/${coding}`, keep: "sample" })).toMatchObject({ body: null, sample: null });
    }
  });

  it("says why a wanted body is not there", async () => {
    const { go } = await start(choice, (socket, request) => {
      if (request.includes("/large ")) socket.write(`${OK}content-length: 9000000\r\n\r\n${"x".repeat(9_000_000)}`);
      else socket.write(`${OK}content-encoding: gzip\r\ncontent-length: 2\r\n\r\nhi`);
    });
    expect(await go({ path: "/large" })).toMatchObject({
      outcome: "ok",
      body: null,
      bodyProblem: "body larger than the 8388608 bytes kept of it",
    });
    expect(await go()).toMatchObject({ outcome: "ok", body: null, bodyProblem: "body is not valid gzip" });
    expect(await go({ method: "HEAD" })).toMatchObject({ body: "", bodyProblem: null });
  });

  it("keeps the beginning of a failure's body, decoded", async () => {
    const text = `${"why it failed ".repeat(400)}`;
    const { go } = await start(choice, (socket) => {
      const bytes = gzipSync(text);
      socket.write(`HTTP/1.1 500 -\r\ncontent-encoding: gzip\r\ncontent-length: ${bytes.length}\r\n\r\n`);
      socket.write(bytes);
    });
    const { sample, outcome } = await go({ keep: "sample" });
    expect(outcome).toBe("server-error");
    expect(text.startsWith(sample ?? "-")).toBe(true);
    expect(sample?.length).toBeGreaterThan(20);
  });

  it("measures connecting, and takes up the TLS session of the connection before", async () => {
    const { go, connects } = await start(
      choice,
      (socket) => socket.write(`${OK}connection: close\r\ncontent-length: 2\r\n\r\nhi`),
      "https",
    );
    for (let i = 0; i < 3; i++) {
      const { outcome, received } = await go();
      expect(outcome).toBe("ok");
      // Bytes of the message, not of the TLS records.
      expect(received).toBe(OK.length + "connection: close\r\ncontent-length: 2\r\n\r\nhi".length);
    }
    expect(connects.slice(0, 3).map(({ times }) => times.resumed)).toEqual([false, true, true]);
    for (const { times } of connects) {
      expect(times.dns).toBeNull();
      expect(times.connect).toBeGreaterThan(0);
      expect(times.tls).toBeGreaterThan(0);
    }
  });

  it.each(["http", "https"] as const)("connects ahead of the first request: %s", async (scheme) => {
    const { connection, connects, go, target } = await start(choice, (socket) => socket.write(HI), scheme);
    let returned = false;
    const early = new Promise((resolve) => connection.connect(() => resolve(returned)));
    returned = true;
    expect(await early).toBe(true);
    expect(connects.map(({ first }) => first)).toEqual([true]);
    await new Promise<void>((resolve) => connection.connect(resolve));
    expect(await go()).toMatchObject({ outcome: "ok", received: HI.length });
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(connects).toHaveLength(1);
    expect(target.accepted()).toBe(1);
  });

  it("asks on a connection that is still being opened, and opens another when that one was closed", async () => {
    const { connection, connects, go, target } = await start(choice, (socket) => socket.write(HI));
    let called = 0;
    connection.connect(() => {
      called++;
    });
    if (choice === "net") {
      expect(await go()).toMatchObject({ outcome: "ok" });
      expect([called, connects.length, target.accepted()]).toEqual([1, 1, 1]);
    }
    connection.cancel();
    for (const socket of target.sockets) socket.destroy();
    await pause(20);
    expect(await go()).toMatchObject({ outcome: "ok" });
    connection.connect(() => {
      called++;
    });
    connection.cancel();
    await pause(20);
    expect(called).toBe(choice === "net" ? 1 : 0);
  });

  it("notices that a connection opened ahead was closed", async () => {
    const { connection, connects, go, target } = await start(choice, (socket) => socket.write(HI));
    await new Promise<void>((resolve) => connection.connect(resolve));
    await pause(20);
    for (const socket of target.sockets) socket.end();
    await pause(20);
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(connects.map(({ first }) => first)).toEqual([true, false]);
  });

  it("says nothing of a connection that could not be opened ahead: its first request does", async () => {
    const { connection, connects, go, target } = await start(choice, () => {});
    await target.close();
    await new Promise<void>((resolve) => connection.connect(resolve));
    expect(connects).toEqual([]);
    expect(await go()).toMatchObject({ outcome: "connect-error" });
  });

  it("measures the look-up of a name", async () => {
    const { target } = await start(choice, (socket) => socket.write(HI));
    const origin = target.origin.replace("127.0.0.1", "localhost");
    const opened = openConnection(choice, origin);
    expect(await ask(opened.connection, requestTo(origin))).toMatchObject({ outcome: "ok" });
    opened.connection.close();
    expect(opened.connects[0]?.times).toMatchObject({ dns: expect.any(Number), tls: null, resumed: false });
    expect(target.requests[0]).toContain(`host: localhost:${target.port}\r\n`);
  });
});

describe("net", () => {
  it("counts connections closed for bytes that nobody asked for, with the answer or behind it", async () => {
    const { go, surplus, connects } = await start("net", (socket, request) => {
      socket.write(request.includes("/now ") ? `${HI} there` : HI);
      if (request.includes("/later ")) setTimeout(() => socket.write("more"), 20);
    });
    expect(await go({ path: "/now" })).toMatchObject({ outcome: "ok", body: "hi", surplus: 6, received: HI.length });
    expect(surplus()).toBe(1);
    expect(await go({ path: "/later" })).toMatchObject({ outcome: "ok", surplus: 0 });
    await pause(60);
    expect(surplus()).toBe(2);
    expect(await go()).toMatchObject({ outcome: "ok" });
    expect(connects).toHaveLength(3);
  });

  it("sends one write per request", async () => {
    const { go, target } = await start("net", (socket) => socket.write(HI));
    await go({ method: "POST", body: "x".repeat(5_000) });
    expect(target.requests).toHaveLength(1);
  });

  it.each([
    ["keeps the header of a wanted answer until the next request", "body", false],
    ["refuses to show the header of a counted answer when it is gone", "sample", true],
  ] as const)("%s", async (_sentence, keep, throws) => {
    const head = `${OK}x-a: 1\r\ncontent-length: 0\r\n\r\n`;
    const { connection, target } = await start("net", (socket) => socket.write(head));
    const answer = await new Promise<Answer>((resolve) => {
      connection.request(requestTo(target.origin, { keep }), resolve);
    });
    expect(answer.header("X-A")).toBe("1");
    for (const socket of target.sockets) socket.write("read into the same memory");
    await pause(20);
    if (throws) expect(() => answer.header("X-A")).toThrow("no longer there");
    else expect(answer.header("X-A")).toBe("1");
  });

  it("does not mistake the late bytes of a request that was given up for the next answer", async () => {
    const { connection, go, target } = await start("net", (socket, request) => {
      if (request.includes("/slow ")) setTimeout(() => socket.write(`${OK}content-length: 4\r\n\r\nlate`), 60);
      else setTimeout(() => socket.write(HI), 120);
    });
    let called = 0;
    connection.request(requestTo(target.origin, { path: "/slow" }), () => {
      called++;
    });
    await pause(20);
    connection.cancel();
    expect(await go()).toMatchObject({ body: "hi" });
    expect(called).toBe(0);
  });
});

it("undici speaks HTTP/2 when asked to, on one connection per user", async () => {
  const server = createSecureServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (request, response) => {
    response.setHeader("x-path", request.url);
    response.end("two");
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const origin = `https://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const users = [0, 1, 2].map(() => openConnection("undici", origin, { http2: true }));
  await new Promise<void>((resolve) => users[0]?.connection.connect(resolve));
  for (const { connection } of [...users, ...users]) {
    const seen = await ask(connection, requestTo(origin, { method: "POST", body: "{}" }));
    expect(seen).toMatchObject({ outcome: "ok", status: 200, body: "two" });
    expect(seen.ttfb).toBeGreaterThan(0);
  }
  expect(sessions.size).toBe(3);
  for (const { connection } of users) connection.close();
  for (const session of sessions) session.destroy();
  await new Promise((resolve) => server.close(resolve));
});
