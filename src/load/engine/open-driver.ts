import { Pacer } from "./pacer.ts";
import type { Driver, Swarm } from "./swarm.ts";
import type { User } from "./user.ts";

/** Users that are made ready at the same time: a target must not take the pool for an attack. */
const AT_ONCE = 50;

export type OpenDriver = Driver & {
  /**
   * Connects the pool's users and runs their setups; resolves when each can take arrivals or has gone, at the latest after
   * `limit` milliseconds: then the others join the pool as they get ready.
   */
  readonly connect: (users: readonly number[], limit: number) => Promise<void>;
  /** Milliseconds that the thread slept between arrivals since the last call. */
  readonly takeSlept: () => number;
};

/**
 * The open model: arrivals keep their schedule, users of the pool take them. The user that became free last goes first, so
 * that a pool larger than needed keeps few connections warm instead of letting all of them go stale. An arrival that finds
 * nobody free is dropped and counted in the second in which it was due; it never waits, because a queue hides that the
 * pool is too small.
 */
export const openDriver = (arrivals: () => number, swarm: Swarm): OpenDriver => {
  const free: User[] = [];
  let waiting = 0;
  let finished = 0;
  const { recorder } = swarm.setup;
  const drop = (due: number): void => recorder.dropped(Math.floor(due / 1000));
  const fire = (due: number): void => {
    const user = swarm.isOver ? undefined : free.pop();
    if (user === undefined) drop(due);
    else user.take(due);
  };
  const { runTime } = swarm.setup;
  const next = (): number => {
    const due = arrivals();
    return due < runTime ? due : Number.POSITIVE_INFINITY;
  };
  const admit = (index: number): Promise<void> =>
    new Promise((resolve) => {
      const user = swarm.user(index);
      swarm.admit(user, () => {
        waiting--;
        if (user.isIdle) free.push(user);
        resolve();
      });
    });
  const connectNext = async (queue: Iterator<number>): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !swarm.isOver; next = queue.next()) await admit(next.value);
  };
  const pacer = new Pacer({ now: swarm.now, next, fire, work: () => finished });
  return {
    begin: () => pacer.begin(),
    finish: () => pacer.end(runTime, fire),
    end: (elapsed) => pacer.end(elapsed, drop),
    free: (user) => {
      finished++;
      free.push(user);
    },
    expectsUsers: () => waiting > 0,
    takeSlept: () => pacer.takeSlept(),
    connect: async (users, limit) => {
      waiting = users.length;
      const queue = users.values();
      const all = Promise.all(Array.from({ length: AT_ONCE }, () => connectNext(queue)));
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, limit);
      await Promise.race([all, promise]);
      clearTimeout(timer);
    },
  };
};
