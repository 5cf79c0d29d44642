/**
 * Branded units and the only conversions between them. A bare `number` in a signature is a count or a ratio; anything
 * with a unit carries it in its type, so that microseconds cannot be added to seconds by accident.
 */
type Unit<Name extends string> = number & { readonly __unit: Name };

/** Microseconds of elapsed time: the resolution of every histogram. */
export type Micros = Unit<"Micros">;
/** Milliseconds of elapsed time. */
export type Millis = Unit<"Millis">;
/** Seconds of elapsed time. */
export type Seconds = Unit<"Seconds">;
/** Milliseconds since the Unix epoch. */
export type EpochMs = Unit<"EpochMs">;
/** Events per second. */
export type PerSecond = Unit<"PerSecond">;

/** A share between 0 and 1 (0.05 is five per cent). */
export type Share = Unit<"Share">;

export const share = (n: number): Share => n as Share;
export const micros = (n: number): Micros => n as Micros;
export const millis = (n: number): Millis => n as Millis;
export const seconds = (n: number): Seconds => n as Seconds;
export const epochMs = (n: number): EpochMs => n as EpochMs;
export const perSecond = (n: number): PerSecond => n as PerSecond;

export const microsToMillis = (n: Micros): Millis => millis(n / 1000);
export const secondsToMillis = (n: Seconds): Millis => millis(n * 1000);
export const millisToSeconds = (n: Millis): Seconds => seconds(n / 1000);
