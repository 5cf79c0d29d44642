/**
 * Two servers that play AWS and were written by others, in a Python environment of their own under `.tmp/`:
 *
 *   node test/e2e/emulators/install.ts
 *
 * What is there already in these versions is kept. Without Python the tests are skipped, loudly; in CI they must run.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PINS = ["moto[server]==5.2.5", "ministack==1.5.33"] as const;
/** Ministack's own bound, and the higher of the two. */
const OLDEST_PYTHON = [3, 10] as const;
const FOLDER = resolve(".tmp", "emulators");
const PIP = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
const INSTALL_TIMEOUT = 480_000;

export type Emulators =
  | { readonly kind: "installed"; readonly bin: string }
  | { readonly kind: "missing"; readonly reason: string };

/** Where the servers' programs are, installed now if they were not. Throws in CI when they cannot be had. */
export const installEmulators = (): Emulators => {
  const found = install();
  if (found.kind === "installed") return found;
  if (isCi()) throw new Error(`The emulators must run in CI: ${found.reason}`);
  const line = "!".repeat(78);
  process.stderr.write(
    `${line}\nTHE TESTS AGAINST moto AND ministack ARE SKIPPED: ${found.reason}\nInstall Python ${OLDEST_PYTHON.join(".")} or newer with venv and pip.\n${line}\n`,
  );
  return found;
};

const isCi = (): boolean => !["", "0", "false"].includes(process.env["CI"] ?? "");

const install = (): Emulators => {
  const python = findPython() ?? (isCi() && process.getuid?.() === 0 ? pythonOfTheSystem() : null);
  if (python === null) return { kind: "missing", reason: "there is no Python that is new enough." };
  const bin = join(FOLDER, "bin");
  const note = join(FOLDER, "installed.txt");
  const wanted = `${[python.version, ...PINS].join("\n")}\n`;
  if (existsSync(note) && readFileSync(note, "utf8") === wanted) return { kind: "installed", bin };
  process.stderr.write(`Installing ${PINS.join(" and ")} into .tmp/emulators, which takes about a minute.\n`);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(resolve(".tmp"), { recursive: true });
  const steps: readonly (readonly [command: string, args: readonly string[]])[] = [
    [python.command, ["-m", "venv", FOLDER]],
    [join(bin, "python"), [...PIP, ...PINS]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: INSTALL_TIMEOUT });
    if (status === 0) continue;
    const said = (error?.message ?? stderr).trim().split("\n").slice(-3).join(" ");
    return { kind: "missing", reason: `${args.slice(0, 3).join(" ")} failed: ${said}` };
  }
  writeFileSync(note, wanted);
  return { kind: "installed", bin };
};

type Python = { readonly command: string; readonly version: string };

const findPython = (): Python | null => {
  for (const command of ["python3", "python"]) {
    const { stdout, status } = spawnSync(
      command,
      ["-c", "import sys, ensurepip, venv; print(sys.version.split()[0])"],
      {
        encoding: "utf8",
      },
    );
    const version = status === 0 ? stdout.trim() : "";
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return { command, version };
  }
  return null;
};

const pythonOfTheSystem = (): Python | null => {
  for (const words of [["update"], ["install", "-y", "--no-install-recommends", "python3", "python3-venv"]])
    spawnSync("apt-get", words, { stdio: "inherit" });
  return findPython();
};

if (import.meta.main) {
  const found = installEmulators();
  process.exitCode = found.kind === "installed" ? 0 : 1;
}
