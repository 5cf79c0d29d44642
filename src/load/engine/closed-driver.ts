import type { UserChange } from "../user-changes.ts";
import type { Driver, Swarm } from "./swarm.ts";

/**
 * The closed model: users come and go by the plan, each at its own time, and run by themselves. `changes` are those of
 * this thread, in order. With `revisits` users may come although all have gone.
 */
export const closedDriver =
  (changes: Iterator<UserChange, void>, { revisits }: { readonly revisits: boolean }) =>
  (swarm: Swarm): Driver => {
    let timer: NodeJS.Timeout | null = null;
    let next = changes.next();
    const apply = ({ kind, user: index, at }: UserChange): void => {
      const user = swarm.user(index);
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
    };
  };
