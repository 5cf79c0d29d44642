import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { configOf, problemsOf, sources, yaml } from "./sources.ts";

describe("defaults", () => {
  it("are those of SPEC 12.1 when only a URL is given", () => {
    expect(configOf({})).toEqual({
      name: "job",
      mode: "gate",
      shard: null,
      target: {
        url: "https://preview.example.com/",
        baseUrl: null,
        readyPath: null,
        readyStatus: [{ from: 200, to: 399 }],
        readyCommit: null,
        readyTimeout: 300_000,
        stackName: null,
        environment: null,
        allowProduction: false,
        allowedHosts: [],
        headers: {},
        sigv4: false,
      },
      load: {
        users: 20,
        spawnRate: 4,
        rate: null,
        stages: null,
        runTime: 60,
        warmUp: 5,
        preWarm: 0,
        waitTime: { kind: "constant", seconds: 0.5 },
        timeout: 30_000,
        stopTimeout: 5_000,
        seed: 1,
        maxRequests: 1_000_000,
        stopIf: null,
        workers: null,
        insecure: false,
        http2: false,
      },
      aws: {
        region: null,
        functions: [],
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
      },
      baseline: {
        source: { kind: "artifact" },
        branch: null,
        workflow: null,
        wait: 120_000,
        segmentTime: 20_000,
        maxDuration: 900_000,
      },
      gate: { limits: [], failOn: "regression", onInconclusive: "warn", onInvalid: "fail", onNoBaseline: "warn" },
      report: { comment: "always", commentKey: "job", commitStatus: false, htmlReport: false },
      scenario: null,
      secrets: [],
    });
  });

  it("hold for an empty input, as GitHub passes what is not set", () => {
    expect(configOf({ users: "", "run-time": "  ", rate: "", stages: "", nonsense: "" })).toEqual(configOf({}));
  });
});

describe("one value from several places", () => {
  const file = yaml("target: {url: https://file.example}\nload: {users: 7, run-time: 20s}\nname: api");

  it("an input wins over the file, the file over the default", () => {
    const config = configOf({ url: "", users: "9" }, { file });
    expect([config.load.users, config.load.runTime, config.load.seed]).toEqual([9, 20, 1]);
    expect([config.target.url, config.name]).toEqual(["https://file.example/", "api"]);
  });

  it("host is another name for url, in a file too", () => {
    expect(configOf({ url: "", host: "https://a.example" }).target.url).toBe("https://a.example/");
    const config = configOf({ url: "" }, { file: yaml("target: {host: https://b.example}") });
    expect(config.target.url).toBe("https://b.example/");
  });

  it("an input named host wins over a url in the file", () => {
    expect(configOf({ url: "", host: "https://a.example" }, { file }).target.url).toBe("https://a.example/");
  });

  it("refuses url and host that differ, and takes them when they agree", () => {
    expect(problemsOf({ url: "https://a.example", host: "https://b.example" })).toEqual([
      'conflicting-values: url is "https://a.example" and host is "https://b.example", but both mean the same.',
    ]);
    expect(problemsOf({ url: "https://a.example", host: "https://a.example" })).toEqual([]);
  });
});

describe("inputs that must agree", () => {
  it("needs a URL where load is asked for, and only there", () => {
    expect(problemsOf({ url: "" })).toEqual(["missing-value: There is no url to send load to."]);
    expect(configOf({ url: "" }, { needsTarget: false }).target.url).toBeNull();
  });

  it("does not call a wrong URL a missing one", () => {
    expect(problemsOf({ url: "nowhere" })).toEqual(['bad-value: url is "nowhere", which is not an http or https URL.']);
  });

  it("refuses a ramp that does not end within the run time, and says what would do", () => {
    const read = parseConfig(sources({ inputs: { url: "https://a.example", users: "500", "spawn-rate": "5" } }));
    expect(read).toEqual({
      ok: false,
      problems: [
        {
          code: "conflicting-values",
          severity: "usage",
          message: "500 users at 5 per second take 1m40s to start, and run-time is 1m.",
          hint: "Raise spawn-rate to 9, or run-time above 1m40s.",
        },
      ],
    });
    expect(problemsOf({ users: "500", "spawn-rate": "9" })).toEqual([]);
    expect(problemsOf({ users: "500", "spawn-rate": "5", "run-time": "101s" })).toEqual([]);
  });

  it("refuses functions of several regions", () => {
    const functions = "arn:aws:lambda:eu-west-1:123456789012:function:pay";
    expect(problemsOf({ functions, "aws-region": "us-east-1" })).toEqual([
      expect.stringMatching(/^conflicting-values: .*us-east-1.*eu-west-1/),
    ]);
  });

  it("refuses max-concurrency beside a limit that is off", () => {
    expect(problemsOf({ "max-concurrency": "1200", limits: "required-concurrency: off" })).toEqual([
      "conflicting-values: max-concurrency is 1,200, and limits says required-concurrency: off.",
    ]);
  });
});

describe("the file", () => {
  it("takes lists and maps where an input takes lines", () => {
    const file = yaml(`
target:
  ready-status: [200, 204-206]
  allowed-hosts: [a.example, "*.b.example"]
  headers: { x-version: 1.10, accept: text/html }
aws:
  functions: [orders, "users:live"]
gate:
  limits:
    p95: +10% and +5ms; <= 500ms
    p99: off
`);
    const { target, aws, gate } = configOf({}, { file });
    expect(target).toMatchObject({
      readyStatus: [
        { from: 200, to: 200 },
        { from: 204, to: 206 },
      ],
      allowedHosts: ["a.example", "*.b.example"],
      headers: { "x-version": "1.10", accept: "text/html" },
    });
    expect(aws.functions.map((one) => one.label)).toEqual(["orders", "users:live"]);
    expect(gate.limits.map(({ metric, text }) => `${metric}: ${text}`)).toEqual([
      "p95: +10% and +5ms",
      "p95: <= 500ms",
      "p99: off",
    ]);
  });

  it("takes limits as a text and as a list", () => {
    for (const limits of ["'p95: +10%; p50: +5%'", "['p95: +10%', 'p50: +5%']", "[p95: +10%, p50: +5%]"]) {
      const { gate } = configOf({}, { file: yaml(`gate: {limits: ${limits}}`) });
      expect(gate.limits.map((limit) => limit.metric)).toEqual(["p95", "p50"]);
    }
  });

  it("takes numbers and booleans as JSON has them", () => {
    const { load } = configOf({}, { file: { load: { users: 5, insecure: true, "spawn-rate": 2.5 } } });
    expect(load).toMatchObject({ users: 5, insecure: true, spawnRate: 2.5 });
  });

  it("takes baseline: none for the section", () => {
    expect(configOf({}, { file: yaml("baseline: none") }).baseline.source).toEqual({ kind: "none" });
  });

  it.each([
    ["no map", "- a", "bad-value: gate.yml is not a map of sections."],
    ["a section that is no map", "load: 5", "bad-value: The section load of gate.yml is not a map."],
    ["an unknown section", "laod: {}", "unknown-input: laod in gate.yml is not a key that swarmgate knows."],
    ["an unknown key", "load: {usres: 5}", "unknown-input: load.usres in gate.yml is not a key that swarmgate knows."],
    [
      "a key of another section",
      "load: {url: x}",
      "unknown-input: load.url in gate.yml is not a key that swarmgate knows.",
    ],
    ["a key outside its section", "users: 5", "unknown-input: users in gate.yml is not a key that swarmgate knows."],
    ["the file's own name", "config: x", "unknown-input: config in gate.yml is not a key that swarmgate knows."],
    ["a key that is not built", "load: {engine: k6}", "not-built-yet: load.engine in gate.yml is not built yet."],
    ["a bad value", "load: {users: many}", 'bad-value: load.users in gate.yml is "many", which is not a whole number.'],
    [
      "a number without a unit",
      "load: {run-time: 30}",
      'bad-value: load.run-time in gate.yml is "30", a number without a unit.',
    ],
    [
      "a list for one value",
      "load: {users: [1]}",
      "bad-value: load.users in gate.yml is a list, and one value is needed.",
    ],
    [
      "a map for a list",
      "aws: {functions: {a: b}}",
      "bad-value: aws.functions in gate.yml is a map, and a list is needed.",
    ],
    [
      "a list for a map",
      "target: {headers: [a]}",
      "bad-value: target.headers in gate.yml is a list, and a map is needed.",
    ],
    [
      "a header of two lines",
      'target: {headers: {x-a: "1\\nx-b: 2"}}',
      "bad-value: target.headers in gate.yml holds a value that is not one line of text.",
    ],
    [
      "a value inside a value",
      "gate: {limits: {p95: [1]}}",
      "bad-value: gate.limits in gate.yml holds a value that is not one line of text.",
    ],
    ["a prototype", "__proto__: {users: 5}", "unknown-input: __proto__ in gate.yml is not a key that swarmgate knows."],
  ])("refuses %s", (_, text, sentence) => {
    expect(problemsOf({}, { file: yaml(text) })).toEqual([sentence]);
  });

  it.each([
    ["load: {usres: 5}", "Did you mean users?"],
    ["load: {duration: 30s}", "Did you mean run-time?"],
    ["load: {runTime: 30s}", "Did you mean run-time?"],
    ["load: {url: x}", "url belongs to the section target."],
    ["load: {name: x}", "name stands outside the sections."],
    ["config: x", "config is an input and a flag; it cannot stand in the config file."],
    ["xyzzy: 1", "docs/configuration.md lists the keys."],
  ])("helps with %s", (text, hint) => {
    const read = parseConfig(sources({ file: yaml(text) }));
    expect(read.ok ? [] : read.problems.map((problem) => problem.hint)).toEqual([hint]);
  });

  it.each(["", "# nothing", "load:", "target: {headers: }", "load: {users: ''}"])(
    "takes %j for nothing given",
    (text) => {
      expect(configOf({}, { file: yaml(text) })).toEqual(configOf({}));
    },
  );
});

describe("everything wrong at once", () => {
  it("is listed at once: names first, then in the order of the table", () => {
    const file = yaml("load: {seed: x, sede: 1}\nreprot: {}");
    const inputs = {
      "run-time": "30",
      users: "abc",
      url: "ftp://x",
      "spawn-rate": "0",
      headers: `nothing\nte: x\nx: \${NOPE}`,
      functions: "a, a, b!",
      limits: "p95: quick\nq95: +1%",
      rate: "fast",
      "segment-time": "5",
      usres: "5",
    };
    expect(problemsOf(inputs, { file }).map((line) => line.replace(/ (is|names|in|has) .*/, ""))).toEqual([
      'unknown-input: "usres"',
      "unknown-input: load.sede",
      "unknown-input: reprot",
      "bad-value: url",
      "unset-variable: The variable NOPE",
      "bad-value: Line 1 of headers",
      "bad-value: The header te of headers cannot be set.",
      "bad-value: users",
      "bad-value: spawn-rate",
      'bad-value: rate "fast"',
      "bad-value: run-time",
      "bad-value: load.seed",
      "conflicting-values: functions",
      "bad-value: functions",
      "bad-value: segment-time",
      'bad-value: "p95: quick"',
      "bad-value: There",
    ]);
  });
});
