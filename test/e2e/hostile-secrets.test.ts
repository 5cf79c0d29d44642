/** A target that repeats what it was sent, in every way it can: no byte of anything we write may hold it. */
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readZipEntry } from "../../src/adapters/github/zip.ts";
import { type FakeGithub, startGithub } from "./hostile/fake-github.ts";
import { BASE_SHA, createRunner, everythingIn, type Runner, SHORT } from "./hostile/fake-runner.ts";
import { type Behaviour, behind, startTarget, type Target } from "./hostile/fake-target.ts";

let github: FakeGithub;
let runner: Runner;
let target: Target;
beforeAll(async () => {
  [github, target] = await Promise.all([startGithub(), startTarget()]);
  runner = createRunner(github);
  github.line = [BASE_SHA];
});
afterAll(async () => {
  runner.close();
  await Promise.all([github.close(), target.close()]);
});

const BEARER = "zQ7-Bearer/Key+With=Signs&more";
const USER = "operator-name";
const PASSWORD = `pÄss"word<1>/x y`;
const BASIC = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
const FROM_FILE = "file_Secret_0815_value";
const LOGIN = "login-Passw0rd-4711";
const SESSION = "captured.Session.Token.9999";
const AWS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const AWS_ID = "AKIAIOSFODNN7EXAMPLE";
const AWS_SESSION = "FwoGZXIvYXdzEXAMPLE//////////wEaDEXAMPLE+Session=";
const QUERY = "bypass-Query-Secret-31337";

const SECRETS = [BEARER, PASSWORD, BASIC, FROM_FILE, LOGIN, SESSION, AWS_KEY, AWS_ID, AWS_SESSION, QUERY];

/** Every spelling of a secret, and every piece of eight letters of the secret itself. */
const spellings = (secret: string): readonly string[] => {
  const pieces = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));
  const base64 = Buffer.from(secret).toString("base64");
  return [
    ...pieces.filter((piece) => !/^[\s/]*$/.test(piece)),
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    secret.toLowerCase(),
    secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
  ];
};

const leaksIn = (where: string, text: string): readonly string[] =>
  SECRETS.flatMap((secret) =>
    spellings(secret)
      .filter((piece) => text.includes(piece))
      .map((piece) => `${where}: ${piece} in ${text.slice(Math.max(0, text.indexOf(piece) - 60)).slice(0, 140)}`),
  ).slice(0, 5);

const withoutMasks = (log: string): string => log.replaceAll(/^::add-mask::.*$/gm, "");

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

/** Repeats headers, path and body: raw, at each place around the cut, in JSON, in URLs, in base64, in a redirect. */
const parrot: Behaviour = (request, response, count) => {
  const reply = async (): Promise<void> => {
    const heard = [request.url, ...request.rawHeaders, await bodyOf(request)].join(" ");
    const secretsFirst = request.rawHeaders.filter((_, at) => at % 2 === 1).join(" ");
    if (request.url?.startsWith("/login") === true) {
      response.writeHead(201).end(JSON.stringify({ token: SESSION }));
      return;
    }
    switch (count % 8) {
      case 0:
        response.writeHead(500).end(heard);
        return;
      case 1:
        response.writeHead(502).end(`${"x".repeat(count % 200)}${secretsFirst}`);
        return;
      case 2:
        response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error: heard }));
        return;
      case 3:
        response.writeHead(404).end(`/search?q=${encodeURIComponent(secretsFirst)}`);
        return;
      case 4:
        response.writeHead(302, { location: `/login-page?next=${encodeURIComponent(heard)}` }).end(secretsFirst);
        return;
      case 5:
        response.writeHead(403).end(Buffer.from(heard).toString("base64"));
        return;
      case 6: {
        // One letter a chunk.
        response.writeHead(503);
        for (const letter of secretsFirst.slice(0, 120)) response.write(letter);
        response.end();
        return;
      }
      default:
        response.writeHead(429, { "x-echo": encodeURIComponent(heard) }).end(`<pre>${secretsFirst}</pre>`);
    }
  };
  reply().catch(() => response.destroy());
};

const SCENARIO = `target:
  headers:
    x-from-file: \${FILE_SECRET}
scenario:
  setup:
    - post: /login
      json: { user: someone, password: '\${LOGIN_PASSWORD}' }
      expect: { status: 201 }
      capture: { session: { json: /token } }
  tasks:
    - get: /api?session={{ session }}
      name: with session
      headers: { x-session: '{{ session }}' }
    - post: /api
      name: posts
      json: { key: '{{ session }}', again: '\${LOGIN_PASSWORD}' }
`;

const ENV = {
  FILE_SECRET: FROM_FILE,
  LOGIN_PASSWORD: LOGIN,
  QUERY_SECRET: QUERY,
  AWS_ACCESS_KEY_ID: AWS_ID,
  AWS_SECRET_ACCESS_KEY: AWS_KEY,
  AWS_SESSION_TOKEN: AWS_SESSION,
};

it("the action writes no secret anywhere, whatever the target, AWS and GitHub repeat", async () => {
  const aws = await startTarget();
  aws.set((request, response) => {
    response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
    const heard = `${AWS_KEY} ${AWS_ID} ${request.rawHeaders.join(" ")}`;
    response.end(JSON.stringify({ __type: "InternalFailure", message: heard, Message: heard }));
  });
  target.set(behind(parrot));
  const said = { message: `Server said: ${BEARER} and ghs_0123456789abcdefToken` };
  github.faults = [{ matches: /compare/, times: 99, status: 500, body: said }];
  const run = await runner.job({
    event: "pull_request",
    inputs: {
      url: target.url,
      ...SHORT,
      users: "8",
      "run-time": "2s",
      "ready-path": "/healthz",
      "html-report": "true",
      "aws-region": "eu-west-1",
      functions: "orders",
      "metrics-timeout": "1s",
      headers: `authorization: Bearer ${BEARER}\nx-basic: Basic ${BASIC}\nproxy-authorization: Basic ${BASIC}`,
      config: "gate.yml",
    },
    files: { "gate.yml": SCENARIO },
    env: { ...ENV, AWS_ENDPOINT_URL: new URL(aws.url).origin },
  });
  await aws.close();
  expect(run.exitCode).toBe(1);
  const record = readFileSync(run.outputs["run-record"] ?? "", "utf8");
  // The test would be worth nothing if no failure were shown.
  expect(record).toContain("***");
  expect((JSON.parse(record) as { totals: { requests: number } }).totals.requests).toBeGreaterThan(40);
  const stored = github.artifacts
    .filter(({ runId }) => runId === run.run.id)
    .map(({ name, content }) => {
      const entry = readZipEntry(content, name.endsWith("report") ? "report.html" : "run.json", 20_000_000);
      return entry.kind === "bytes" ? Buffer.from(entry.bytes).toString("utf8") : "";
    });
  expect(stored).toHaveLength(2);
  expect([
    ...leaksIn("log", withoutMasks(run.log)),
    ...leaksIn("record", record),
    ...leaksIn("summary", run.summary),
    ...leaksIn("outputs", JSON.stringify(run.outputs)),
    ...github.comments.flatMap(({ body }) => leaksIn("comment", body)),
    ...stored.flatMap((text) => leaksIn("artifact", text)),
    ...leaksIn("folder", everythingIn(run.folder).replaceAll(SCENARIO, "")),
    ...leaksIn("GitHub", github.seen.map(({ line, body }) => `${line} ${body}`).join("\n")),
  ]).toEqual([]);
  expect(withoutMasks(run.log)).not.toContain("ghs_0123456789abcdefToken");
  // Masked before anything else is said.
  const masked = run.log.indexOf(`::add-mask::${BEARER}`);
  expect(masked).toBeGreaterThanOrEqual(0);
  expect(masked).toBeLessThan(run.log.indexOf("::group::"));
});

it("nor does the command line, nor what is rendered from its record", async () => {
  target.set(behind(parrot));
  const args = Object.entries(SHORT).flatMap(([name, value]) => [`--${name}`, value]);
  const url = `${target.url}?bypass=\${QUERY_SECRET}`;
  const out = join(runner.root, "cli-run.json");
  const run = await runner.cli(
    ["run", "--url", url, ...args, "--ready-path", "/healthz", "--html-report", "true", "--out", out].concat(
      "--headers",
      `authorization: Bearer ${BEARER}\nx-basic: Basic ${BASIC}`,
    ),
    ENV,
  );
  expect(run.exitCode).toBe(3);
  const formats = await Promise.all(
    ["terminal", "markdown", "html", "json", "junit"].map((format) => runner.cli(["report", out, "--format", format])),
  );
  expect(formats.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(formats.map(() => [0, ""]));
  expect([
    ...leaksIn("stdout", run.stdout),
    ...leaksIn("stderr", run.stderr),
    ...leaksIn("record", readFileSync(out, "utf8")),
    ...formats.flatMap(({ stdout }, at) => leaksIn(`report ${at}`, stdout)),
  ]).toEqual([]);
});
