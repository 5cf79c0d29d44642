import fc from "fast-check";
import { expect, test } from "vitest";
import { userProfile } from "../../src/load/model.ts";
import { levelAt, profileLength } from "../../src/load/profile.ts";
import { planAsChanged, profileFrom } from "../../src/load/retarget.ts";
import { userChanges } from "../../src/load/user-changes.ts";
import { perSecond, seconds } from "../../src/units.ts";

const RUN_TIME = 60;
const plan = fc
  .record({ users: fc.integer({ min: 1, max: 40 }), spawnRate: fc.integer({ min: 1, max: 20 }).map(perSecond) })
  .map((load) => ({ ...load, rate: null, stages: null, runTime: seconds(RUN_TIME) }));
const changes = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: (RUN_TIME - 1) * 10 }).map((tenths) => seconds(tenths / 10)),
      users: fc.integer({ min: 1, max: 40 }),
      spawnRate: fc.integer({ min: 1, max: 20 }).map(perSecond),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.toSorted((a, b) => a.at - b.at));

test("a load that was changed goes on from the level it had, straight to the users asked for, to its end", () => {
  fc.assert(
    fc.property(plan, changes, (load, list) => {
      const before = userProfile(planAsChanged(load, list.slice(0, -1)));
      const after = userProfile(planAsChanged(load, list));
      const [last] = list.slice(-1);
      if (last === undefined) return;
      const level = levelAt(before, last.at);
      const rate = last.spawnRate;
      for (let time = 0; time < RUN_TIME; time += 0.37) {
        const gone = time - last.at;
        const wanted =
          gone < 0
            ? levelAt(before, seconds(time))
            : level + Math.sign(last.users - level) * Math.min(Math.abs(last.users - level), gone * rate);
        expect(levelAt(after, seconds(time))).toBeCloseTo(wanted, 6);
      }
      expect(profileLength(after)).toBeGreaterThanOrEqual(RUN_TIME - 1e-6);
    }),
  );
});

test("users that come and go from a change on, dealt out to workers, are those that the changed profile asks for", () => {
  fc.assert(
    fc.property(plan, changes, fc.integer({ min: 1, max: 4 }), (load, list, count) => {
      const running = new Set<number>();
      const at = list[0]?.at ?? seconds(0);
      const rest = profileFrom(userProfile(planAsChanged(load, list.slice(0, 1))), at);
      for (let index = 0; index < count; index++) {
        const own = [...userChanges(userProfile(load), { index, count })].filter((change) => change.at <= at * 1000);
        const since = { start: at, running: own.length };
        for (const { kind, user } of [...own, ...userChanges(rest, { index, count }, since)]) {
          // Nobody comes who is there, and nobody goes who is not.
          expect([user, running.has(user)]).toEqual([user, kind === "stop"]);
          if (kind === "start") running.add(user);
          else running.delete(user);
        }
      }
      // A ramp that the end cuts off gets no further than the profile does, which is drawn to the ramp's end.
      expect(running.size).toBe(list[0]?.users);
    }),
  );
});
