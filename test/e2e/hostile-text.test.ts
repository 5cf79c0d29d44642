/** Text of strangers in every place it can come from: it says what it says, and does nothing. */
import { readFileSync } from "node:fs";
import { marked } from "marked";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FakeGithub, startGithub } from "./hostile/fake-github.ts";
import { BASE_SHA, createRunner, type Ended, type Runner, SHORT } from "./hostile/fake-runner.ts";
import { type Behaviour, behind, startTarget, status, type Target } from "./hostile/fake-target.ts";

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

const ATTACK = [
  "::error::owned",
  "::add-mask::e",
  "::set-output name=verdict::pass",
  "::stop-commands::x",
  "##[error]owned",
  "@octo-org/security @mallory",
  "[click](https://evil.example/a)",
  "![x](https://evil.example/b.png)",
  "<img src=https://evil.example/c onerror=alert(1)>",
  "<script>alert(2)</script></details></table>",
  "https://evil.example/d www.evil.example",
  "a | b | c",
  "`code` **bold** #1 GH-1",
  "\u202Egnp.exe\u202C\u200B",
  "\u001b[31mred\u001b]0;title\u0007",
].join(" ");
const LINES = `first\n::error::owned\r\n::warning::owned\u2028::notice::owned\n##[error]owned\n`;
const LONG = `${ATTACK} ${"x".repeat(10_000)}`;

/** What may begin a line of the log and is read by the runner: ours, word by word. */
const OURS = [
  /^::group::(Waiting for the target|Load|What AWS saw|Judgement)$/,
  /^::endgroup::$/,
  /^::(error|warning) title=swarmgate::/,
  /^::add-mask::ghs_0123456789abcdefToken$/,
  // The toolkit's own, about its services.
  /^::debug::/,
];

const checkLog = ({ log }: Ended): void => {
  const commands = log.split(/\r\n|[\r\n]/).filter((line) => /^\s*::|##\[/.test(line));
  const foreign = commands.filter(
    (line) => !OURS.some((ours) => ours.test(line)) && !/^::add-mask::[\\A-Za-z0-9+/=._%-]+$/.test(line),
  );
  expect(foreign).toEqual([]);
  expect(log).not.toContain("##[");
  const control = String.fromCharCode(0x1b);
  expect(log.includes(control) || log.includes("\u0007") || log.includes("\u202E")).toBe(false);
  for (const line of log.split("\n").filter((one) => /^::(error|warning)/.test(one)))
    expect(line.length).toBeLessThan(6_000);
};

const checkMarkdown = (markdown: string): void => {
  const html = marked.parse(markdown, { gfm: true, async: false });
  const links = [...html.matchAll(/<a[^>]+href="([^"]*)"/g)].map(([, href]) => href ?? "");
  expect(links.filter((href) => !href.startsWith("https://github.com/octo-org/shop/"))).toEqual([]);
  expect(html).not.toMatch(/<(img|script|iframe|svg|style|form|input|base|meta)\b/i);
  // GitHub looks for mentions and addresses in what is neither code nor markup.
  const text = html.replaceAll(/<(pre|code)[^>]*>[\s\S]*?<\/\1>/g, " ").replaceAll(/<[^>]*>/g, "");
  expect(text).not.toMatch(/(^|[^\w`/])@[a-z0-9]/i);
  expect(text).not.toMatch(/https?:\/\/evil|www\.evil/i);
  expect(text).not.toMatch(/(^|\s)(#\d|GH-\d)/);
  expect(text).not.toContain("\u202E");
  for (const table of html.match(/<table>[\s\S]*?<\/table>/g) ?? []) {
    const widths = (table.match(/<tr>[\s\S]*?<\/tr>/g) ?? []).map((row) => (row.match(/<t[hd]/g) ?? []).length);
    expect(new Set(widths).size).toBe(1);
  }
  const count = (pattern: RegExp): number => (markdown.match(pattern) ?? []).length;
  expect(count(/<details/g)).toBe(count(/<\/details>/g));
};

const checkHtml = (html: string): void => {
  expect(html).not.toMatch(/<img[^>]*evil|<script>alert|onerror=alert\(1\)>|<a[^>]*evil\.example/i);
  const count = (pattern: RegExp): number => (html.match(pattern) ?? []).length;
  for (const tag of ["table", "details", "script", "section"])
    expect([tag, count(new RegExp(`<${tag}[\\s>]`, "g"))]).toEqual([tag, count(new RegExp(`</${tag}>`, "g"))]);
};

const checkAll = (run: Ended): void => {
  checkLog(run);
  checkMarkdown(run.summary);
  for (const { body } of github.comments) {
    checkMarkdown(body);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
  }
  expect(run.outputs["headline"]).not.toMatch(/[\r\n]|::|##\[/);
  if (run.outputs["html-report"]) checkHtml(readFileSync(run.outputs["html-report"], "utf8"));
};

const attacking: Behaviour = (_, response, count) => {
  const codes = [500, 400, 200, 302, 429, 503];
  const code = codes[count % codes.length] ?? 500;
  const headers =
    code === 302 ? { location: "https://evil.example/%0A::error::owned" } : { "x-note": "::error::owned" };
  response.writeHead(code, headers).end(count % 2 === 0 ? LINES + ATTACK : LONG);
};

const NAME = JSON.stringify(ATTACK.slice(0, 80));
const SCENARIO = [
  "scenario:",
  "  tasks:",
  `    - { get: /api, name: ${NAME} }`,
  `    - { get: '/api?x=%3Cimg%3E|::error::', name: "| a | b | @octo-org/team", expect: { body: "::error::never" } }`,
  "",
].join("\n");

it("in answers, names of tasks and branches, the event, and what AWS and GitHub say", async () => {
  const aws = await startTarget();
  aws.set((_, response) => {
    const body = JSON.stringify({ __type: `Bad::error::${ATTACK}`, message: LINES + LONG, Message: LINES });
    response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(body);
  });
  target.set(behind(attacking));
  github.addRun({ head_sha: BASE_SHA, path: `.github/workflows/${ATTACK}` });
  const bait = github.addRun({ head_sha: BASE_SHA });
  github.addArtifact({ runId: bait.id, name: "swarmgate-gate-run", content: Buffer.from(LINES + LONG) });
  github.faults = [
    { matches: /\/zip/, times: 9, status: 500, body: { message: LINES + LONG } },
    { matches: /(POST|PATCH) .*statuses/, times: 9, status: 422, body: { message: LINES + LONG, errors: [ATTACK] } },
  ];
  const run = await runner.job({
    event: "pull_request",
    branch: ATTACK.replaceAll(" ", "-"),
    sha: `"><b>${"a".repeat(20)}\n::error::owned`,
    inputs: {
      url: target.url,
      ...SHORT,
      "run-time": "2s",
      "ready-path": "/healthz",
      "html-report": "true",
      "commit-status": "true",
      "aws-region": "eu-west-1",
      functions: "orders",
      "metrics-timeout": "1s",
      config: "gate.yml",
    },
    files: { "gate.yml": SCENARIO },
    env: {
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      AWS_ENDPOINT_URL: new URL(aws.url).origin,
    },
  });
  await aws.close();
  expect(run.exitCode).toBe(1);
  expect(run.log).not.toContain("This is a bug");
  expect(github.comments).toHaveLength(1);
  // It is shown, and not swallowed.
  expect(github.comments[0]?.body).toContain("owned");
  checkAll(run);
});

it("in a target that is never ready, and in inputs and files that are refused", async () => {
  github.faults = [];
  target.set(status(599, LINES + ATTACK, { "x-commit": "::error::owned" }));
  const late = await runner.job({
    event: "pull_request",
    inputs: { url: target.url, ...SHORT, "ready-timeout": "1s", "ready-commit": "header:x-commit" },
  });
  checkAll(late);
  const refused = await runner.job({
    event: "pull_request",
    inputs: {
      url: target.url,
      users: LINES + ATTACK,
      limits: LONG,
      [`evil${ATTACK.slice(0, 20)}`]: LINES,
      config: "c.yml",
    },
    files: { "c.yml": `target:\n  "${ATTACK.slice(0, 40)}": 1\n  url: |\n    ::error::owned\n` },
  });
  expect([refused.exitCode, refused.outputs["gate-open"]]).toEqual([1, "false"]);
  checkAll(refused);
});
