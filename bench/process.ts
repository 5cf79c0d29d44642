/** Child processes of the benchmark: bounded in time, ended by their own id, their processor time and memory read. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";

export type Program = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
};

export type Measured = {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` when it did not end in time and was killed. */
  readonly exitCode: number | null;
  readonly wallSeconds: number;
  /** User and system time, read at most `POLL_MS` before the end; `null` without /proc. */
  readonly cpuSeconds: number | null;
  /** Highest resident set in megabytes (10^6 bytes); `null` without /proc. */
  readonly peakMb: number | null;
};

const POLL_MS = 25;
const CLOCK_TICKS_PER_SECOND = 100;
const KEPT_CHARACTERS = 4_000_000;

/** Runs a program to its end or for `limitSeconds`. Never throws because of what the program does. */
export const measure = async (program: Program, limitSeconds: number): Promise<Measured> => {
  const begin = process.hrtime.bigint();
  const child = start(program);
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  let usage: Usage = { cpuSeconds: null, peakMb: null };
  const poll = setInterval(() => {
    if (child.pid !== undefined) usage = readUsage(child.pid) ?? usage;
  }, POLL_MS);
  const exitCode = await ended(child, limitSeconds);
  clearInterval(poll);
  const wallSeconds = Number(process.hrtime.bigint() - begin) / 1e9;
  return { stdout: out(), stderr: err(), exitCode, wallSeconds, ...usage };
};

/** Its stdout; throws one sentence when it fails, cannot be started or takes longer than `limitSeconds`. */
export const runOrThrow = async (program: Program, limitSeconds: number): Promise<string> => {
  const { exitCode, stdout, stderr } = await measure(program, limitSeconds);
  if (exitCode === 0) return stdout;
  if (exitCode === COULD_NOT_START) throw new Error(`${program.file.split("/").at(-1)} cannot be started here`);
  const words = [program.file.split("/").at(-1), ...program.args.slice(0, 2)].join(" ");
  if (exitCode === null) throw new Error(`${words} did not end within ${limitSeconds} s`);
  const last = stderr.trim().split("\n").at(-1) ?? "";
  throw new Error(`${words} failed${last === "" ? "" : `: ${last.slice(0, 200)}`}`);
};

/** Leads a process group of its own, so that what it starts can be ended with it. */
export const start = ({ file, args, cwd, env }: Program): ChildProcess => {
  const child = spawn(file, [...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
};

/** A Ctrl-C does not reach the groups of the children: they are ended with us. */
export const endWithUs = (): void => {
  process.once("exit", () => running.forEach(kill));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
};

const running = new Set<ChildProcess>();

/** Ends a program that `start` started, and waits for it. */
export const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  kill(child);
  await gone;
};

/** User plus system time of a live process in seconds, its waited-for children included; `null` without /proc. */
export const cpuSecondsOf = (pid: number): number | null => readUsage(pid)?.cpuSeconds ?? null;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The value, or `null` when it takes longer than `ms`. */
export const within = async <T>(value: Promise<T>, ms: number): Promise<T | null> => {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([value, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

type Usage = Pick<Measured, "cpuSeconds" | "peakMb">;

const ended = (child: ChildProcess, limitSeconds: number): Promise<number | null> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => kill(child), limitSeconds * 1000);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve(code);
    };
    child.once("error", () => end(COULD_NOT_START));
    child.once("close", (code) => end(code));
  });

const COULD_NOT_START = 127;

const kill = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, constants.signals.SIGKILL);
  } catch {
    child.kill("SIGKILL");
  }
};

const collect = (stream: NodeJS.ReadableStream | null): (() => string) => {
  let text = "";
  stream?.on("data", (chunk: Buffer) => {
    if (text.length < KEPT_CHARACTERS) text += chunk.toString("utf8");
  });
  return () => text;
};

const readUsage = (pid: number): Usage | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields are counted behind the command name, which may hold spaces: utime, stime, cutime, cstime are 14 to 17.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const peakKb = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (peakKb === undefined) return null;
    return { cpuSeconds: ticks / CLOCK_TICKS_PER_SECOND, peakMb: (Number(peakKb) * 1024) / 1e6 };
  } catch {
    return null;
  }
};
