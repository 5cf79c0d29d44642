import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createEngine } from "../../src/load/engine/engine.ts";
import type { LoadPlan } from "../../src/load/plan.ts";
import type { LoadResult } from "../../src/load/result.ts";
import type { AwsKeys, SigningScope } from "../../src/load/signing.ts";
import { readScenario } from "../../src/scenario/read-scenario.ts";
import { perSecond, seconds } from "../../src/units.ts";
import { CERTIFICATE, PRIVATE_KEY } from "./engine-certificate.ts";
import { get, planFor, workerFile } from "./engine-harness.ts";
import { type Expected, type Received, signatureFault, signatureOf } from "./sigv4-check.ts";

const KEYS: AwsKeys = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "IQoJb3JpZ2luX2VjE+/abc==".repeat(20),
  expiresAt: null,
};
const SCOPE: SigningScope = { service: "lambda", region: "eu-west-1" };
const EXPECTED: Expected = { ...KEYS, scope: "eu-west-1/lambda" };

test("the check itself agrees with AWS's published test suite (get-vanilla, get-vanilla-query-order-key-case)", () => {
  const keys = { ...EXPECTED, scope: "us-east-1/service" };
  const headers = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" };
  const vanilla: Received = { method: "GET", target: "/", headers, body: new Uint8Array() };
  expect(signatureOf(vanilla, ["host", "x-amz-date"], keys)).toBe(
    "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  );
  const query = { ...vanilla, target: "/?Param2=value2&Param1=value1" };
  expect(signatureOf(query, ["host", "x-amz-date"], keys)).toBe(
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  );
});

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

type Guard = { readonly origin: string; readonly faults: string[]; readonly seen: Received[] };

/** A target that takes only what is signed as it should be. */
const startGuard = async (
  expected: () => Expected,
  answer: (request: Received, response: ServerResponse) => void = (_, response) => response.end("ok"),
): Promise<Guard> => {
  const guard = { faults: [] as string[], seen: [] as Received[] };
  const server = createServer((incoming, response) => {
    void receive(incoming).then((request) => {
      guard.seen.push(request);
      const fault = signatureFault(request, expected(), Date.now());
      if (fault === null) answer(request, response);
      else {
        guard.faults.push(`${request.method} ${request.target}: ${fault}`);
        response.writeHead(403).end(fault);
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...guard };
};

const receive = async (incoming: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  return { method: incoming.method ?? "", target: incoming.url ?? "", headers, body: Buffer.concat(chunks) };
};

const runSigned = (
  plan: LoadPlan,
  keys: AwsKeys = KEYS,
  read: () => Promise<AwsKeys> = async () => keys,
): Promise<LoadResult> =>
  createEngine({ workerFile, workers: 1 }).run(plan, {
    signal: new AbortController().signal,
    onProgress: () => {},
    signing: { keys, read: async () => ({ kind: "value", value: await read() }) },
  });

const signedPlan = (origin: string, change: Partial<LoadPlan> = {}): LoadPlan =>
  planFor({ origin }, { signing: SCOPE, ...change });

const scenarioOf = (text: string) => {
  const read = readScenario({
    text: `scenario:\n${text.replace(/^(?=.)/gm, "  ")}`,
    fileName: "signed.yml",
    readFile: () => ({ kind: "refused", reason: "has no place here" }),
    env: {},
    users: 4,
  });
  if (!read.ok) throw new Error(read.problems.map((problem) => problem.message).join("\n"));
  return read.value;
};

test("every request of the window, the warm-up and the pre-warm is signed, with the session token", async () => {
  const guard = await startGuard(() => EXPECTED);
  const result = await runSigned(
    signedPlan(guard.origin, { tasks: [get("/a%20b/c?z=1&a=x%2Fy&a=b+c&e=&f")], warmUp: seconds(0.3), preWarm: 3 }),
  );
  expect(guard.faults).toEqual([]);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  expect(guard.seen.length).toBe(result.totals.requests + result.warmUp.requests + result.preWarm.requests);
  expect(result.warmUp.requests).toBeGreaterThan(0);
  expect(result.preWarm.requests).toBe(3);
  expect(new Set(guard.seen.map(({ headers }) => headers["x-amz-security-token"]))).toEqual(
    new Set([KEYS.sessionToken]),
  );
  expect(new Set(guard.seen.map(({ target }) => target))).toEqual(new Set(["/a%20b/c?z=1&a=x%2Fy&a=b%20c&e=&f"]));
});

test("each second has a time of its own in its signatures", async () => {
  const guard = await startGuard(() => EXPECTED);
  await runSigned(signedPlan(guard.origin, { runTime: seconds(3), users: 2 }));
  const times = new Set(guard.seen.map(({ headers }) => headers["x-amz-date"]));
  expect(guard.faults).toEqual([]);
  expect(times.size).toBeGreaterThanOrEqual(3);
});

const BODIES = `
tasks:
  - name: order
    steps:
      - post: /orders/{{ random.int(1, 100) }}
        query: { "filter[a]": "b c*'()!~", q: "{{ random.uuid }}" }
        json: { sku: "{{ random.int(1, 1000) }}", text: "Grüße 雪" }
        headers: { x-amz-meta-note: "  two   blanks ", accept: text/html }
      - put: /form
        form: { note: "a+b c&d", tier: gold }
      - delete: /orders/1
`;

test("scenarios with bodies, templates and odd queries are signed over HTTP/1.1", async () => {
  const guard = await startGuard(() => EXPECTED);
  const result = await runSigned(signedPlan(guard.origin, { tasks: [], scenario: scenarioOf(BODIES) }));
  expect(guard.faults).toEqual([]);
  expect(result.totals.requests).toBeGreaterThan(20);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  const bodies = guard.seen.filter(({ method }) => method === "POST").map(({ body }) => Buffer.from(body).toString());
  expect(new Set(bodies).size).toBeGreaterThan(5);
});

test("and over HTTP/2, where the authority is the host that is signed", async () => {
  const faults: string[] = [];
  let seen = 0;
  const server = createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY });
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      seen += 1;
      const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const { ":method": method = "", ":path": target = "", ":authority": host } = flat;
      const request = { method, target, headers: { ...flat, host }, body: Buffer.concat(chunks) };
      const fault = signatureFault(request, EXPECTED, Date.now());
      if (fault !== null) faults.push(fault);
      stream.respond({ ":status": 200 });
      stream.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const plan = signedPlan(`https://127.0.0.1:${port}`, {
    tasks: [],
    scenario: scenarioOf(BODIES),
    http2: true,
    insecure: true,
  });
  const result = await runSigned(plan);
  server.close();
  expect(faults).toEqual([]);
  expect(seen).toBe(result.totals.requests);
  expect(result.totals.outcomes.ok).toBeGreaterThan(20);
});

test("a Host header of the user's own is the host that is signed", async () => {
  const guard = await startGuard(() => EXPECTED);
  const host = "abc.lambda-url.eu-west-1.on.aws";
  const result = await runSigned(signedPlan(guard.origin, { headers: { Host: host } }));
  expect(guard.faults).toEqual([]);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  expect(new Set(guard.seen.map(({ headers }) => headers["host"]))).toEqual(new Set([host]));
});

test("nothing is signed for another origin, and a redirect within the target is", async () => {
  const other = await startGuard(() => EXPECTED);
  const guard = await startGuard(
    () => EXPECTED,
    ({ target }, response) => {
      if (target === "/away") response.writeHead(302, { location: `${other.origin}/stranger` }).end();
      else if (target === "/near") response.writeHead(302, { location: "/here?x=1" }).end();
      else response.end("ok");
    },
  );
  const scenario = scenarioOf("tasks:\n  - get: /away\n    follow: true\n  - get: /near\n    follow: true\n");
  const result = await runSigned(
    signedPlan(guard.origin, { tasks: [], scenario, allowedHosts: [new URL(other.origin).host] }),
  );
  expect(guard.faults).toEqual([]);
  expect(guard.seen.some(({ target }) => target === "/here?x=1")).toBe(true);
  expect(other.seen.length).toBeGreaterThan(0);
  for (const { headers } of other.seen) {
    expect(Object.keys(headers).filter((name) => name === "authorization" || name.startsWith("x-amz"))).toEqual([]);
  }
  expect(result.tasks.find(({ name }) => name === "GET /away")?.outcomes["client-error"]).toBe(other.seen.length);
});

test("the open model signs every arrival and drops none", async () => {
  const guard = await startGuard(() => EXPECTED);
  const rate = { perSecond: perSecond(200), spacing: "constant" } as const;
  const scenario = scenarioOf('tasks:\n  - post: /o\n    json: { id: "{{ random.uuid }}" }\n');
  const result = await runSigned(
    signedPlan(guard.origin, { tasks: [], scenario, rate, users: 50, runTime: seconds(2) }),
  );
  expect(guard.faults).toEqual([]);
  expect(result.totals.requests).toBe(400);
  expect(result.totals.outcomes.ok).toBe(400);
});

test("keys that expire are replaced by new ones while the load runs", async () => {
  const old: AwsKeys = { ...KEYS, accessKeyId: "AKIDOLD", expiresAt: Date.now() + 60_000 };
  const fresh: AwsKeys = { ...KEYS, accessKeyId: "AKIDNEW", secretAccessKey: "another/secret+key", expiresAt: null };
  let reads = 0;
  const guard = await startGuard(() => {
    const last = guard.seen.at(-1)?.headers["authorization"] ?? "";
    return { ...(last.includes("AKIDNEW") ? fresh : old), scope: EXPECTED.scope };
  });
  await runSigned(signedPlan(guard.origin), old, async () => {
    reads += 1;
    return fresh;
  });
  expect(guard.faults).toEqual([]);
  expect(reads).toBe(1);
  expect(guard.seen.at(-1)?.headers["authorization"]).toContain("AKIDNEW");
});

test("an answer that repeats the signature leaves none of it among the examples", async () => {
  const guard = await startGuard(
    () => EXPECTED,
    ({ headers }, response) => {
      const token = headers["x-amz-security-token"] ?? "";
      const echo = `${headers["authorization"]} token ${token.slice(0, 40)}`;
      response.writeHead(403).end(Math.random() < 0.5 ? echo : `token:${token} `);
    },
  );
  const result = await runSigned(signedPlan(guard.origin));
  const text = JSON.stringify(result.tasks.map(({ examples }) => examples));
  expect(text).toContain("***");
  for (const secret of [KEYS.accessKeyId, KEYS.sessionToken?.slice(0, 20) ?? ""]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/[0-9a-f]{32}/);
});
