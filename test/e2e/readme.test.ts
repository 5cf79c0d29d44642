/**
 * What the README tells a new user to type, in the order in which it is told, by a shell in an empty folder. Substituted
 * are the address of the server, the length and pace of a run, and the installation: the package's files are put where npm would.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ADDRESS = "http://localhost:3000/";
/** About the requests of the minute that the default load takes. */
const SHORT = "--run-time 8s --warm-up 1s --spawn-rate 20 --wait-time 'constant(0.1)'";
const INSTALL = "npm install --save-dev swarmgate";

/** The commands of the nth `sh` block behind a heading. */
const commandsOf = (path: string, heading: string, nth = 0): readonly string[] => {
  const [, section = ""] = readFileSync(path, "utf8").split(`\n## ${heading}\n`);
  const [chapter = ""] = section.split("\n## ");
  const blocks = [...chapter.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  return (blocks[nth] ?? "").split("\n").filter((line) => line !== "");
};

let folder: string;
let server: Server;
let url: string;
let asked = 0;
let delay = 15;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "swarmgate-readme-"));
  server = createServer((_, response) => {
    asked += 1;
    setTimeout(() => response.end("ok"), delay);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** As `npm install` leaves it: the package's files, and its command. */
const install = (): void => {
  const installed = join(folder, "node_modules", "swarmgate");
  const { bin, files }: { bin: Record<string, string>; files: readonly string[] } = JSON.parse(
    readFileSync("package.json", "utf8"),
  );
  mkdirSync(installed, { recursive: true });
  for (const path of ["package.json", ...files]) {
    mkdirSync(dirname(join(installed, path)), { recursive: true });
    cpSync(path, join(installed, path), { recursive: true });
  }
  mkdirSync(join(folder, "node_modules", ".bin"));
  for (const [name, path] of Object.entries(bin)) {
    chmodSync(join(installed, path), 0o755);
    symlinkSync(join("..", "swarmgate", path), join(folder, "node_modules", ".bin", name));
  }
};

type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

const shell = async (line: string): Promise<Outcome> => {
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, npm_config_offline: "true" };
  const child = spawn("sh", ["-c", line], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (part: Buffer) => {
    said.out += part.toString("utf8");
  });
  child.stderr.on("data", (part: Buffer) => {
    said.err += part.toString("utf8");
  });
  const [code]: readonly (number | null)[] = await once(child, "close");
  return { code: code ?? null, ...said };
};

const typed = (line: string): Promise<Outcome> =>
  shell(line.replaceAll(ADDRESS, url).replace(/^npx swarmgate run /, `$&${SHORT} `));

describe("the README, typed as it is written", () => {
  const [first = "", ...others] = commandsOf("README.md", "On the command line");

  it("from an empty folder to a judged comparison and a page of charts in four commands", async () => {
    expect([first, others.length]).toEqual([INSTALL, 3]);
    install();
    const [base, head, page] = [
      await typed(others[0] ?? ""),
      await typed(others[1] ?? ""),
      await typed(others[2] ?? ""),
    ];
    expect([base, head, page].map(({ code, err }) => [code, /error:/.test(err)])).toEqual(
      [0, 0, 0].map((code) => [code, false]),
    );
    expect(asked).toBeGreaterThan(1_500);
    expect(base.out).toMatch(/^NO-BASELINE /);
    expect(base.out.replace(/\s+/g, " ")).toMatch(/next: Give this run record to the next run with --baseline/);
    const [, verdict = ""] = /^(PASS|WARN|IMPROVED|INCONCLUSIVE) /.exec(head.out) ?? [];
    expect(verdict, head.out).not.toBe("");
    expect(head.out).toMatch(/p50 +[\d.]+ ms +[\d.]+ ms +[-+]?[\d.]+ %/);
    const html = readFileSync(join(folder, "report.html"), "utf8");
    expect(html).toContain(`<strong>${verdict}</strong>`);
  });

  it("judges the same files again, a slower head fails, and a capacity needs no load", async () => {
    const [compare = "", capacity = ""] = commandsOf("README.md", "On the command line", 1);
    const before = asked;
    const compared = await shell(`npx ${compare}`);
    expect([compared.code, /^(PASS|WARN|IMPROVED|INCONCLUSIVE) /.test(compared.out)]).toEqual([0, true]);
    const needed = await shell(`npx ${capacity}`);
    expect([needed.code, /\b141\b/.test(needed.out)]).toEqual([0, true]);
    expect(asked).toBe(before);
    delay = 150;
    const slower = await typed(others[1] ?? "");
    expect([slower.code, slower.out.startsWith("FAIL ")]).toEqual([1, true]);
  });

  it("init and doctor write a workflow and find nothing that fails", async () => {
    const [init = "", doctor = ""] = commandsOf("README.md", "Your own project");
    const written = await shell(init);
    expect([written.code, written.err]).toEqual([0, ""]);
    for (const path of ["swarmgate.yml", "workflows/swarmgate.yml"])
      expect(existsSync(join(folder, ".github", path))).toBe(true);
    const found = await shell(doctor);
    expect([found.code, found.out]).toEqual([0, expect.not.stringMatching(/^fail/m)]);
  });

  it("the page for beginners tells the same commands", () => {
    expect(commandsOf("docs/getting-started.md", "On your machine, without AWS")).toEqual(others);
  });
});
