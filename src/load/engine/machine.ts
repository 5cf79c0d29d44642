import { readdirSync, readFileSync } from "node:fs";

/** Peak resident set of the process in megabytes; `maxRSS` is in kilobytes on every platform of libuv. */
export const peakMemoryMb = (): number => process.resourceUsage().maxRSS / 1024;

export const memoryMb = (): number => process.memoryUsage.rss() / 2 ** 20;

/**
 * Share of the machine's CPU time that its host gave to other machines, since the last call; `null` where the system does
 * not say (Linux, proc(5): the eighth figure of the first line of /proc/stat).
 */
export const stealMeter = (): (() => number | null) => {
  let before = cpuTimes();
  return () => {
    const now = cpuTimes();
    const earlier = before;
    before = now;
    if (now === null || earlier === null || now.all <= earlier.all) return null;
    return (now.stolen - earlier.stolen) / (now.all - earlier.all);
  };
};

const cpuTimes = (): { readonly all: number; readonly stolen: number } | null => {
  const [line] = (readText("/proc/stat") ?? "").split("\n");
  const times = (line ?? "").split(/\s+/).slice(1, 9).map(Number);
  const stolen = times[7];
  if (stolen === undefined || !times.every(Number.isFinite)) return null;
  return { all: times.reduce((sum, time) => sum + time, 0), stolen };
};

/**
 * Megabits per second of the fastest network interface that is up; `null` where none says (most virtual ones do not), and
 * for a target on this machine, which is not reached through any.
 */
export const linkMbit = (origin: string): number | null => {
  const { hostname } = new URL(origin);
  if (hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.")) return null;
  const speeds = interfaces().flatMap((name) => {
    const speed = Number(readText(`/sys/class/net/${name}/speed`) ?? Number.NaN);
    return readText(`/sys/class/net/${name}/operstate`)?.trim() === "up" && speed > 0 ? [speed] : [];
  });
  return speeds.length === 0 ? null : Math.max(...speeds);
};

const interfaces = (): readonly string[] => {
  try {
    return readdirSync("/sys/class/net");
  } catch {
    return [];
  }
};

const readText = (path: string): string | null => {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
};
