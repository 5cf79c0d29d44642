/** A regression that somebody with the right to do so accepted, as an evaluation stores it and as the history keeps it. */
import type { Parsed } from "../errors.ts";
import { type DocumentKind, parseDocument } from "./document.ts";
import { amount, count, mapOf, object, oneOf, orNull, type Reader, text } from "./reader.ts";
import { identifier } from "./run-readers.ts";

export const ACCEPT_SCHEMA = "swarmgate.accept/v1";

/** What was measured when it was accepted, in the metric's unit; `base` is `null` under a purely absolute limit. */
export type AcceptedSize = { readonly base: number | null; readonly head: number };

export type Acceptance = {
  /** Who wrote the lines. */
  readonly by: string;
  readonly reason: string;
  readonly pullRequest: number;
  /** Head commit of the pull request. */
  readonly sha: string;
  /** Size by metric id. */
  readonly metrics: Readonly<Record<string, AcceptedSize>>;
};

export type AcceptDocument = { readonly schema: typeof ACCEPT_SCHEMA; readonly acceptance: Acceptance };

/** Reads an `accept.json` that may come from anywhere: bounded, strict, nothing thrown. */
export const parseAcceptance = (input: string): Parsed<AcceptDocument> => parseDocument(input, ACCEPT);

const MOST_METRICS = 1_000;

export const acceptance: Reader<Acceptance> = object<Acceptance>({
  by: text(300),
  reason: text(2_000),
  pullRequest: count,
  sha: identifier,
  metrics: mapOf(object<AcceptedSize>({ base: orNull(amount), head: amount }), MOST_METRICS),
});

const ACCEPT: DocumentKind<AcceptDocument> = {
  what: "acceptance",
  schema: ACCEPT_SCHEMA,
  read: object<AcceptDocument>({ schema: oneOf(ACCEPT_SCHEMA), acceptance }),
};

/** How much more than what was accepted is still covered: a second measurement of the same change differs a little. */
const SLACK = 1.25;

/** Whether a measured step is covered by the accepted one: at most a quarter larger. */
export const isWithin = (
  accepted: AcceptedSize,
  measured: AcceptedSize,
  { unit, worse }: { readonly unit: string; readonly worse: "up" | "down" },
): boolean => {
  const sign = worse === "up" ? 1 : -1;
  const [a, b] = [accepted.base, measured.base];
  if (a === null || b === null)
    return sign * measured.head <= sign * accepted.head * (worse === "up" ? SLACK : 1 / SLACK);
  if (unit === "share" || a === 0 || b === 0) return sign * (measured.head - b) <= SLACK * sign * (accepted.head - a);
  return sign * (measured.head / b - 1) <= SLACK * sign * (accepted.head / a - 1);
};
