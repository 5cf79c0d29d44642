import { describe, expect, it } from "vitest";
import { configOf, problemsOf, yaml } from "./sources.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("variables", () => {
  it("are filled in from the environment, in inputs and in the file", () => {
    const env = { HOST: "https://a.example", KEY: "k-123456" };
    const config = configOf({ url: `\${HOST}/orders` }, { env, file: yaml(`target: {headers: {x-key: 'v \${KEY}'}}`) });
    expect([config.target.url, config.target.headers["x-key"]]).toEqual(["https://a.example/orders", "v k-123456"]);
  });

  it("are taken literally: a value is no pattern and no variable", () => {
    const config = configOf({ headers: `x-key: a\${KEY}` }, { env: { KEY: `$&$1\${KEY}` } });
    expect(config.target.headers["x-key"]).toBe(`a$&$1\${KEY}`);
  });

  it("lose the line break that files end with", () => {
    expect(configOf({ headers: `x-key: \${KEY}` }, { env: { KEY: "abcdef\n" } }).target.headers["x-key"]).toBe(
      "abcdef",
    );
  });

  it("cannot add a header of their own", () => {
    expect(problemsOf({ headers: `x-key: \${KEY}` }, { env: { KEY: "a\nx-other: b" } })).toEqual([
      "bad-value: The variable KEY in headers holds a line break.",
    ]);
  });

  it("that are empty or only inherited count as not set", () => {
    const problems = problemsOf({ headers: `a: \${EMPTY}\nb: \${toString}` }, { env: { EMPTY: "" } });
    expect(problems).toEqual([
      "unset-variable: The variable EMPTY in headers is not set or empty.",
      "unset-variable: The variable toString in headers is not set or empty.",
    ]);
  });

  it("are not shown in the message about a bad value", () => {
    const problems = problemsOf({ name: `\${KEY}` }, { env: { KEY: "s3cret value" } });
    expect(problems[0]).toContain(`name is "\${KEY}"`);
    expect(problems.join()).not.toContain("s3cret");
  });
});

describe("secrets", () => {
  it.each([
    ["a plain header", "x-api-key: k-123456", ["k-123456", base64("k-123456")]],
    [
      "a bearer token",
      "authorization: Bearer abcdefgh",
      ["Bearer abcdefgh", "abcdefgh", base64("Bearer abcdefgh"), base64("abcdefgh")],
    ],
    [
      "basic credentials",
      `Authorization: Basic ${base64("user:pass-word")}`,
      [
        `Basic ${base64("user:pass-word")}`,
        base64("user:pass-word"),
        "user:pass-word",
        "pass-word",
        base64("pass-word"),
      ],
    ],
    ["a cookie as a whole", "cookie: session=abcdef", ["session=abcdef"]],
    ["letters beyond ASCII", "x-key: pässword", ["pässword", base64("pässword")]],
  ])("are the value and its parts: %s", (_, headers, secrets) => {
    expect(configOf({ headers }).secrets).toEqual(expect.arrayContaining(secrets));
  });

  it.each([
    "host: preview.example.com",
    "accept: application/json",
    "Accept-Language: de-DE,de",
    "content-type: application/json",
    "user-agent: monitoring",
    "cache-control: no-cache",
    "x-short: 12345",
  ])("are not %s", (headers) => {
    expect(configOf({ headers }).secrets).toEqual([]);
  });

  it("do not hold ordinary words behind something that is no scheme", () => {
    expect(configOf({ headers: "x-note: preview deployment" }).secrets).not.toContain("deployment");
  });

  it("hold a variable in a harmless header, and not the one that names the host", () => {
    const env = { AGENT: "secret-agent", VHOST: "v.example.com" };
    const { secrets } = configOf({ headers: `user-agent: \${AGENT}\nhost: \${VHOST}` }, { env });
    expect(secrets).toContain("secret-agent");
    expect(secrets).not.toContain("v.example.com");
  });

  it("hold a variable in the query of the URL, and not one that is the URL", () => {
    const env = { PREVIEW: "https://a.example", BYPASS: "let-me-in" };
    const { secrets } = configOf({ url: `\${PREVIEW}/?bypass=\${BYPASS}` }, { env });
    expect(secrets).toEqual(expect.arrayContaining([base64("let-me-in"), "let-me-in"]));
    expect(secrets.join(" ")).not.toContain("a.example");
  });

  it("hold the token", () => {
    expect(configOf({ "github-token": "ghs_12345678" }).secrets).toContain("ghs_12345678");
  });

  it("come longest first, so that replacing one leaves no rest of another", () => {
    const lengths = configOf({ headers: "authorization: Bearer abcdefgh\nx: 1234567" }).secrets.map(
      (one) => one.length,
    );
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
  });
});
