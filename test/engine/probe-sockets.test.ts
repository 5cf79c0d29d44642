import http from "node:http";
import https from "node:https";
import net from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { nodeClock } from "../../src/adapters/node/clock.ts";
import { nodeProbe } from "../../src/adapters/node/probe.ts";
import { awaitReady } from "../../src/gate/await-ready.ts";
import { epochMs, millis } from "../../src/units.ts";
import { fakeLog } from "../fake-log.ts";
import { CERTIFICATE, PRIVATE_KEY } from "./engine-certificate.ts";

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

/** Listens on a free port of this machine and is closed after the test. */
const listen = async (server: net.Server): Promise<number> => {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const serve = async (handler: http.RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(http.createServer(handler))}`;

const probe = (url: string, change: { headers?: Record<string, string>; insecure?: boolean; timeout?: number } = {}) =>
  nodeProbe({
    url,
    headers: change.headers ?? {},
    insecure: change.insecure ?? false,
    timeout: millis(change.timeout ?? 5_000),
  });

describe("an answer", () => {
  test("carries status, lower-case headers and body; headers are sent, Host included", async () => {
    let got: http.IncomingHttpHeaders = {};
    const url = await serve((request, response) => {
      got = request.headers;
      response.writeHead(203, { "X-Commit": "abc", "Set-Cookie": ["a=1", "b=2"] }).end("hello");
    });
    const answer = await probe(`${url}/ready?x=1`, { headers: { Host: "virtual.example", "x-key": "k" } });
    expect(answer).toMatchObject({
      kind: "answer",
      status: 203,
      body: "hello",
      headers: { "x-commit": "abc", "set-cookie": "a=1, b=2" },
    });
    expect(got).toMatchObject({ host: "virtual.example", "x-key": "k" });
  });

  test("a redirect is not followed", async () => {
    let hits = 0;
    const url = await serve((_, response) => {
      hits += 1;
      response.writeHead(302, { location: "/login" }).end();
    });
    expect(await probe(url)).toMatchObject({ kind: "answer", status: 302, headers: { location: "/login" } });
    expect(hits).toBe(1);
  });

  test("every probe has a connection of its own", async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("ok");
    });
    await probe(url);
    await probe(url);
    expect(ports.size).toBe(2);
  });

  test("the proxy of the environment is used, and NO_PROXY spares hosts from it", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(218).end();
    });
    const direct = await serve((_, response) => response.writeHead(204).end());
    vi.stubEnv("HTTP_PROXY", proxy);
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    try {
      expect(await probe("http://target.invalid/ready")).toMatchObject({ kind: "answer", status: 218 });
      expect(await probe(direct)).toMatchObject({ kind: "answer", status: 204 });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(asked).toEqual(["http://target.invalid/ready"]);
  });

  test("an endless body is read to 64 KB and no further", async () => {
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    const answer = await probe(url);
    expect(answer.kind === "answer" && answer.body.length).toBe(64 * 1024);
  });
});

describe("a transport error is an answer with its cause", () => {
  test("a closed port", async () => {
    const port = await listen(net.createServer());
    await opened.pop()?.();
    expect(await probe(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "error", cause: "connect" });
  });

  test("a name that does not exist", async () => {
    expect(await probe("http://swarmgate-no-such-host.invalid/")).toMatchObject({ kind: "error", cause: "dns" });
  });

  test("a server that never answers, within the timeout", async () => {
    const port = await listen(net.createServer(() => undefined));
    const begun = Date.now();
    expect(await probe(`http://127.0.0.1:${port}/`, { timeout: 300 })).toMatchObject({ cause: "timeout" });
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  test("a body that never ends in time", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half");
    });
    expect(await probe(url, { timeout: 300 })).toMatchObject({ kind: "error", cause: "timeout" });
  });

  test("a connection that is closed without an answer", async () => {
    const port = await listen(net.createServer((socket) => socket.once("data", () => socket.destroy())));
    expect(await probe(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "error", cause: "reset" });
  });

  test("a connection that breaks in the middle of the body", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half");
      setTimeout(() => response.destroy(), 50);
    });
    expect(await probe(url)).toMatchObject({ kind: "error", cause: "reset" });
  });

  test("an answer that is not HTTP", async () => {
    const port = await listen(net.createServer((socket) => socket.once("data", () => socket.end("SSH-2.0-x\r\n\r\n"))));
    expect(await probe(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "error", cause: "reset" });
  });

  test("TLS to a server that speaks none, and one that hangs up in the handshake", async () => {
    const plain = await serve((_, response) => response.end());
    expect(await probe(plain.replace("http:", "https:"))).toMatchObject({ kind: "error", cause: "tls" });
    const port = await listen(net.createServer((socket) => socket.once("data", () => socket.destroy())));
    expect(await probe(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: "error", cause: "tls" });
  });
});

test("a certificate that nobody vouches for is a TLS error, unless insecure is set", async () => {
  const server = https.createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (_, response) => {
    response.end("ok");
  });
  const url = `https://127.0.0.1:${await listen(server)}/`;
  expect(await probe(url)).toMatchObject({ kind: "error", cause: "tls" });
  expect(await probe(url, { insecure: true })).toMatchObject({ kind: "answer", status: 200, body: "ok" });
});

describe("waiting on real sockets", () => {
  const wait = (url: string, signal: AbortSignal) =>
    awaitReady({
      rules: {
        url,
        status: [{ from: 200, to: 399 }],
        commit: null,
        timeout: millis(20_000),
        deadline: epochMs(Date.now() + 20_000),
      },
      headers: {},
      insecure: false,
      signal,
      ports: {
        probe: nodeProbe,
        clock: nodeClock,
        log: fakeLog(),
      },
    });

  test("a target that comes up on its third request is found", async () => {
    let hits = 0;
    const url = await serve((_, response) => {
      hits += 1;
      response.writeHead(hits < 3 ? 503 : 200).end();
    });
    const result = await wait(url, new AbortController().signal);
    expect(result.kind).toBe("ready");
    expect(result.probes.map(({ status }) => status)).toEqual([503, 503, 200, 200, 200]);
  });

  test("a cancel ends a hanging probe and a sleep at once", async () => {
    const port = await listen(net.createServer(() => undefined));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const begun = Date.now();
    expect(await wait(`http://127.0.0.1:${port}/`, controller.signal)).toMatchObject({
      problem: { code: "interrupted" },
    });
    expect(Date.now() - begun).toBeLessThan(5_000);
    await nodeClock.sleep(millis(60_000), controller.signal);
    expect(Date.now() - begun).toBeLessThan(10_000);
  });
});
