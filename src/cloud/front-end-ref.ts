import type { FunctionRef } from "./cloud.ts";
import { detectFrontEnd, FRONT_ENDS, type FrontEnd, frontEndAddress } from "./front-ends.ts";

/** What stands between client and handler, as CloudWatch names it. */
export type FrontEndRef = {
  readonly kind: FrontEnd;
  /** Name or id of the API, function, `app/name/id` of a load balancer, id of a distribution; `null` is not known. */
  readonly name: string | null;
  /** Stage of an API; `null` is all of them. */
  readonly stage: string | null;
  /** `false`: told by a header that others send as well, so that only its own count confirms it. */
  readonly sure: boolean;
};

/** Everything that may say what the front end is. */
export type FrontEndSigns = {
  readonly url: string;
  /** The `Host` that is sent instead of the URL's, `null` is the URL's. */
  readonly host: string | null;
  /** Headers of an answer of the target, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly functions: readonly FunctionRef[];
  /** What the user named, which overrules everything else. */
  readonly given: FrontEndRef | null;
};

/** The front end by what the user named, else by the host, else by the headers of an answer; `null` when none tells. */
export const findFrontEnd = (signs: FrontEndSigns): FrontEndRef | null => {
  const { given, functions } = signs;
  if (given !== null) return { ...given, name: given.name ?? ownName(given.kind, signs) };
  const url = frontEndAddress(signs.url, signs.host);
  const kind = detectFrontEnd(url, signs.headers);
  if (kind !== null) return { kind, name: ownName(kind, signs), stage: stageOf(kind, url), sure: true };
  // A REST API sends this header as well, but beside one of its own; so do services that a handler has called.
  const asked = "x-amzn-requestid" in signs.headers && functions.length > 0;
  return asked ? { kind: "function-url", name: ownName("function-url", signs), stage: null, sure: false } : null;
};

/** `rest-api:orders/prod`, `http-api:a1b2c3`, `function-url`; `null` for anything else. */
export const parseFrontEnd = (text: string): FrontEndRef | null => {
  const [, word = "", name = null, stage = null] = GIVEN.exec(text) ?? [];
  const kind = FRONT_ENDS.find((one) => one === word);
  return kind === undefined ? null : { kind, name, stage, sure: true };
};

/** The kinds whose name `front-end` can carry; a load balancer has an input of its own. */
const GIVEN = /^(rest-api|http-api|function-url|cloudfront|alb)(?::([^\s/]+)(?:\/([^\s/]+))?)?$/;

/** `arn:aws:elasticloadbalancing:...:loadbalancer/app/shop/50dc6c495c0c9188`, or its end, to `app/shop/50dc6c495c0c9188`. */
export const loadBalancerName = (text: string): string | null =>
  /^(?:arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/)?(app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16})$/.exec(
    text,
  )?.[1] ?? null;

/** What host and functions say by themselves: the id of an HTTP API, the only function of a function URL. */
const ownName = (kind: FrontEnd, signs: FrontEndSigns): string | null => {
  if (kind === "function-url") return signs.functions.length === 1 ? (signs.functions[0]?.name ?? null) : null;
  if (kind !== "http-api") return null;
  return /^([a-z0-9-]+)\.execute-api\./.exec(hostOf(frontEndAddress(signs.url, signs.host)))?.[1] ?? null;
};

/** A REST API has its stage as the first part of the path, unless a domain of its own maps it. */
const stageOf = (kind: FrontEnd, url: string): string | null => {
  if (kind !== "rest-api" || !/\.execute-api\./.test(hostOf(url))) return null;
  const stage = new URL(url).pathname.split("/")[1] ?? "";
  return stage === "" ? null : stage;
};

/** `shop` of `shop-1234567890.eu-west-1.elb.amazonaws.com`; `null` for other hosts. An internal one is `internal-shop-...`. */
export const balancerOfHost = ({ url, host }: Pick<FrontEndSigns, "url" | "host">): string | null =>
  /^(?:internal-)?(.+)-\d+\.[a-z0-9-]+\.elb\.amazonaws\.com(?:\.cn)?$/.exec(hostOf(frontEndAddress(url, host)))?.[1] ??
  null;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname.toLowerCase() : "");
