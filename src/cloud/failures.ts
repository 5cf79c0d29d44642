/** Why requests failed: the front end's answer is a suspicion, AWS's counts confirm or refute it (SPEC 5.6). */
import type { AnswerSigns } from "../load/answer-signs.ts";
import type { OutcomeClass, OutcomeCounts } from "../load/outcome.ts";
import type { FailureExample } from "../load/result.ts";
import type { CloudResult } from "./cloud.ts";
import {
  type Besides,
  type Certainty,
  type Evidence,
  evidenceOf,
  isHandlersOwn,
  judgeSituation,
} from "./failure-evidence.ts";
import { type AnswerRow, isMoreTelling, SITUATION_TEXT, type Situation, situationsOf } from "./front-end-answers.ts";
import { FRONT_END_NAMES, type FrontEnd } from "./front-ends.ts";

/** An example as the engine keeps it; headers where they were kept. */
export type ExampleAnswer = FailureExample & { readonly headers?: Readonly<Record<string, string>> };

export type FailureInput = {
  /** `null`: not known, and then every front end's habits are considered. */
  readonly frontEnd: FrontEnd | null;
  readonly outcomes: OutcomeCounts;
  /** First examples per class, of all tasks. */
  readonly examples: Readonly<Partial<Record<OutcomeClass, readonly ExampleAnswer[]>>>;
  readonly cloud: CloudResult | null;
  readonly besides: Besides;
  /** Requests per status where they were counted; else they are estimated from the examples. */
  readonly statuses?: Readonly<Record<string, number>>;
  readonly signs?: AnswerSigns;
};

/** One cause of failures. Without a situation the front end's table does not know the answer. */
export type Explanation = {
  readonly situation: Situation | "handler-answer" | "cached" | "unknown";
  readonly certainty: Certainty;
  /** Requests that it explains, estimated; `null` where only their existence is known. */
  readonly requests: number | null;
  readonly text: string;
};

/** Classes that are an answer of somebody's. */
const ANSWERED: readonly OutcomeClass[] = ["throttled", "client-error", "server-error"];

/** What the failures were, the surest and the most frequent first; empty when nothing failed and nothing was cached. */
export const explainFailures = (input: FailureInput): readonly Explanation[] => {
  const evidence = evidenceOf(input);
  const groups = groupsOf(input);
  const found = groups.flatMap((group) => explainGroup(group, input.frontEnd, evidence));
  return [...cached(input), ...merged(found)].toSorted(
    (a, b) => RANK[a.certainty] - RANK[b.certainty] || (b.requests ?? 0) - (a.requests ?? 0),
  );
};

const RANK: Readonly<Record<Certainty, number>> = { confirmed: 0, suspected: 1, refuted: 2 };

type Group = { readonly example: ExampleAnswer; readonly status: number; readonly requests: number };

/** One group per status of a class, with its share of the requests. */
const groupsOf = ({ outcomes, examples, statuses }: FailureInput): readonly Group[] =>
  ANSWERED.flatMap((name) => {
    const known = (examples[name] ?? []).filter(hasStatus);
    const kinds = [...new Set(known.map(kindOf))];
    return kinds.flatMap((kind) => {
      const same = known.filter((one) => kindOf(one) === kind);
      const [example] = same;
      if (example === undefined || outcomes[name] === 0) return [];
      const counted = kinds.filter((other) => other.startsWith(`${example.status} `)).length === 1;
      const exact = counted ? statuses?.[String(example.status)] : undefined;
      const requests = exact ?? Math.round((outcomes[name] * same.length) / known.length);
      return [{ example, status: example.status, requests }];
    });
  });

const hasStatus = (example: ExampleAnswer): example is ExampleAnswer & { readonly status: number } =>
  example.status !== null;

/** Request ids differ from answer to answer; the words do not. */
const kindOf = ({ status, text }: ExampleAnswer): string =>
  `${status} ${text
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .slice(0, 60)}`;

const explainGroup = (group: Group, frontEnd: FrontEnd | null, evidence: Evidence): readonly Explanation[] => {
  const { example, status } = group;
  const fitting = evidenceFor(status, evidence);
  const rows = situationsOf(frontEnd, { ...example, status });
  const judged = uniqueRows(rows).map((row) => ({ row, ...judgeSituation(row, group.requests, fitting) }));
  const confirmed = judged.filter(({ certainty }) => certainty === "confirmed");
  const open = judged.filter(({ certainty }) => certainty === "suspected");
  if (confirmed.length > 0) return mostTelling(confirmed, example).map((one) => told(one, group, frontEnd));
  if (open.length === 0 && isHandlersOwn(fitting, group.requests))
    return [
      handlerAnswer(group, fitting),
      ...judged.filter(({ row }) => isThrottle(row)).map((one) => told(one, group, frontEnd)),
    ];
  const [likeliest] = open;
  if (likeliest !== undefined) return [told(likeliest, group, frontEnd)];
  return judged.length > 0 ? judged.slice(0, 1).map((one) => told(one, group, frontEnd)) : [unknown(group)];
};

/**
 * One figure proves one thing: of the rows that it confirms the one whose words were in the answer, or, where no words tell
 * them apart, the first one as a suspicion.
 */
const mostTelling = <T extends { readonly row: AnswerRow; readonly certainty: Certainty }>(
  confirmed: readonly T[],
  example: ExampleAnswer,
): readonly T[] =>
  [...Map.groupBy(confirmed, ({ row }) => row.witness).values()].flatMap((same) => {
    const [first, second] = same;
    if (first === undefined || second === undefined) return same;
    const shown = example.text.trim() !== "" && isMoreTelling(first.row, second.row);
    return [shown ? first : { ...first, certainty: "suspected" as const }];
  });

/** A load balancer tells its own answers from its targets' for 5xx only. */
const evidenceFor = (status: number, evidence: Evidence): Evidence =>
  evidence.counter === "Lambda" || status >= SERVER_ERROR ? evidence : { ...evidence, notCounted: null };

const SERVER_ERROR = 500;

const isThrottle = ({ situation }: AnswerRow): boolean => situation === "lambda-throttled";

/** Of several front ends with the same habit one row is enough. */
const uniqueRows = (rows: readonly AnswerRow[]): readonly AnswerRow[] =>
  rows.filter((one, i) => rows.findIndex((other) => other.situation === one.situation) === i);

type Judged = {
  readonly row: AnswerRow;
  readonly certainty: Certainty;
  readonly requests: number | null;
  readonly because: string;
};

const told = ({ row, certainty, requests, because }: Judged, group: Group, frontEnd: FrontEnd | null): Explanation => {
  const who = `${group.status}${frontEnd === null ? "" : ` from the ${FRONT_END_NAMES[frontEnd]}`}`;
  const meaning = SITUATION_TEXT[row.situation];
  const sentence = {
    confirmed: `${who}: ${meaning} (${because})`,
    suspected: `${who}: perhaps ${meaning}; ${because}`,
    refuted: `${who}: not that ${meaning}; ${because}`,
  }[certainty];
  return { situation: row.situation, certainty, requests: certainty === "refuted" ? null : requests, text: sentence };
};

const handlerAnswer = ({ status, requests }: Group, { counter }: Evidence): Explanation => ({
  situation: "handler-answer",
  certainty: "confirmed",
  requests,
  text:
    counter === "Lambda"
      ? `${status}: the handler's own answer (Lambda counted every request and no error)`
      : `${status}: the container's own answer (the load balancer made none itself)`,
});

const unknown = ({ status, requests }: Group): Explanation => ({
  situation: "unknown",
  certainty: "suspected",
  requests,
  text: `${status}: no answer that this front end is known to give`,
});

/** By the headers of a sample of the answers, else by what the front end counted itself. */
const cached = ({ signs, outcomes, cloud }: FailureInput): readonly Explanation[] => {
  const before = cloud?.facts?.frontEnd ?? null;
  const seen = signs?.seen ?? before?.count ?? 0;
  const hits = signs === undefined ? (before?.cacheHits ?? 0) : Math.max(signs.cacheHits, signs.aged);
  if (hits === 0 || seen === 0) return [];
  const share = ((100 * hits) / seen).toFixed(hits < seen / 100 ? 2 : 0);
  return [
    {
      situation: "cached",
      certainty: "confirmed",
      requests: Math.round((outcomes.ok * hits) / seen),
      text: `a cache gave ${share} % of the answers (${signs === undefined ? "by its own count" : "x-cache, age"}): they did not test Lambda`,
    },
  ];
};

/** Several kinds of answers may have one cause: said once, with the requests together. */
const merged = (all: readonly Explanation[]): readonly Explanation[] =>
  all.flatMap((one, i) => {
    const same = all.filter(
      (other) => other.situation === one.situation && other.certainty === one.certainty && other.text === one.text,
    );
    if (all.indexOf(same[0] ?? one) !== i) return [];
    const requests = same.map((other) => other.requests).filter((count) => count !== null);
    return [{ ...one, requests: requests.length === 0 ? null : requests.reduce((sum, count) => sum + count, 0) }];
  });
