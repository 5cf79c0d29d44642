/** One read of AWS: what it may not tell, does not have or does not answer is a value and no exception. */
export type AwsRead<T> =
  | { readonly kind: "value"; readonly value: T }
  /** AWS knows no such function, alias, log group or stack. */
  | { readonly kind: "absent" }
  | Denied
  /** Asking again may help: throttled, a failing service, a network error. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** Asking again cannot help. `permission` is one missing right of a role that AWS knows; else the credentials are of no use. */
export type Denied = {
  readonly kind: "denied";
  readonly permission: boolean;
  readonly reason: string;
  readonly hint: string;
};

/** The value, or `null` where it could not be had. */
export const knownOf = <T>(read: AwsRead<T>): T | null => (read.kind === "value" ? read.value : null);
