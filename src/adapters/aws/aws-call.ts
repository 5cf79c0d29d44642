import type { AwsRead } from "../../cloud/aws-read.ts";
import { awsFailure, type Called } from "./sdk-failure.ts";

export type AwsOptions = {
  /** `null` leaves it to the SDK: `AWS_REGION`, then the profile. */
  readonly region: string | null;
  /** One call with all its pages and retries, in milliseconds. */
  readonly callTimeout?: number;
};

const CALL_TIMEOUT = 20_000;
const CONNECT_TIMEOUT = 5_000;

/** Calls are seconds apart, so a kept connection gains nothing and would only hold the process open. */
export const clientSettings = (region: string | null) => {
  const agent = { keepAlive: false, proxyEnv: process.env };
  return {
    ...(region === null ? {} : { region }),
    maxAttempts: 4,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT, httpAgent: agent, httpsAgent: agent },
  };
};

/** One question to a service, with the names of the errors that say "there is no such thing". */
export type Question<T> = Called & {
  readonly absent?: (error: { readonly name: string; readonly message: string }) => boolean;
  readonly timeout?: number | undefined;
  /** Of whoever asks, beside the time allowed. */
  readonly signal?: AbortSignal | undefined;
  readonly ask: (signal: AbortSignal) => Promise<T>;
};

/** Asks within the time allowed; never throws for what AWS does or does not answer. */
export const awsRead = async <T>({
  ask,
  absent,
  timeout = CALL_TIMEOUT,
  signal: asker,
  ...called
}: Question<T>): Promise<AwsRead<T>> => {
  const signal = allowed(timeout, asker);
  try {
    return { kind: "value", value: await beforeAbort(ask(signal), signal) };
  } catch (error) {
    if (signal.aborted)
      return {
        kind: "unavailable",
        reason: `${called.service} did not answer ${called.action} ${tooLate(timeout, asker)}.`,
      };
    if (absent !== undefined && error instanceof Error && absent(error)) return { kind: "absent" };
    const failure = awsFailure(error, called);
    return failure.kind === "denied" ? failure : { ...failure, reason: `${called.action} failed: ${failure.reason}` };
  }
};

/** Aborts when the time is over or when whoever asks has had enough. */
export const allowed = (timeout: number, asker: AbortSignal | undefined): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(timeout), ...(asker === undefined ? [] : [asker])]);

/** Which of the two it was, for the sentence. */
export const tooLate = (timeout: number, asker: AbortSignal | undefined): string =>
  asker?.aborted === true ? "in time" : `within ${timeout / 1000} s`;

/** The SDK's `abortSignal` ends a call, but not the search for credentials before it. */
export const beforeAbort = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error("timed out"));
  signal.addEventListener("abort", stop, { once: true });
  // Whoever asks may have aborted before, and an event that is over is not heard.
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
};
