import type { Seconds } from "../../units.ts";
import type { Profile } from "../profile.ts";
import type { Share } from "../shard.ts";
import type { UserChange } from "../user-changes.ts";
import { userChanges } from "../user-changes.ts";
import type { Driver, Swarm } from "./swarm.ts";

export type ClosedDriver = Driver & {
  /** From that second on users come and go by another profile, which begins there. */
  readonly changeUsers: (profile: Profile, at: Seconds) => void;
};

/**
 * The closed model: users come and go by the profile, each at its own time, and run by themselves; `share` says which of
 * them are this thread's. With `revisits` users may come although all have gone.
 */
export const closedDriver =
  (profile: Profile, share: Share, { revisits }: { readonly revisits: boolean }) =>
  (swarm: Swarm): ClosedDriver => {
    let timer: NodeJS.Timeout | null = null;
    let running = 0;
    let changes = userChanges(profile, share);
    let next = changes.next();
    const apply = ({ kind, user: index, at }: UserChange): void => {
      const user = swarm.user(index);
      running += kind === "start" ? 1 : -1;
      if (kind === "stop") user.leave();
      else swarm.enter(user, at);
    };
    const applyDue = (): void => {
      timer = null;
      while (next.done !== true && !swarm.isOver) {
        const { at } = next.value;
        const now = swarm.now();
        if (at >= swarm.setup.runTime) return;
        if (now < at) {
          timer = setTimeout(applyDue, Math.ceil(at - now));
          return;
        }
        const change = next.value;
        next = changes.next();
        apply(change);
      }
    };
    return {
      begin: () => {
        timer = setTimeout(applyDue, Math.max(0, -swarm.now()));
      },
      finish: () => {},
      end: () => {
        if (timer !== null) clearTimeout(timer);
      },
      free: () => {},
      expectsUsers: () => revisits || next.done !== true,
      changeUsers: (other, at) => {
        if (swarm.isOver) return;
        if (timer !== null) clearTimeout(timer);
        changes = userChanges(other, share, { start: at, running });
        next = changes.next();
        applyDue();
      },
    };
  };
