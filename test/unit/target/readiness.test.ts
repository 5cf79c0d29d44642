import { describe, expect, test } from "vitest";
import {
  probeRecord,
  type ReadinessAnswer,
  type ReadinessRules,
  readinessStart,
  readinessStep,
} from "../../../src/target/readiness.ts";
import { readinessRules, readyUrl } from "../../../src/target/ready-rules.ts";
import { epochMs, millis } from "../../../src/units.ts";

const answer = (status: number, headers: Record<string, string> = {}, body = ""): ReadinessAnswer => ({
  kind: "answer",
  status,
  headers,
  body,
});
const broken = (cause: "dns" | "connect" | "tls" | "timeout" | "reset"): ReadinessAnswer => ({
  kind: "error",
  cause,
  text: `${cause} text`,
});

const sha = "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432";
const rules = (change: Partial<ReadinessRules> = {}): ReadinessRules => ({
  url: "https://preview.example.com/api?token=secret",
  status: [{ from: 200, to: 399 }],
  commit: null,
  timeout: millis(60_000),
  deadline: epochMs(60_000),
  ...change,
});

/** Feeds answers until the reducer is done; time moves by what it asks to wait. */
const play = (answers: readonly ReadinessAnswer[], given: ReadinessRules = rules()) => {
  let state = readinessStart;
  let now = 0;
  const waits: number[] = [];
  for (const [index, one] of answers.entries()) {
    const step = readinessStep(given, state, { answer: one, now: epochMs(now) });
    if (step.kind !== "wait") return { kind: step.kind, probes: index + 1, waits, step };
    state = step.state;
    now += step.time;
    waits.push(step.time);
  }
  return { kind: "wait", probes: answers.length, waits, step: null };
};

const oneProbe = (one: ReadinessAnswer, given: ReadinessRules) =>
  readinessStep(given, readinessStart, { answer: one, now: epochMs(0) });

const problemAtDeadline = (one: ReadinessAnswer, given: ReadinessRules = rules()) => {
  const step = readinessStep(given, readinessStart, { answer: one, now: given.deadline });
  return step.kind === "give-up" ? step.problem : null;
};

describe("ready is three successes in a row, half a second apart", () => {
  test.each<[string, ReadinessAnswer[], string, number]>([
    ["three successes", [answer(200), answer(204), answer(302)], "ready", 3],
    ["two are not enough", [answer(200), answer(200)], "wait", 2],
    [
      "a failure begins the count anew",
      [answer(200), answer(200), answer(503), answer(200), answer(200), answer(200)],
      "ready",
      6,
    ],
    [
      "a broken connection begins it anew",
      [answer(200), answer(200), broken("reset"), answer(200), answer(200)],
      "wait",
      5,
    ],
    ["a preview that is a 404 first", [answer(404), answer(404), answer(200), answer(200), answer(200)], "ready", 5],
    ["a name that appears late", [broken("dns"), answer(200), answer(200), answer(200)], "ready", 4],
    ["a protected preview is waited for", [answer(401), answer(403)], "wait", 2],
  ])("%s", (_, answers, kind, probes) => {
    expect(play(answers)).toMatchObject({ kind, probes });
  });

  test("successes are 500 ms apart, failing probes become rarer", () => {
    expect(play([answer(200), answer(200)]).waits).toEqual([500, 500]);
    const waits = play(Array<ReadinessAnswer>(6).fill(answer(503))).waits;
    expect(waits[0]).toBe(500);
    expect(waits.at(-1)).toBe(3000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  });

  test("the last probe is at the deadline, and a run of successes that it cuts may finish", () => {
    const short = rules({ deadline: epochMs(700), timeout: millis(700) });
    const late = readinessStep(short, readinessStart, { answer: answer(503), now: epochMs(600) });
    expect(late).toMatchObject({ kind: "wait", time: 100 });
    expect(play([answer(503), answer(200), answer(200), answer(200)], short).kind).toBe("ready");
    expect(play([answer(503), answer(200), answer(200), answer(503)], short).kind).toBe("give-up");
  });
});

describe("giving up names the last cause and its mend", () => {
  test.each<[string, ReadinessAnswer, RegExp, RegExp]>([
    ["an error of the server", answer(503), /status 503/, /logs/],
    ["a protected preview", answer(401), /status 401/, /headers/],
    ["a wrong path", answer(404), /status 404/, /ready-path/],
    ["an unknown name", broken("dns"), /name does not resolve \(dns text\)/, /host name/],
    ["a closed port", broken("connect"), /no connection/, /port/],
    ["a bad certificate", broken("tls"), /TLS/, /certificate/],
    ["silence", broken("timeout"), /in time/, /ready-timeout/],
  ])("%s", (_, last, message, hint) => {
    const problem = problemAtDeadline(last);
    expect(problem).toMatchObject({ code: "target-not-ready", severity: "invalid" });
    expect(problem?.message).toMatch(message);
    expect(problem?.hint).toMatch(hint);
  });

  test("a redirect is refused only where ready-status excludes it", () => {
    const strict = rules({ status: [{ from: 200, to: 299 }] });
    expect(problemAtDeadline(answer(302), strict)?.hint).toMatch(/Redirects/);
    expect(problemAtDeadline(answer(302))).toBeNull();
  });

  test("the query of the URL is not shown", () => {
    expect(problemAtDeadline(answer(500))?.message).not.toContain("secret");
  });
});

describe("ready-commit is proof that the answer comes from this commit", () => {
  const header = rules({ commit: { kind: "header", at: "X-Commit", sha } });
  const json = (at: string) => rules({ commit: { kind: "json", at, sha } });
  test.each<[string, ReadinessRules, ReadinessAnswer, boolean]>([
    ["the whole SHA in the header, name without case", header, answer(200, { "x-commit": sha }), true],
    ["seven characters", header, answer(200, { "x-commit": sha.slice(0, 7) }), true],
    ["six characters prove nothing", header, answer(200, { "x-commit": sha.slice(0, 6) }), false],
    [
      "a longer value than the configured one",
      rules({ commit: { kind: "header", at: "x-commit", sha: sha.slice(0, 8) } }),
      answer(200, { "x-commit": sha }),
      true,
    ],
    ["upper case", header, answer(200, { "x-commit": sha.toUpperCase() }), true],
    ["the previous build", header, answer(200, { "x-commit": "1".repeat(40) }), false],
    ["no header", header, answer(200), false],
    ["an empty header", header, answer(200, { "x-commit": "" }), false],
    ["a JSON field", json("/build/sha"), answer(200, {}, JSON.stringify({ build: { sha } })), true],
    ["an escaped pointer", json("/a~1b/0"), answer(200, {}, JSON.stringify({ "a/b": [sha] })), true],
    ["a missing field", json("/build/sha"), answer(200, {}, "{}"), false],
    ["an inherited field", json("/constructor/name"), answer(200, {}, "{}"), false],
    ["a body that is no JSON", json("/sha"), answer(200, {}, "<html>"), false],
    ["the right commit with the wrong status", header, answer(500, { "x-commit": sha }), false],
  ])("%s", (_, given, one, good) => {
    expect(oneProbe(one, given)).toMatchObject({ kind: "wait", state: { successes: good ? 1 : 0 } });
  });

  test("what the target claims is shown only when it can be a SHA", () => {
    const at = (value: string) => problemAtDeadline(answer(200, { "x-commit": value }), header)?.message;
    expect(at("1234567890abcdef")).toContain("1234567890ab");
    expect(at("::error::pwned")).not.toContain("pwned");
  });
});

describe("what ready means is read from the configuration", () => {
  const target = { readyPath: "/health", readyStatus: [], readyCommit: null, readyTimeout: millis(300_000) };
  test("the deadline counts from now, the path is on the same origin", () => {
    const parsed = readinessRules("https://a.example/x", target, { sha: null, now: epochMs(1000) });
    expect(parsed).toMatchObject({ ok: true, value: { url: "https://a.example/health", deadline: 301_000 } });
  });
  test("a commit that nobody knows cannot be waited for", () => {
    const asked = { ...target, readyCommit: { kind: "header", at: "x" } as const };
    const parsed = readinessRules("https://a.example/", asked, { sha: null, now: epochMs(0) });
    expect(parsed).toMatchObject({ ok: false, problems: [{ code: "missing-value", severity: "usage" }] });
  });
  test.each([
    [null, "https://a.example:8443/api?x=1", "https://a.example:8443/api?x=1"],
    ["/ready?deep=1#top", "https://a.example/api?x=1", "https://a.example/ready?deep=1"],
    ["//evil.example/x", "https://a.example/", "https://a.example//evil.example/x"],
    ["https://evil.example/", "https://a.example/", "https://a.example/https://evil.example/"],
  ])("ready-path %s on %s", (path, url, expected) => {
    expect(readyUrl(url, path)).toBe(expected);
  });
});

test.each<[string, ReadinessAnswer, boolean]>([
  ["an answer came from somewhere", answer(503), true],
  ["a timeout may have reached the function", broken("timeout"), true],
  ["a dead name did not", broken("dns"), false],
  ["a refused connection did not", broken("connect"), false],
  ["a broken handshake did not", broken("tls"), false],
])("a probe is kept for AWS's count: %s", (_, one, connected) => {
  expect(probeRecord(epochMs(5), one)).toMatchObject({ at: 5, connected });
});
