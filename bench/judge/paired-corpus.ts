/** A pull request in paired mode: rounds of base and head, drawn until somebody has seen enough. */
import { type Figures, figuresOf } from "./figures.ts";
import { normal, type Words } from "./random.ts";
import { drawSegment, newHistogram, noise } from "./simulate.ts";
import { type Effect, NOTHING, type World } from "./worlds.ts";

const SECONDS = 20;

export type DrawnRound = { readonly first: "base" | "head"; readonly base: Figures; readonly head: Figures };

/** Draws one round after the other. Both arms belong to one deployment each, drawn once. */
export const pairedCase = (next: Words, world: World, effect: Effect): (() => DrawnRound) => {
  const deploy = () => ({
    shared: world.deployment.shared * normal(next),
    tail: world.deployment.tail * normal(next),
  });
  const deployed = { base: deploy(), head: deploy() };
  const own = { base: noise(next, world), head: noise(next, world) };
  let around = normal(next);
  let rounds = 0;
  return () => {
    // AB BA AB BA ...
    const first = rounds % 2 === 0 ? "base" : "head";
    rounds += 1;
    around = world.memory * around + Math.sqrt(1 - world.memory ** 2) * normal(next);
    const arm = (side: "base" | "head"): Figures => {
      // Half of the segments' memory stays with the arm: neighbours on its machines do not come and go in 20 s.
      const memory = world.memory / 2;
      own[side] = memory * own[side] + Math.sqrt(1 - memory ** 2) * noise(next, world);
      const second = first === side ? 0 : Math.log(1 + world.order);
      const shared =
        deployed[side].shared + world.segment.shared * around + 0.5 * world.segment.own * own[side] + second;
      const client = Math.sqrt(0.75) * world.segment.own * noise(next, world);
      const tail = deployed[side].tail + 2 * world.segment.own * normal(next);
      const ok = newHistogram();
      const level = { shared, client, tail };
      const segment = drawSegment(
        next,
        { world, effect: side === "head" ? effect : NOTHING, level, seconds: SECONDS },
        ok,
      );
      return figuresOf(ok, [segment], SECONDS);
    };
    const [one, other] = first === "base" ? (["base", "head"] as const) : (["head", "base"] as const);
    const drawn = { [one]: arm(one), [other]: arm(other) };
    const { base, head } = drawn;
    if (base === undefined || head === undefined) throw new Error("an arm was not drawn");
    return { first, base, head };
  };
};
