import type { LoadPlan } from "../plan.ts";
import type { Recorder, Sample } from "./recorder.ts";
import type { RequestSigning } from "./signing/request-signing.ts";
import type { Connection } from "./transport.ts";
import type { User } from "./user.ts";
import type { Work } from "./work.ts";

/** What all users of a swarm share. */
export type UserContext = {
  readonly plan: LoadPlan;
  readonly work: Work;
  readonly recorder: Recorder;
  /** Written over by every request that ends. */
  readonly sample: Sample;
  /** A connection of the user's own: to the target, or to the origin that a step or a redirect names. */
  readonly connect: (origin: string | null) => Connection;
  /** Signs what goes to the target; `null` when nothing is signed. */
  readonly signing: RequestSigning | null;
  /** Milliseconds since the swarm's start. */
  readonly now: () => number;
  /** Open model: tasks are given to users, which do not wait. */
  readonly open: boolean;
  /** Each user sends the first request of one task and leaves. */
  readonly once: boolean;
  /** Takes one start that is due at a time of the swarm; false when nothing may be started any more, a teardown may still. */
  readonly takeStart: (due: number, teardown: boolean) => boolean;
  /** Open model: the user has done its task. */
  readonly onFree: (user: User) => void;
  /** The user has left, with all its connections closed. */
  readonly onGone: (user: User) => void;
};
