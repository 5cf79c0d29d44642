import type { Config } from "../config/config.ts";
import type { LiveSecond, LoadProgress } from "../load/result.ts";
import { canChangeUsers } from "../load/retarget.ts";
import { MOST_USERS } from "../load/stages.ts";
import type { ChangeUsers, LoadControl } from "../ports.ts";
import { type LiveEvents, type LivePoint, type LiveStatus, MOST_POINTS } from "../report/live-events.ts";
import { tooFewRows } from "../scenario/check-users.ts";
import { perSecond } from "../units.ts";

const MOST_LINES = 100;
const HIGHEST_SPAWN_RATE = 100_000;

type Send = <Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]) => void;

/** What the page's buttons ask for, answered with a status of HTTP and a sentence. */
export type Answer = { readonly status: 200 | 400 | 409; readonly text: string };

/** What is known of a running load, for pages that are open and for those that are opened later. */
export type LiveState = {
  readonly hello: () => LiveEvents["hello"];
  readonly addSecond: (second: LiveSecond) => void;
  readonly addProgress: (progress: LoadProgress) => void;
  readonly addLine: (text: string) => void;
  /** The load has ended, and what follows is not it. */
  readonly loadEnded: () => void;
  /** A load begins, and this is its door for changes; the points of one before it are let go. */
  readonly control: LoadControl;
  readonly ask: (what: string, body: unknown) => Answer;
};

/** Users that may be asked for on the page: rows of a `unique` source bound them; `null` where there is nothing to ask. */
export const mostUsersByHand = ({ load, shard, scenario }: Config): number | null => {
  if (!canChangeUsers({ ...load, ...(shard === null ? {} : { shard }) })) return null;
  const rows = (scenario?.data ?? []).filter((source) => tooFewRows(source, MOST_USERS) !== null);
  return rows.reduce((most, source) => Math.min(most, source.rows.length), MOST_USERS);
};

export const liveState = (
  config: Config,
  { send, stop }: { readonly send: Send; readonly stop: () => void },
): LiveState => {
  const { users, spawnRate, runTime } = config.load;
  const most = mostUsersByHand(config);
  const points: LivePoint[] = [];
  const lines: string[] = [];
  let second: LiveSecond | null = null;
  let status: LiveStatus = { phase: "waiting", elapsed: 0, runTime, users, spawnRate, changed: false };
  let change: ChangeUsers = () => false;
  let stopping = false;
  const setStatus = (next: Partial<LiveStatus>): void => {
    status = { ...status, ...next };
    send("status", status);
  };
  const changeUsers = (body: unknown): Answer => {
    if (most === null) return refusal(409, "The users of this load follow its rate or its stages.");
    const asked = readAsked(body, most);
    if (asked === null) return refusal(400, `Ask for 1 to ${most} users, and for more than 0 users per second.`);
    if (!change(asked)) return refusal(409, "Users can be changed while the load runs, not before and not after.");
    setStatus({ ...asked, changed: true });
    return { status: 200, text: `Now ${asked.users} users, at ${asked.spawnRate} per second.` };
  };
  const hello = (): LiveEvents["hello"] => ({ points, second, status, lines });
  return {
    hello,
    addSecond: (next) => {
      second = next;
      const { elapsed, users: running, requestsPerSecond, failuresPerSecond, p50, p95, p99 } = next;
      points.push({ elapsed, users: running, requestsPerSecond, failuresPerSecond, p50, p95, p99 });
      if (points.length > MOST_POINTS) points.shift();
      send("second", next);
    },
    addProgress: ({ phase, elapsed }) => setStatus({ phase: stopping ? "stopping" : phase, elapsed }),
    addLine: (text) => {
      lines.push(text);
      if (lines.length > MOST_LINES) lines.shift();
      send("line", text);
    },
    loadEnded: () => setStatus({ phase: "reading" }),
    control: (given) => {
      change = given;
      points.length = 0;
      send("hello", hello());
    },
    ask: (what, body) => {
      if (what === "users") return changeUsers(body);
      if (what !== "stop") return refusal(400, "There is nothing of that name to ask for.");
      stopping = true;
      stop();
      setStatus({ phase: "stopping" });
      return { status: 200, text: "Stopping: what was measured is written, and not judged." };
    },
  };
};

const refusal = (status: 400 | 409, text: string): Answer => ({ status, text });

const readAsked = (body: unknown, most: number): Parameters<ChangeUsers>[0] | null => {
  if (typeof body !== "object" || body === null || !("users" in body) || !("spawnRate" in body)) return null;
  const { users, spawnRate } = body;
  if (typeof users !== "number" || !Number.isInteger(users) || users < 1 || users > most) return null;
  if (typeof spawnRate !== "number" || !(spawnRate > 0 && spawnRate <= HIGHEST_SPAWN_RATE)) return null;
  return { users, spawnRate: perSecond(spawnRate) };
};
