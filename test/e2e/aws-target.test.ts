import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Received, signatureFault } from "../engine/sigv4-check.ts";
import { createWorld, type World } from "./world.ts";

const KEYS = {
  accessKeyId: "AKIASIGNEDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  token: "IQoJb3JpZ2luX2VjEEXAMPLE+/token==",
};
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  AWS_SESSION_TOKEN: KEYS.token,
  AWS_REGION: "eu-west-1",
};
const LOAD = [
  "--users",
  "3",
  "--run-time",
  "2s",
  "--warm-up",
  "0s",
  "--wait-time",
  "constant(0.05)",
  "--baseline",
  "none",
];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let server: Server | null = null;
afterEach(() => server?.close());

/** Refuses what is not signed for this scope, and repeats what it was sent, as AWS does. */
const startGuarded = async (scope: string) => {
  const faults: string[] = [];
  let requests = 0;
  server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      requests += 1;
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const request: Received = {
        method: incoming.method ?? "",
        target: incoming.url ?? "",
        headers,
        body: Buffer.concat(chunks),
      };
      const fault =
        headers["x-amz-security-token"] === KEYS.token
          ? signatureFault(request, { ...KEYS, scope }, Date.now())
          : "no token";
      if (fault !== null) faults.push(fault);
      const isOdd = requests > 20 && requests % 10 === 0;
      response.writeHead(fault === null && !isOdd ? 200 : 403).end(`${headers["authorization"]} ${KEYS.token}`);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders?b=2&a=1%2F2`,
    faults,
    requests: () => requests,
  };
};

test("run --sigv4 signs probes and load, and nothing that signs is written anywhere", async () => {
  const guarded = await startGuarded("eu-west-1/execute-api");
  const out = world.file("signed.json");
  const { stdout, stderr } = await world.cli(["run", "--url", guarded.url, "--sigv4", ...LOAD, "--out", out], {
    env: ENVIRONMENT,
  });
  expect(guarded.faults).toEqual([]);
  expect(guarded.requests()).toBeGreaterThan(20);
  const record = readFileSync(out, "utf8");
  expect(JSON.parse(record).totals.outcomes.ok).toBeGreaterThan(10);
  expect(JSON.parse(record).tasks[0].examples["client-error"].length).toBeGreaterThan(0);
  for (const text of [record, stdout, stderr]) {
    for (const secret of Object.values(KEYS)) expect(text).not.toContain(secret.slice(0, 16));
    expect(text).not.toMatch(/Signature=[0-9a-f]/);
  }
});

test("the Host header of a function URL tells service and region", async () => {
  const guarded = await startGuarded("us-east-2/lambda");
  const { exitCode, stderr } = await world.cli(
    [
      "run",
      "--url",
      guarded.url,
      "--sigv4",
      "--headers",
      "Host: abc.lambda-url.us-east-2.on.aws",
      ...LOAD,
      "--dry-run",
    ],
    { env: ENVIRONMENT },
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  await world.cli(
    ["run", "--url", guarded.url, "--sigv4", "--headers", "Host: abc.lambda-url.us-east-2.on.aws", ...LOAD],
    {
      env: ENVIRONMENT,
    },
  );
  expect(guarded.faults).toEqual([]);
  expect(guarded.requests()).toBeGreaterThan(20);
});

test("without credentials nothing is sent, and one sentence says so", async () => {
  const guarded = await startGuarded("eu-west-1/execute-api");
  const { exitCode, stderr } = await world.cli(["run", "--url", guarded.url, "--sigv4", ...LOAD], {
    env: {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_SESSION_TOKEN: "",
      AWS_REGION: "eu-west-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("credentials-missing");
  expect(stderr).toContain("there are no AWS credentials");
  expect(guarded.requests()).toBe(0);
});

test("a run that would cost more than max-cost is refused before anything is sent", async () => {
  const url = await world.deploy({ durationMs: 5, memoryMb: 512 });
  const asked = [
    "run",
    "--url",
    url,
    "--functions",
    "orders",
    "--rate",
    "500/s",
    "--run-time",
    "10m",
    "--baseline",
    "none",
  ];
  const { exitCode, stderr } = await world.cli([...asked, "--max-cost", "0.5"]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /would cost about \$1\.\d\d, more than max-cost allows \(\$0\.50\): 300,0\d\d requests of 500 ms/,
  );
  expect(stderr).toContain("max-cost-exceeded");
});
