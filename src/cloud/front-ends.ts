/** What stands between client and handler, how it is recognised, and what it cannot exceed. */
export const FRONT_ENDS = ["rest-api", "http-api", "function-url", "alb", "alb-ecs", "cloudfront"] as const;
export type FrontEnd = (typeof FRONT_ENDS)[number];

export const FRONT_END_NAMES: Readonly<Record<FrontEnd, string>> = {
  "rest-api": "REST API",
  "http-api": "HTTP API",
  "function-url": "function URL",
  alb: "load balancer",
  "alb-ecs": "load balancer before ECS",
  cloudfront: "CloudFront",
};

/** Hosts and headers by which a front end shows itself; a host wins over a header, then the first row that holds. */
const MARKS: readonly {
  readonly frontEnd: FrontEnd;
  readonly host?: RegExp;
  readonly header?: readonly [name: string, value: RegExp];
}[] = [
  { frontEnd: "function-url", host: /\.lambda-url\.[a-z0-9-]+\.on\.aws$/ },
  { frontEnd: "cloudfront", host: /\.cloudfront\.net$/ },
  { frontEnd: "alb", host: /\.elb\.amazonaws\.com(?:\.cn)?$/ },
  { frontEnd: "cloudfront", header: ["x-amz-cf-id", /./] },
  { frontEnd: "rest-api", header: ["x-amz-apigw-id", /./] },
  { frontEnd: "http-api", header: ["apigw-requestid", /./] },
  { frontEnd: "alb", header: ["server", /^awselb\//] },
];

const EXECUTE_API = /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/**
 * The front end of a target, by its host, else by the headers of its answers; `null` when neither says (a custom domain).
 * An execute-api host serves both kinds of API: REST APIs have their stage as the first part of the path, HTTP APIs
 * usually answer at the root; the headers decide where they are known.
 */
export const detectFrontEnd = (url: string, headers: Readonly<Record<string, string>> = {}): FrontEnd | null => {
  const target = URL.canParse(url) ? new URL(url) : null;
  const host = target?.hostname.toLowerCase() ?? "";
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const shows = ({ header }: (typeof MARKS)[number]): boolean =>
    header !== undefined && named.has(header[0]) && header[1].test(named.get(header[0]) ?? "");
  const byHost = MARKS.find((mark) => mark.host?.test(host) === true);
  if (byHost !== undefined) return byHost.frontEnd;
  // An edge-optimised REST API answers through CloudFront, whose headers then say nothing.
  const isApi = EXECUTE_API.test(host);
  const byHeader = MARKS.find((mark) => shows(mark) && (!isApi || APIS.has(mark.frontEnd)));
  if (byHeader !== undefined || !isApi) return byHeader?.frontEnd ?? null;
  return target?.pathname === "/" ? "http-api" : "rest-api";
};

const APIS: ReadonlySet<FrontEnd> = new Set(["rest-api", "http-api"]);

/**
 * The URL that tells the front end of a target: its own where that is an AWS name, else, where the Host header that is sent
 * is one, the same path at that host: an emulator or a tunnel stands at an address of its own.
 */
export const frontEndAddress = (url: string, host: string | null): string => {
  if (host === null || !URL.canParse(url) || isAwsHost(url)) return url;
  const address = `https://${host}${new URL(url).pathname}`;
  return URL.canParse(address) && isAwsHost(address) ? address : url;
};

/** The Host header that headers set, `null` without one. */
export const hostHeader = (headers: Readonly<Record<string, string>>): string | null =>
  Object.entries(headers).find(([name]) => name.toLowerCase() === "host")?.[1] ?? null;

/** The front end by URL and headers that are sent; `null` where neither is an AWS name. */
export const addressedFrontEnd = (url: string, sent: Readonly<Record<string, string>>): FrontEnd | null =>
  detectFrontEnd(frontEndAddress(url, hostHeader(sent)));

const isAwsHost = (url: string): boolean => {
  const host = new URL(url).hostname.toLowerCase();
  return EXECUTE_API.test(host) || MARKS.some((mark) => mark.host?.test(host) === true);
};

/** What a front end itself does not exceed, whatever Lambda can do. `null`: no such limit, or not known. */
export type FrontEndLimits = {
  /** Longest wait for the function, milliseconds. */
  readonly timeoutMs: number | null;
  /** Whether the owner may raise it. */
  readonly timeoutAdjustable: boolean;
  /** Bytes of a request or answer. */
  readonly payloadBytes: number;
  /** Requests per second and burst of the account and region by default. */
  readonly throttle: { readonly rate: number; readonly burst: number } | null;
};

const MIB = 1024 * 1024;
const GATEWAY_THROTTLE = { rate: 10_000, burst: 5_000 };

/**
 * Sources: quotas pages of API Gateway, Lambda and Elastic Load Balancing, and reference/aws-semantics.md sections 3, 4
 * and 6. The front end's own limit and Lambda's 6 MB for synchronous calls: the smaller one counts.
 */
export const FRONT_END_LIMITS: Readonly<Record<FrontEnd, FrontEndLimits>> = {
  "rest-api": { timeoutMs: 29_000, timeoutAdjustable: true, payloadBytes: 6 * MIB, throttle: GATEWAY_THROTTLE },
  "http-api": { timeoutMs: 30_000, timeoutAdjustable: false, payloadBytes: 6 * MIB, throttle: GATEWAY_THROTTLE },
  "function-url": { timeoutMs: null, timeoutAdjustable: false, payloadBytes: 6 * MIB, throttle: null },
  alb: { timeoutMs: 60_000, timeoutAdjustable: true, payloadBytes: MIB, throttle: null },
  "alb-ecs": { timeoutMs: 60_000, timeoutAdjustable: true, payloadBytes: Number.POSITIVE_INFINITY, throttle: null },
  cloudfront: { timeoutMs: 30_000, timeoutAdjustable: true, payloadBytes: 20 * MIB, throttle: null },
};

/** Regions with the lower API Gateway throttle of 2,500 requests per second and a burst of 1,250 (quotas page, 2025). */
const SMALL_GATEWAY_REGIONS: ReadonlySet<string> = new Set([
  "af-south-1",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "mx-central-1",
]);

/** Default throttle of a front end in a region; `null` where it has none. */
export const defaultThrottle = (frontEnd: FrontEnd, region: string | null): FrontEndLimits["throttle"] => {
  const { throttle } = FRONT_END_LIMITS[frontEnd];
  if (throttle === null || region === null || !SMALL_GATEWAY_REGIONS.has(region)) return throttle;
  return { rate: throttle.rate / 4, burst: throttle.burst / 4 };
};
