import { containersOfRun, frontEndName } from "../record/insights.ts";
import type { RunRecord } from "../record/record.ts";
import { clip } from "./escape.ts";
import { countOf, formatCount, formatFigure, formatMs, formatShare } from "./format.ts";
import type { Column, Section } from "./report.ts";

const LONGEST_NAME = 100;

type Facts = NonNullable<NonNullable<RunRecord["cloud"]>["facts"]>;
type FrontEndFacts = NonNullable<Facts["frontEnd"]>;
type ContainerFacts = NonNullable<Facts["containers"]>;

/** What CloudWatch says of the front end by its own metrics; `null` where it was not asked or had nothing. */
export const frontEndSection = ({ cloud }: RunRecord): Section | null => {
  const facts = cloud?.facts?.frontEnd ?? null;
  if (facts === null || facts.count === null) return null;
  const row = [
    clip(facts.name ?? "-", LONGEST_NAME),
    formatCount(facts.count),
    ...[facts.latencyMs?.average, facts.latencyMs?.p95].map(ms),
    ...[facts.integrationLatencyMs?.average, facts.integrationLatencyMs?.p95].map(ms),
    countOrDash(facts.clientErrors),
    serverErrors(facts),
    ...(facts.cacheHits === null ? [] : [formatCount(facts.cacheHits)]),
  ];
  const titles = ["requests", "Latency average", "Latency p95", "behind it average", "behind it p95", "4xx", "5xx"];
  const columns = [...titles, ...(facts.cacheHits === null ? [] : ["from its cache"])].map(number);
  return {
    id: "front-end",
    chart: null,
    title: `Front end: ${frontEndName(facts.kind)}`,
    lines: [],
    table: { columns: [name("name"), ...columns], rows: [row] },
  };
};

/** Of 5xx those that the front end made itself, where AWS tells them apart. */
const serverErrors = ({ serverErrors: all, ownServerErrors: own }: FrontEndFacts): string =>
  all === null ? "-" : `${formatCount(all)}${own === null || own === 0 ? "" : `, ${formatCount(own)} its own`}`;

/** The tasks behind a load balancer: how busy they were, and how many the rate needs. */
export const containerSection = (
  record: RunRecord,
  rate: { readonly perSecond: number; readonly text: string },
): Section | null => {
  const found = containersOfRun(record, rate.perSecond);
  if (found === null) return null;
  const { facts, need } = found;
  const perRequest = need.taskMsPerRequest;
  const tasks =
    need.tasks === null || perRequest === null
      ? []
      : [
          `${countOf(need.tasks, "task")} needed at ${rate.text}: a request keeps a whole task busy for ${formatMs(perRequest)}, and a task is filled to 70 %`,
        ];
  const perVcpu =
    need.ratePerVcpu === null ? [] : [`${formatFigure(need.ratePerVcpu)} requests/s per vCPU in this run`];
  return {
    id: "containers",
    chart: null,
    title: `Containers: ${clip(`${facts.cluster}/${facts.service}`, LONGEST_NAME)}`,
    lines: [...tasks, ...perVcpu],
    table: {
      columns: ["tasks", "vCPU of a task", "CPU average", "CPU max", "memory average", "memory max"].map(number),
      rows: [containerRow(facts)],
    },
  };
};

const containerRow = ({ tasks, taskVcpu, cpu, memory }: ContainerFacts): readonly string[] => [
  ...[tasks, taskVcpu].map((value) => (value === null ? "-" : formatFigure(value))),
  ...[cpu.average, cpu.max, memory.average, memory.max].map((share) =>
    share === null ? "-" : formatShare(Math.round(share * 1000) / 1000),
  ),
];

const ms = (value: number | null | undefined): string =>
  value === null || value === undefined ? "-" : formatMs(value);
const countOrDash = (count: number | null): string => (count === null ? "-" : formatCount(count));
const number = (title: string): Column => ({ title, kind: "number" });
const name = (title: string): Column => ({ title, kind: "name" });
