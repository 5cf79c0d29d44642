import type { Expectation } from "../cloud/expectation.ts";
import { countQuery } from "../cloud/front-end-metrics.ts";
import {
  balancerOfHost,
  type FrontEndRef,
  type FrontEndSigns,
  findFrontEnd,
  loadBalancerName,
} from "../cloud/front-end-ref.ts";
import { FRONT_END_NAMES, type FrontEnd } from "../cloud/front-ends.ts";
import { cloudWindow, type Span } from "../cloud/window.ts";
import type { CloudMetrics, MetricNames, Stacks } from "../ports.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type NameFrontEnd = {
  readonly signs: FrontEndSigns;
  readonly stackName: string | null;
  readonly span: Span;
  /** Requests that it must have counted. */
  readonly expected: Expectation;
  readonly ports: { readonly cloud: CloudMetrics & MetricNames; readonly stacks: Stacks };
  /** Ends each question. */
  readonly signal: AbortSignal;
};

export type NamedFrontEnd = {
  readonly ref: FrontEndRef | null;
  readonly notes: readonly string[];
  /** Metrics that had to be read to tell one name from another. */
  readonly metricsRequested: number;
};

/**
 * The front end and its name in CloudWatch. Where host and input do not say it, the stack does, or the only name that
 * counted as many requests as were sent; a name is never guessed. A front end without a name is one note.
 */
export const nameFrontEnd = async (options: NameFrontEnd): Promise<NamedFrontEnd> => {
  const ref = findFrontEnd(options.signs);
  if (ref === null || ref.name !== null) return { ref, notes: [], metricsRequested: 0 };
  const stacked = await nameInStack(ref.kind, options);
  if (stacked !== null) return { ref: { ...ref, name: stacked }, notes: [], metricsRequested: 0 };
  const listed = await nameInList(ref, options);
  const notes = listed.name === null && ref.sure ? [`${listed.reason ?? ""} ${noName(ref.kind)}`.trim()] : [];
  return { ref: { ...ref, name: listed.name }, notes, metricsRequested: listed.metricsRequested };
};

const noName = (kind: FrontEnd): string =>
  `The ${FRONT_END_NAMES[kind]}'s own times and counts are not known: nothing says under which name CloudWatch has them; ${MEND[kind]} does.`;

const MEND: Readonly<Record<FrontEnd, string>> = {
  "rest-api": "front-end: rest-api:NAME/STAGE",
  "http-api": "front-end: http-api:ID",
  "function-url": "front-end: function-url:FUNCTION",
  alb: "load-balancer: app/NAME/ID",
  "alb-ecs": "load-balancer: app/NAME/ID",
  cloudfront: "front-end: cloudfront:DISTRIBUTION",
};

/** Resources whose physical id is the name. That of a REST API is its id, and CloudWatch wants its name. */
const STACKED: Readonly<Partial<Record<FrontEnd, string>>> = {
  "http-api": "AWS::ApiGatewayV2::Api",
  alb: "AWS::ElasticLoadBalancingV2::LoadBalancer",
  "alb-ecs": "AWS::ElasticLoadBalancingV2::LoadBalancer",
  cloudfront: "AWS::CloudFront::Distribution",
};

const nameInStack = async (kind: FrontEnd, { stackName, ports, signal }: NameFrontEnd): Promise<string | null> => {
  const type = STACKED[kind];
  if (stackName === null || type === undefined) return null;
  const read = await unlessAborted(ports.stacks.resources(stackName), signal);
  if (read?.kind !== "value") return null;
  const [only, ...others] = read.value.filter((one) => one.type === type);
  if (only === undefined || others.length > 0) return null;
  return isBalancer(kind) ? loadBalancerName(only.physicalId) : only.physicalId;
};

const isBalancer = (kind: FrontEnd): boolean => kind === "alb" || kind === "alb-ecs";

type Listed = { readonly name: string | null; readonly reason: string | null; readonly metricsRequested: number };
const nothing: Listed = { name: null, reason: null, metricsRequested: 0 };

/** Where a front end's names can be listed: namespace, metric, and the dimension that is the name. */
const LISTED: Readonly<Partial<Record<FrontEnd, readonly [namespace: string, metric: string, dimension: string]>>> = {
  "rest-api": ["AWS/ApiGateway", "Count", "ApiName"],
  "http-api": ["AWS/ApiGateway", "Count", "ApiId"],
  alb: ["AWS/ApplicationELB", "RequestCount", "LoadBalancer"],
  "alb-ecs": ["AWS/ApplicationELB", "RequestCount", "LoadBalancer"],
};

/** More candidates than these cost more reads than the answer is worth. */
const MOST_CANDIDATES = 25;

const nameInList = async (ref: FrontEndRef, options: NameFrontEnd): Promise<Listed> => {
  const where = LISTED[ref.kind];
  if (where === undefined) return nothing;
  const [namespace, metric, dimension] = where;
  const read = await options.ports.cloud.list(namespace, metric, options.signal);
  if (read.kind !== "value") return { ...nothing, reason: read.kind === "absent" ? null : read.reason };
  const balancer = isBalancer(ref.kind) ? balancerOfHost(options.signs) : null;
  const names = [...new Set(read.value.map((set) => set[dimension] ?? ""))].filter(
    (name) => name !== "" && (balancer === null || name.startsWith(`app/${balancer}/`)),
  );
  if (names.length === 0 || names.length > MOST_CANDIDATES) return nothing;
  return await nameByCount(ref, names, options);
};

/** Names of APIs are not unique, and another one may have been as busy: only one may have counted what was sent. */
const nameByCount = async (ref: FrontEndRef, names: readonly string[], options: NameFrontEnd): Promise<Listed> => {
  const { expected, span, ports, signal } = options;
  const window = cloudWindow(span.start, span.end);
  const answer = await ports.cloud.query(
    names.map((name, i) => countQuery({ ...ref, name }, `name${i}`)),
    window,
    signal,
  );
  const asked = { ...nothing, metricsRequested: names.length };
  if (answer.kind !== "values") return { ...asked, reason: answer.reason };
  const fitting = names.filter((_, i) => {
    const count = answer.values[`name${i}`] ?? null;
    return count !== null && count >= LEAST * expected.atLeast && count <= MOST * expected.atMost + SLACK;
  });
  const [only, ...others] = fitting;
  return only === undefined || others.length > 0 ? asked : { ...asked, name: only };
};

/** What a count may lack because it is still coming in, and what may be foreign (SPEC 12.2). */
const LEAST = 0.9;
const MOST = 1.02;
const SLACK = 20;
