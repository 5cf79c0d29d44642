import { describe, expect, it } from "vitest";
import { configOf, problemsOf } from "./sources.ts";

describe("a bad value is refused in one sentence that holds it", () => {
  it.each([
    ["url", "ftp://x.example", 'bad-value: url is "ftp://x.example", which is not an http or https URL.'],
    ["url", "localhost:3000", 'bad-value: url is "localhost:3000", which is not an http or https URL.'],
    ["url", "http:///", 'bad-value: url is "http:///", which is not an http or https URL.'],
    ["url", "https://u:pw@x.example/", "bad-value: url has a user name or password in it."],
    [
      "url",
      "http://169.254.169.254/latest",
      'host-not-allowed: url is "http://169.254.169.254/latest", a link-local address.',
    ],
    [
      "url",
      "http://metadata.google.internal./",
      'host-not-allowed: url is "http://metadata.google.internal./", a metadata service.',
    ],
    [
      "ready-path",
      "//other.example/",
      'bad-value: ready-path is "//other.example/", which is not a path that starts with one slash.',
    ],
    [
      "ready-path",
      "/\\other.example",
      'bad-value: ready-path is "/\\\\other.example", which is not a path that starts with one slash.',
    ],
    ["ready-path", "healthz", 'bad-value: ready-path is "healthz", which is not a path that starts with one slash.'],
    ["ready-status", "20x", 'bad-value: ready-status is "20x", which is not a list of status codes.'],
    ["ready-status", "399-200", 'bad-value: ready-status is "399-200", which is not a list of status codes.'],
    ["ready-status", "600", 'bad-value: ready-status is "600", which is not a list of status codes.'],
    ["ready-commit", "x-commit", 'bad-value: ready-commit is "x-commit", which is not header:NAME or json:/pointer.'],
    ["ready-timeout", "2h", 'bad-value: ready-timeout is "2h", which is more than 1h.'],
    ["allowed-hosts", "https://a.example", 'bad-value: allowed-hosts names "https://a.example", which is not a host.'],
    ["allowed-hosts", "*", 'bad-value: allowed-hosts names "*", which is not a host.'],
    [
      "allowed-hosts",
      "a.example, 169.254.170.2:80",
      "host-not-allowed: allowed-hosts names 169.254.170.2:80, a link-local address.",
    ],
    ["headers", "authorization s3cret", "bad-value: Line 1 of headers is not a header."],
    ["headers", "x-a: 1\nX-A: 2", "conflicting-values: The header X-A stands twice in headers."],
    ["headers", "content-length: 5", "bad-value: The header content-length of headers cannot be set."],
    ["headers", "x-a: s3cret\u0007", "bad-value: The header x-a of headers holds a character that no header may hold."],
    ["headers", `x-a: \${NOPE}`, "unset-variable: The variable NOPE in headers is not set or empty."],
    ["headers", `x-a: \${NO PE}`, `bad-value: headers has a "\${" that is not the beginning of a variable.`],
    ["users", "abc", 'bad-value: users is "abc", which is not a whole number.'],
    ["users", "1.5", 'bad-value: users is "1.5", which is not a whole number.'],
    ["users", "1e3", 'bad-value: users is "1e3", which is not a whole number.'],
    ["users", "NaN", 'bad-value: users is "NaN", which is not a whole number.'],
    ["users", "0", 'bad-value: users is "0", which is less than 1.'],
    ["users", "-5", 'bad-value: users is "-5", which is less than 1.'],
    ["users", "100001", 'bad-value: users is "100001", which is more than 100,000.'],
    ["spawn-rate", "0", 'bad-value: spawn-rate is "0", which is not more than 0.'],
    ["spawn-rate", "-2", 'bad-value: spawn-rate is "-2", which is not more than 0.'],
    ["spawn-rate", "Infinity", 'bad-value: spawn-rate is "Infinity", which is not a number per second.'],
    ["spawn-rate", "10/m", 'bad-value: spawn-rate is "10/m", which is not a number per second.'],
    ["spawn-rate", "100001", 'bad-value: spawn-rate is "100001", which is more than 100,000.'],
    ["run-time", "30", 'bad-value: run-time is "30", a number without a unit.'],
    ["run-time", "soon", 'bad-value: run-time is "soon", which is not a duration.'],
    ["run-time", "30s1m", 'bad-value: run-time is "30s1m", which is not a duration.'],
    ["run-time", "-30s", 'bad-value: run-time is "-30s", which is not a duration.'],
    ["run-time", "999ms", 'bad-value: run-time is "999ms", which is less than 1s.'],
    ["run-time", "6h1s", 'bad-value: run-time is "6h1s", which is more than 6h.'],
    ["timeout", "0", 'bad-value: timeout is "0", which is less than 1ms.'],
    ["seed", "4294967296", 'bad-value: seed is "4294967296", which is more than 4,294,967,295.'],
    ["max-requests", "1_000", 'bad-value: max-requests is "1_000", which is not a whole number.'],
    ["insecure", "yes", 'bad-value: insecure is "yes", which is neither true nor false.'],
    ["http2", "2", 'bad-value: http2 is "2", which is neither true nor false.'],
    ["aws-region", "Frankfurt", 'bad-value: aws-region is "Frankfurt", which is not the name of an AWS region.'],
    ["functions", "orders fn!", 'bad-value: functions names "fn!", which is not a Lambda function.'],
    [
      "functions",
      "arn:aws:s3:::bucket",
      'bad-value: functions names "arn:aws:s3:::bucket", which is not a Lambda function.',
    ],
    [
      "functions",
      "orders, orders:live",
      "conflicting-values: functions names orders and orders:live, whose invocations would be counted twice.",
    ],
    ["reference-rps", "many", 'bad-value: reference-rps is "many", which is not a number per second.'],
    ["max-concurrency", "0", 'bad-value: max-concurrency is "0", which is less than 1.'],
    [
      "baseline",
      "artefact",
      'bad-value: baseline is "artefact", which is not artifact, none, or the path of a run record.',
    ],
    ["baseline-branch", "my branch", 'bad-value: baseline-branch is "my branch", which is not the name of a branch.'],
    ["baseline-workflow", "gate", 'bad-value: baseline-workflow is "gate", which is not the file name of a workflow.'],
    [
      "name",
      "a/b",
      'bad-value: name is "a/b", which is not a name of at most 100 letters, digits, dots, underscores and hyphens.',
    ],
    [
      "comment-key",
      "-->",
      'bad-value: comment-key is "-->", which is not a name of at most 100 letters, digits, dots, underscores and hyphens.',
    ],
    ["fail-on", "regresion", 'bad-value: fail-on is "regresion", which is not one of its values.'],
    ["on-invalid", "ignore", 'bad-value: on-invalid is "ignore", which is not one of its values.'],
    ["github-token", "s3 cret", "bad-value: github-token is (hidden), which is not a token."],
    ["mode", "gates", 'bad-value: mode is "gates", which is not one of its values.'],
    ["max-cost", "free", 'bad-value: max-cost is "free", which is not a number of dollars.'],
    ["max-cost", "0", 'bad-value: max-cost is "0", which is not more than 0.'],
    ["rate", "fast", 'bad-value: rate "fast" is not a rate of arrivals.'],
    ["rate", "0/s", 'bad-value: rate "0/s" starts nothing.'],
    ["rate", "200/s uniform", 'bad-value: rate "200/s uniform" is not a rate of arrivals.'],
    ["stages", "30s", 'bad-value: The stage "30s" is not a duration and a level.'],
    ["stages", "30s:10u, 30s:5/s", 'bad-value: stages "30s:10u, 30s:5/s" mixes users and rates.'],
    ["stages", "30s:0u", "bad-value: stages never rises above 0."],
    ["stages", "30s:0-1.5u", 'bad-value: The stage "30s:0-1.5u" has a part of a user.'],
    ["stages", "7h:5u", 'bad-value: The stage "7h:5u" is "7h", which is more than 6h.'],
    ["stop-if", "errors > 5", 'bad-value: stop-if "errors > 5" is not a rule to stop by.'],
    [
      "stop-if",
      "failure-rate > 100% for 10s",
      'bad-value: stop-if "failure-rate > 100% for 10s" can never hold: more than 100 % cannot fail.',
    ],
    ["workers", "0", 'bad-value: workers is "0", which is less than 1.'],
    ["pre-warm", "-1", 'bad-value: pre-warm is "-1", which is less than 0.'],
    ["usres", "5", 'unknown-input: "usres" is not an input that swarmgate knows.'],
    [
      "name",
      "a\n::error::b",
      'bad-value: name is "a\\n::error::b", which holds a line break or another control character.',
    ],
  ])("%s: %j", (name, value, sentence) => {
    expect(problemsOf({ [name]: value })).toEqual([sentence]);
  });

  it("never quotes a header's value", () => {
    const wrong = ["authorization s3cret", "x: s3cret\nx: s3cret", "te: s3cret", "x-a: s3cret\u0001"];
    for (const headers of wrong) expect(problemsOf({ headers }).join()).not.toContain("s3cret");
  });

  it("cuts a long value short", () => {
    expect(problemsOf({ users: "x".repeat(1000) })[0]).toHaveLength(
      'bad-value: users is "", which is not a whole number.'.length + 83,
    );
  });
});

describe("a good value is read", () => {
  it.each([
    [
      "an upper-case scheme, a fragment and a default port",
      { url: "HTTPS://Preview.Example.com:443/a?b=c#d" },
      { url: "https://preview.example.com/a?b=c" },
    ],
    ["an address of the own network", { url: "http://127.0.0.1:3000" }, { url: "http://127.0.0.1:3000/" }],
    [
      "status codes and ranges",
      { "ready-status": "200-204, 404" },
      {
        readyStatus: [
          { from: 200, to: 204 },
          { from: 404, to: 404 },
        ],
      },
    ],
    [
      "a header that names the commit",
      { "ready-commit": "header:x-commit" },
      { readyCommit: { kind: "header", at: "x-commit" } },
    ],
    [
      "a JSON pointer to the commit",
      { "ready-commit": "json:/build/sha" },
      { readyCommit: { kind: "json", at: "/build/sha" } },
    ],
    ["a wait of no time, without a unit", { "ready-timeout": "0" }, { readyTimeout: 0 }],
    [
      "hosts over lines and commas",
      { "allowed-hosts": "A.example,*.b.example\n127.0.0.1:80" },
      { allowedHosts: ["a.example", "*.b.example", "127.0.0.1:80"] },
    ],
    [
      "headers with a colon in the value",
      { headers: "x-time: 10:30\n\nhost: v.example" },
      { headers: { "x-time": "10:30", host: "v.example" } },
    ],
  ])("target: %s", (_, inputs, target) => {
    expect(configOf(inputs).target).toMatchObject(target);
  });

  it.each([
    ["a composed duration", { "run-time": "1m30s" }, { runTime: 90 }],
    ["milliseconds", { "run-time": "5500ms", timeout: "500ms" }, { runTime: 5.5, timeout: 500 }],
    ["a fraction of a minute", { "warm-up": "0.5m" }, { warmUp: 30 }],
    ["the same number of users as the spawn rate's fifth", { users: "100" }, { users: 100, spawnRate: 20 }],
    ["at least one user a second", { users: "3" }, { spawnRate: 1 }],
    ["a rate with its unit", { "spawn-rate": "2.5/s" }, { spawnRate: 2.5 }],
    ["a spawn rate above the number of users", { users: "2", "spawn-rate": "50" }, { spawnRate: 50 }],
    ["a boolean as GitHub spells it", { insecure: "True", http2: "FALSE" }, { insecure: true, http2: false }],
    [
      "a run that is shorter than our own ramp",
      { users: "5", "run-time": "3s" },
      { users: 5, runTime: 3, spawnRate: 1 },
    ],
    ["spaces around a value", { users: " 7 " }, { users: 7 }],
  ])("load: %s", (_, inputs, load) => {
    expect(configOf(inputs).load).toMatchObject(load);
  });

  it("reads functions by name, alias, version and ARN, and takes the region from the ARN", () => {
    const functions = "orders\nusers:live, mail:$LATEST\narn:aws:lambda:eu-west-1:123456789012:function:pay:7";
    expect(configOf({ functions }).aws).toEqual({
      region: "eu-west-1",
      functions: [
        { label: "orders", name: "orders", qualifier: null, region: null },
        { label: "users:live", name: "users", qualifier: "live", region: null },
        { label: "mail:$LATEST", name: "mail", qualifier: "$LATEST", region: null },
        {
          label: "arn:aws:lambda:eu-west-1:123456789012:function:pay:7",
          name: "pay",
          qualifier: "7",
          region: "eu-west-1",
        },
      ],
      baseFunctions: [],
      referenceRps: null,
      maxConcurrency: null,
      maxCost: 1,
      frontEnd: null,
      ecs: null,
      pricesFile: null,
      prices: null,
      metricsTimeout: 180_000,
      logs: "auto",
    });
  });

  it("keeps two aliases of one function apart", () => {
    expect(configOf({ functions: "f:a,f:b" }).aws.functions.map((one) => one.qualifier)).toEqual(["a", "b"]);
  });

  it.each([
    ["artifact", { kind: "artifact" }],
    ["none", { kind: "none" }],
    ["./base", { kind: "file", path: "./base" }],
    ["runs/base.json", { kind: "file", path: "runs/base.json" }],
  ])("baseline: %s", (baseline, source) => {
    expect(configOf({ baseline }).baseline.source).toEqual(source);
  });

  it("takes the branch and the workflow in their long forms too", () => {
    const long = { "baseline-branch": "refs/heads/release/1", "baseline-workflow": ".github/workflows/gate.yml" };
    expect(configOf(long).baseline).toMatchObject({ branch: "release/1", workflow: "gate.yml" });
  });
});
