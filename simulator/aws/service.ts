/** One AWS service on its own port: faults, the record of its calls, errors in its own dialect. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EpochMs } from "../../src/units.ts";
import { now } from "../clock.ts";
import { type Answer, type Exchange, type LocalServer, serveLocally } from "../local-server.ts";
import type { Faults } from "./faults.ts";

export type AwsCall = {
  readonly atMs: EpochMs;
  readonly operation: string;
  readonly status: number;
  /** Whether the call was signed. */
  readonly signed: boolean;
  /** The region the call was signed for. */
  readonly region: string | null;
  /** What was asked: the body, or path and query, parsed. */
  readonly body: unknown;
};

export type AwsRequest = {
  readonly operation: string;
  readonly body: unknown;
  readonly region: string | null;
  readonly nowMs: EpochMs;
};

/** Becomes an error answer in the service's dialect. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

type Failure = { readonly status: number; readonly code: string };

/** How a service words its errors: the SDK finds the name in another place for each protocol. */
export type Dialect = {
  readonly denied: Failure;
  readonly expired: Failure;
  readonly throttled: Failure;
  readonly broken: string;
  readonly refuse: (failure: Failure & { readonly message: string }) => Answer;
};

export type Store<Settings> = {
  readonly settings: () => Settings;
  readonly configure: (change: Partial<Settings>) => void;
  /** True while a "next n calls" setting has some left; uses one up. */
  readonly spend: (key: keyof Settings) => boolean;
};

export type AwsService<Settings> = LocalServer &
  Store<Settings> & {
    readonly calls: () => readonly AwsCall[];
  };

export type ServiceOptions<Settings extends Faults> = {
  readonly defaults: Settings;
  readonly dialect: Dialect;
  /** Operation and content of a call. */
  readonly read: (exchange: Exchange) => { readonly operation: string; readonly body: unknown };
  /** Throws `ServiceError`. */
  readonly operate: (request: AwsRequest, store: Store<Settings>) => Answer;
};

export async function startAwsService<Settings extends Faults>(
  options: ServiceOptions<Settings>,
): Promise<AwsService<Settings>> {
  const { dialect } = options;
  const store = storeOf(options.defaults);
  const calls: AwsCall[] = [];

  const operate = (request: AwsRequest): Answer => {
    try {
      demandService(request.operation, dialect, store);
      return options.operate(request, store);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return dialect.refuse(error);
    }
  };

  const server = await serveLocally(async (exchange) => {
    const authorization = exchange.headers.authorization ?? "";
    const signed = authorization.startsWith("AWS4-HMAC-SHA256 ");
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? null;
    const { operation, body } = options.read(exchange);
    const answer = operate({ operation, body, region, nowMs: now() });
    calls.push({ atMs: now(), operation, status: answer.status, signed, region, body });
    const { slowMs } = store.settings();
    if (slowMs > 0) await sleep(slowMs);
    return answer;
  });
  return { ...server, ...store, calls: () => calls };
}

function storeOf<Settings>(defaults: Settings): Store<Settings> {
  let settings = defaults;
  return {
    settings: () => settings,
    configure: (change) => {
      settings = { ...settings, ...change };
    },
    spend: (key) => {
      const left = settings[key];
      if (typeof left !== "number" || left <= 0) return false;
      settings = { ...settings, [key]: left - 1 };
      return true;
    },
  };
}

function demandService<Settings extends Faults>(operation: string, dialect: Dialect, store: Store<Settings>): void {
  const { denied, deny, expired } = store.settings();
  const fail = ({ status, code }: Failure, message: string): never => {
    throw new ServiceError(status, code, message);
  };
  if (expired) fail(dialect.expired, "The security token included in the request is expired");
  if (denied || deny.includes(operation)) fail(dialect.denied, `User is not authorized to perform: ${operation}`);
  if (store.spend("throttleFirst")) fail(dialect.throttled, "Rate exceeded");
  if (store.spend("serverErrorFirst")) fail({ status: 500, code: dialect.broken }, "The request processing has failed");
}
