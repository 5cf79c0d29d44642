/** What the numbers were measured on, and who else used it meanwhile. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { type Program, sleep } from "./process.ts";

export type Machine = {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** The commit that the build of swarmgate is from, with `+` when it differs from it; `null` outside git. */
  readonly build: string | null;
};

export const describeMachine = (dist: string): Machine => ({
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  memoryGb: Math.round(totalmem() / 1e9),
  kernel: `${process.platform} ${release()}`,
  node: process.versions.node,
  build: commitOf(dist),
});

/** What others use of the machine while we wait, in percent of one core; `null` without /proc/stat. */
export const idleCheck = async (): Promise<number | null> => {
  const busy = startBusyMeter();
  await sleep(IDLE_CHECK_S * 1000);
  const used = busy();
  return used === null ? null : Math.round((100 * used) / IDLE_CHECK_S);
};

const IDLE_CHECK_S = 3;

/** The core of the target and the core of the generator; `null` when programs cannot be bound to cores here. */
export const CORES: { readonly target: number; readonly generator: number } | null =
  output("taskset", ["--version"]) === null ? null : { target: 0, generator: Math.min(1, availableParallelism() - 1) };

/** The same program bound to one core, when the machine can do that. */
export const onCore = (core: keyof NonNullable<typeof CORES>, program: Program): Program =>
  CORES === null
    ? program
    : { ...program, file: "taskset", args: ["-c", String(CORES[core]), program.file, ...program.args] };

/** Starts a meter of the processor time that the whole machine spends, in seconds; `null` without /proc/stat. */
export const startBusyMeter = (): (() => number | null) => {
  const before = busySeconds();
  return () => {
    const after = busySeconds();
    return before === null || after === null ? null : after - before;
  };
};

const busySeconds = (): number | null => {
  try {
    const line = readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "";
    // user nice system idle iowait irq softirq steal, in hundredths of a second
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / 100;
  } catch {
    return null;
  }
};

const commitOf = (dist: string): string | null => {
  const id = output("git", ["log", "-1", "--format=%h", "--", dist]);
  if (id === null || id === "") return null;
  return output("git", ["status", "--porcelain", "--", dist]) === "" ? id : `${id}+`;
};

function output(file: string, args: readonly string[]): string | null {
  try {
    return execFileSync(file, [...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}
