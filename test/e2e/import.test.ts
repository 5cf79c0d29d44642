/** `import` and `compare` of the bundle over other tools' files; no simulator and no load are needed. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "swarmgate-import-"));
  cpSync("dist", join(root, "dist"), { recursive: true });
  write("base.jtl", jtl(20));
  write("same-speed.csv", jtl(20, "preview-2"));
  write("slow", jtl(60));
  write("cut.jtl", jtl(20).slice(0, -90));
  write("empty.jtl", "");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(root, name), content);

const cli = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), ...args], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", HOME: root },
    encoding: "utf8",
  });
  return { exitCode: status, stdout, stderr };
};
const compare = (base: string, head: string, ...more: readonly string[]) => {
  const { exitCode, stdout } = cli("compare", "--base", base, "--head", head, "--json", ...more);
  return { exitCode, result: JSON.parse(stdout) };
};

/** A JTL of 1,000 requests around a time in milliseconds. */
const jtl = (ms: number, host = "preview-1"): string => {
  const rows = Array.from(
    { length: 1000 },
    (_, at) => `${1795285800000 + at * 40},${ms + (at % 7)},orders,200,OK,true,10,https://${host}.example/orders`,
  );
  return `timeStamp,elapsed,label,responseCode,responseMessage,success,bytes,URL\n${rows.join("\n")}\n`;
};

describe("swarmgate import", () => {
  it("writes a record to stdout, what it read to stderr, and the same bytes every time", () => {
    const first = cli("import", "base.jtl");
    expect(first.exitCode).toBe(0);
    expect(first.stderr).toContain("JMeter JTL (CSV): 1,000 requests");
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: "swarmgate.run-record/v1",
      fingerprint: { test: { tool: "jmeter" } },
      totals: { requests: 1000, outcomes: { ok: 1000 } },
      response: { from: "actual-start" },
    });
    expect(cli("import", "base.jtl").stdout).toBe(first.stdout);
  });

  it("writes a file that compare and report take, and that is the same run as the file it came from", () => {
    expect(cli("import", "base.jtl", "--out", "base.json").exitCode).toBe(0);
    const { exitCode, result } = compare("base.json", "base.jtl");
    expect([exitCode, result.verdict]).toEqual([0, "inconclusive"]);
    expect(result.notes.join()).toContain("same-record");
    expect(cli("report", "base.json").stdout).toContain("imported from JMeter JTL (CSV)");
  });

  it("reads a packed file", () => {
    write("base.jtl.gz", gzipSync(jtl(20)));
    expect(JSON.parse(cli("import", "base.jtl.gz", "--quiet").stdout).totals.requests).toBe(1000);
  });

  it.each([
    ["a cut-off file", "cut.jtl", "import-unreadable"],
    ["an empty file", "empty.jtl", "import-unreadable"],
    ["a file that does not exist", "nothing", "record-unreadable"],
    ["a file of nobody", join("dist", "cli.js"), "import-unreadable"],
  ])("%s: exit 2, a code and no stack", (_, file, code) => {
    const { exitCode, stdout, stderr } = cli("import", file);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`docs/errors.md#${code}`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("--drop-bad-lines leaves the cut-off line out, on either side of a comparison, and says so", () => {
    expect(cli("import", "cut.jtl", "--drop-bad-lines").stderr).toContain("1 of 999 lines");
    expect(JSON.stringify(compare("cut.jtl", "base.jtl", "--drop-bad-lines").result.notes)).toContain("1 of 999 lines");
    expect(JSON.stringify(compare("base.jtl", "cut.jtl", "--drop-bad-lines").result.problems)).toContain(
      "1 of 999 lines",
    );
    expect(cli("compare", "--base", "cut.jtl", "--head", "base.jtl").exitCode).toBe(2);
  });
});

describe("swarmgate compare", () => {
  it("judges files by their content, whatever their names", () => {
    const slow = compare("base.jtl", "slow");
    expect([slow.exitCode, slow.result.verdict]).toEqual([1, "fail"]);
    const wide = compare("base.jtl", "same-speed.csv", "--limits", "p50: +60%; failure-rate: +1pp");
    expect([wide.exitCode, wide.result.verdict]).toEqual([0, "pass"]);
  });

  it("takes several bases", () => {
    const { stdout } = cli("compare", "--base", "base.jtl", "same-speed.csv", "--head", "slow", "--json");
    expect(JSON.parse(stdout).baseline.runs).toBe(2);
  });

  it("another tool is another load: exit 3", () => {
    const stats = readFileSync("test/unit/import/files/locust_stats.csv");
    write("stats.csv", stats);
    const { exitCode, result } = compare("base.jtl", "stats.csv");
    expect([exitCode, result.verdict]).toEqual([3, "invalid"]);
    expect(result.problems.map(({ code }: { code: string }) => code)).toContain("fingerprint-mismatch");
  });
});
