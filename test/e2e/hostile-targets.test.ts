/** Deployments that cannot be judged: each with its verdict, exit, outputs and sentence; none of them passes. */

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BOT, type FakeGithub, startGithub } from "./hostile/fake-github.ts";
import { BASE_SHA, createRunner, HEAD_SHA, LOAD, type Runner, SHORT } from "./hostile/fake-runner.ts";
import { type Behaviour, behind, fine, startTarget, status, type Target } from "./hostile/fake-target.ts";

let github: FakeGithub;
let runner: Runner;
let target: Target;
let metadata: Target;
beforeAll(async () => {
  [github, target, metadata] = await Promise.all([startGithub(), startTarget(), startTarget()]);
  runner = createRunner(github);
  github.line = [BASE_SHA, "2".repeat(40)];
});
beforeEach(() => {
  target.set(fine);
});
afterAll(async () => {
  runner.close();
  await Promise.all([github.close(), target.close(), metadata.close()]);
});

const comment = (): string => github.comments.findLast(({ user }) => user === BOT)?.body ?? "";

type Row = {
  readonly behave?: Behaviour;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly url?: string;
  /** Exit, verdict, gate-open. */
  readonly ends: readonly [number, string, string];
  readonly says: readonly (string | RegExp)[];
};

const login = status(302, "", { location: "https://login.example.com/?next=/api" });
const WAIT = { "ready-timeout": "2s" };
const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};
const INVALID = [1, "invalid", "false"] as const;
const HEALTH = { "ready-path": "/healthz" };

const ROWS: Readonly<Record<string, Row>> = {
  "redirects everything to a login page": {
    behave: login,
    ends: INVALID,
    says: ["target-redirects", /100\.0.%/, "302"],
  },
  "is refused everywhere with 401": {
    behave: behind(status(401)),
    inputs: HEALTH,
    ends: INVALID,
    says: ["target-refused", "401"],
  },
  "is refused everywhere with 403": {
    behave: behind(status(403)),
    inputs: HEALTH,
    ends: INVALID,
    says: ["target-refused", "403"],
  },
  "is found nowhere": { behave: behind(status(404)), inputs: HEALTH, ends: INVALID, says: ["target-refused", "404"] },
  "never becomes ready": { behave: status(503), inputs: WAIT, ends: INVALID, says: ["target-not-ready", "503"] },
  "has no name": {
    url: "http://no-such-name.invalid/api",
    inputs: WAIT,
    ends: INVALID,
    says: ["target-not-ready", "does not resolve"],
  },
  "still answers with the previous build": {
    behave: (_, response) => response.setHeader("x-commit", "c".repeat(40)).end("old"),
    inputs: { ...WAIT, "ready-commit": "header:x-commit" },
    ends: INVALID,
    says: ["target-not-ready", "it still answers with cccccccccccc"],
  },
  "fails everywhere behind a healthy path, without a baseline": {
    behave: behind(status(500)),
    inputs: HEALTH,
    ends: INVALID,
    says: ["target-failing", "500"],
  },
  "answers half a head and hangs up": {
    behave: behind((_, response) => {
      response.socket?.end("HTTP/1.1 200 OK\r\nContent-Le");
    }),
    inputs: HEALTH,
    ends: INVALID,
    says: ["target-failing", "reset"],
  },
  "sends its body a byte at a time": {
    behave: behind((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 100);
      response.on("close", () => clearInterval(timer));
    }),
    inputs: { ...HEALTH, timeout: "500ms" },
    ends: INVALID,
    says: ["target-failing", "timeout"],
  },
  "sends a body without end": {
    behave: behind((_, response) => {
      response.writeHead(200, { "content-length": "2147483648" });
      const block = Buffer.alloc(65_536);
      const more = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once("drain", () => setTimeout(more, 20));
      };
      more();
    }),
    inputs: { ...HEALTH, timeout: "500ms" },
    ends: INVALID,
    says: ["target-failing", "timeout"],
  },
  "answers something that is no HTTP": {
    behave: behind((_, response) => {
      response.socket?.end("SSH-2.0-OpenSSH_9.6\r\n");
    }),
    inputs: HEALTH,
    ends: INVALID,
    says: ["target-failing", "reset"],
  },
};

describe("a target that cannot be judged", () => {
  it.each(Object.entries(ROWS))("%s", async (_, { behave, inputs, url, ends, says }) => {
    if (behave !== undefined) target.set(behave);
    const run = await runner.job({
      event: "pull_request",
      inputs: { url: url ?? target.url, ...SHORT, ...inputs },
    });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([...ends]);
    for (const text of says) {
      expect(run.summary.replaceAll("&nbsp;", " ")).toMatch(text);
      expect(comment().replaceAll("&nbsp;", " ")).toMatch(text);
    }
    expect(comment().split("\n")[0]).toBe("<!-- swarmgate:v1:gate -->");
    expect(run.log.match(/^::error /gm)).toHaveLength(1);
    expect(github.comments).toHaveLength(1);
  });

  it("is down", async () => {
    const port = await closedPort();
    const run = await runner.job({
      event: "pull_request",
      inputs: { url: `http://127.0.0.1:${port}/`, ...SHORT, ...WAIT },
    });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([...INVALID]);
    expect(run.summary).toContain("the connection is refused");
  });
});

describe("an address to which nothing may be sent", () => {
  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://metadata.google.internal/",
  ])("%s", async (url) => {
    const run = await runner.job({ event: "pull_request", inputs: { url, ...SHORT } });
    expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([1, "", "false"]);
    expect(run.log).toContain("(host-not-allowed)");
    expect(run.summary).toContain("Nothing was sent");
  });
});

it("redirects are followed to no other origin, metadata least of all, and take no header along", async () => {
  const seen: (string | undefined)[] = [];
  metadata.set((request, response) => {
    seen.push(request.headers.authorization);
    response.end("secret");
  });
  const places = ["http://169.254.169.254/latest", metadata.url, "http://[fe80::1]/", "file:///etc/passwd", "//evil"];
  target.set(
    behind((request, response, count) => {
      response.writeHead(302, { location: places[count % places.length] ?? "" }).end();
      request.resume();
    }),
  );
  const scenario = "scenario:\n  tasks:\n    - get: /api\n      follow: true\n";
  const run = await runner.job({
    event: "pull_request",
    inputs: {
      url: target.url,
      ...SHORT,
      ...HEALTH,
      headers: "authorization: Bearer very-secret-value",
      config: "gate.yml",
    },
    files: { "gate.yml": scenario },
  });
  expect([run.exitCode, run.outputs["verdict"]]).toEqual([1, "invalid"]);
  expect(run.summary).toContain("target-redirects");
  expect(seen).toEqual([]);
});

it("late is not down: a target that is ready after five seconds is judged", async () => {
  const first = new Map<string, number>();
  let load = 0;
  target.set((request, response, count) => {
    // Each run has a name of its own.
    const run = request.headers["user-agent"] ?? "";
    first.set(run, first.get(run) ?? Date.now());
    if (Date.now() - (first.get(run) ?? 0) < 5_000) response.writeHead(503).end();
    else {
      load += 1;
      fine(request, response, count);
    }
  });
  const run = await runner.job({ event: "push", inputs: { url: target.url, ...LOAD, "ready-timeout": "30s" } });
  expect([run.exitCode, run.outputs["verdict"], run.outputs["gate-open"]]).toEqual([0, "no-baseline", "true"]);
  expect(load).toBeGreaterThan(100);
  expect(run.log).toContain("it answers with status 503");
});

it("everything failing behind a healthy path is a regression against a healthy baseline", async () => {
  target.set(behind(status(500)));
  const run = await runner.job({
    event: "pull_request",
    inputs: { url: target.url, ...LOAD, ...HEALTH, "wait-time": "constant(0.3)" },
  });
  // Another load than the baseline's is no comparison: the wait makes a fast failure as frequent as a slow success.
  expect([run.exitCode, run.outputs["verdict"]]).toEqual([1, "invalid"]);
  target.set(
    behind((_, response) => {
      setTimeout(() => response.writeHead(500).end("no"), 300);
    }),
  );
  const same = await runner.job({ event: "pull_request", inputs: { url: target.url, ...LOAD, ...HEALTH } });
  expect([same.exitCode, same.outputs["verdict"], same.outputs["gate-open"]]).toEqual([1, "fail", "false"]);
  expect([same.outputs["baseline-sha"], same.run.head_sha]).toEqual([BASE_SHA, HEAD_SHA]);
});
