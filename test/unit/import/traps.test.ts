import { describe, expect, it } from "vitest";
import { classifyImported, classifyText } from "../../../src/import/classify-failure.ts";
import { taskName } from "../../../src/import/names.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { jtl, outcomesIn, recordOf, sampleFile, times } from "./import-text.ts";

const unmeasuredOf = async (text: string) => summarise(await recordOf(text)).unmeasured;

describe("what a file does not hold is not measured, never 0", () => {
  it.each([
    ["hey leaves out requests without a response", "hey.csv", "failure-rate"],
    ["so does oha's CSV", "oha.csv", "failure-rate"],
    ["ab -g has no status", "ab-g.tsv", "failure-rate"],
    ["autocannon has no p95", "autocannon.json", "p95"],
    ["k6's machine-readable summary drops p99", "k6-new.json", "p99"],
    ["Vegeta's report of a target that mostly failed has the times of failures", "vegeta-report.json", "p50"],
    ["so has Artillery's", "artillery.json", "p50"],
  ])("%s", async (_, file, metric) => {
    const summary = summarise(await recordOf(sampleFile(file)));
    expect(summary.unmeasured[metric]).toMatchObject({ code: "not-in-import" });
    expect(summary.values[metric]).toBeUndefined();
    expect(summary.counts[metric]).toBeUndefined();
  });

  it("a Locust file whose percentiles were configured away lacks them by name", async () => {
    const text = sampleFile("locust_stats.csv").replace("99%", "97%");
    expect((await unmeasuredOf(text))["p99"]?.reason).toContain("no such column");
  });

  it("N/A in Locust's file is no figure", async () => {
    const text =
      "Type,Name,Request Count,Failure Count,Requests/s,50%,90%,95%,99%\n,Aggregated,0,0,0,N/A,N/A,N/A,N/A\n";
    const record = await recordOf(text);
    expect(record.response.p50).toBeNull();
    expect(record.validity).toMatchObject({ valid: false, problems: [{ code: "no-requests" }, {}] });
  });

  it("a file of a summary has no histogram that could be mistaken for one", async () => {
    const record = await recordOf(sampleFile("locust_stats.csv"));
    expect(record.service.histogram).toBe((await recordOf(sampleFile("oha.json"))).service.histogram);
    expect(record.slices).toEqual([]);
  });
});

describe("traps of single tools", () => {
  it("k6: passes of http_req_failed are the requests that failed, and dropped iterations are said", async () => {
    const text = sampleFile("k6-handle.json").replace(
      '"http_reqs":',
      '"dropped_iterations":{"values":{"count":7}},"http_reqs":',
    );
    const record = await recordOf(text);
    expect(outcomesIn(record.totals)).toEqual({ ok: 42, "check-failed": 28 });
    expect(record.validity.problems[0]?.message).toContain("7 iterations");
  });

  it("k6: a summary without times of expected responses is usable only when nothing failed", async () => {
    const text = sampleFile("k6-handle.json").replace("http_req_duration{expected_response:true}", "other");
    expect((await unmeasuredOf(text))["p50"]?.reason).toContain("failed");
    expect((await unmeasuredOf(text.replace('"passes":28', '"passes":0')))["p50"]).toBeUndefined();
  });

  it("k6: requests of setup and teardown are no part of the load", async () => {
    const all = await recordOf(sampleFile("k6.ndjson"));
    const some = await recordOf(
      sampleFile("k6.ndjson").replaceAll(
        '"group":"","method":"GET","name":"orders"',
        '"group":"::setup","method":"GET","name":"orders"',
      ),
    );
    expect(all.totals.requests - some.totals.requests).toBe(all.tasks.find(({ name }) => name === "orders")?.requests);
  });

  it("autocannon: more times than responses were invented, so none is taken", async () => {
    const text = sampleFile("autocannon.json").replace('"totalCount":558', '"totalCount":900');
    expect((await unmeasuredOf(text))["p50"]?.reason).toContain("never measured");
  });

  it("oha: its success rate of 1 for a target that answers 500 is not believed", async () => {
    const text = sampleFile("oha.json").replace('"statusCodeDistribution":{"200":', '"statusCodeDistribution":{"500":');
    expect(outcomesIn((await recordOf(text)).totals)).toEqual({ "server-error": 20, aborted: 2 });
  });

  it("oha: percentiles of successful responses are another definition than those of all", async () => {
    const all = sampleFile("oha.json");
    const okOnly = all.replace(
      '"latencyPercentiles"',
      '"latencyPercentilesSuccessful":{"p50":0.001},"latencyPercentiles"',
    );
    const [one, other] = await Promise.all([recordOf(all), recordOf(okOnly)]);
    expect(one.fingerprint.test.percentiles).not.toBe(other.fingerprint.test.percentiles);
    expect(other.service.p50).toBe(1);
  });

  it("JMeter: a transaction controller is not counted beside its requests", async () => {
    const record = await recordOf(sampleFile("jmeter.jtl"));
    expect(record.totals.requests).toBe(8);
    expect(record.tasks.map(({ name }) => name)).not.toContain("Buy");
  });

  it("JMeter: a sample that never began (time stamp 0) does not stretch the window to 1970", async () => {
    const text = jtl(times(100, 20)).replace("1795285800020", "0");
    const record = await recordOf(text);
    expect(record.totals.requests).toBe(100);
    expect(record.window.seconds).toBeLessThan(3);
  });

  it("two runs in one file, more than a day apart, are refused", async () => {
    const day = 24 * 3600 * 1000;
    await expect(recordOf(jtl(times(2, 20), { every: day + 1 }))).rejects.toThrow("more than 24 hours apart");
  });

  it("a thousand and one names are judged as one, and that is said", async () => {
    const record = await recordOf(jtl(Array.from({ length: 1001 }, (_, at) => ({ ms: 5, label: `/user/${at}` }))));
    expect(record.tasks).toEqual([]);
    expect(record.totals.requests).toBe(1001);
    expect(record.validity.problems[0]?.message).toContain("1000 different names");
  });
});

describe("outcome classes", () => {
  it.each([
    [200, false, "", "ok"],
    [304, false, "", "ok"],
    [302, false, "", "redirected"],
    [404, false, "", "client-error"],
    [429, true, "", "throttled"],
    [503, false, "", "server-error"],
    [200, true, "", "check-failed"],
    [200, true, "expected id to equal 7", "check-failed"],
    [200, true, "unexpected EOF", "reset"],
    [200, true, "context deadline exceeded (Client.Timeout exceeded while reading body)", "timeout"],
  ] as const)("status %d, failed %s, %j: %s", (status, failed, text, outcome) => {
    expect(classifyImported({ status, failed, text })).toBe(outcome);
  });

  it.each([
    ['Get "http://h/": dial tcp 127.0.0.1:9->127.0.0.1:1: connect: connection refused', "connect-error"],
    ['Get "http://h/": dial tcp: lookup nowhere.example: no such host', "dns-error"],
    ['Get "http://h/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)', "timeout"],
    ["dial tcp 10.0.0.1:443: i/o timeout", "connect-error"],
    ["read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer", "reset"],
    ["dial tcp 127.0.0.1:80: socket: too many open files", "local-error"],
    ["tls: failed to verify certificate: x509: certificate has expired", "tls-error"],
    ["Non HTTP response code: java.net.UnknownHostException", "dns-error"],
    ["Non HTTP response code: java.net.SocketTimeoutException Read timed out", "timeout"],
    ["Non HTTP response code: org.apache.http.NoHttpResponseException", "reset"],
    ["javax.net.ssl.SSLHandshakeException", "tls-error"],
    ["ConnectionError(ProtocolError('Connection aborted.', RemoteDisconnected('closed')))", "reset"],
    ["ETIMEDOUT", "timeout"],
    ["aborted due to deadline", "aborted"],
    ["something nobody has seen", "reset"],
  ])("%s: %s", (text, outcome) => {
    expect(classifyText(text)).toBe(outcome);
  });
});

it.each([
  ["https://preview-1.example/orders?id=1", "/orders?id=1"],
  ["http://127.0.0.1:8080", "/"],
  ["/orders", "/orders"],
  ["Order https://x", "Order https://x"],
  ["two\nlines", "two lines"],
  ["", "unnamed"],
])("the name %j becomes %j", (name, expected) => {
  expect(taskName(name)).toBe(expected);
});
