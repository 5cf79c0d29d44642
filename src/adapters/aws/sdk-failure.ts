import type { AwsRead } from "../../cloud/aws-read.ts";
import type { MetricAnswer } from "../../cloud/queries.ts";

type Failure = Exclude<MetricAnswer, { readonly kind: "values" }>;
export type SdkFailure = Exclude<AwsRead<never>, { readonly kind: "value" } | { readonly kind: "absent" }>;

/** What was called, for the sentence: `CloudWatch`, `cloudwatch:GetMetricData`. */
export type Called = { readonly service: string; readonly action: string };

/** Names of "not allowed" among the services; the name is in `error.name` for every SDK client. */
const NOT_ALLOWED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "NotAuthorized",
]);

/** Error names after which asking again is of no use whatever is asked: what is wrong, and the mend. */
const USELESS: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  CredentialsProviderError: [
    "There are no AWS credentials",
    "run aws-actions/configure-aws-credentials before the gate",
  ],
  ExpiredToken: ["The AWS credentials have expired", "let the role's session last longer than the run"],
  ExpiredTokenException: ["The AWS credentials have expired", "let the role's session last longer than the run"],
  TokenProviderError: ["The AWS sign-on token cannot be read or has expired", "sign in again"],
  InvalidIdentityToken: [
    "AWS did not accept the OIDC token",
    "check the role's trust policy and its identity provider",
  ],
  InvalidClientTokenId: ["AWS does not know the access key", "check the credentials and the account they belong to"],
  UnrecognizedClientException: [
    "AWS does not know the access key",
    "check the credentials and the account they belong to",
  ],
  SignatureDoesNotMatch: ["AWS did not accept the signature", "check the secret key"],
  InvalidSignatureException: ["AWS did not accept the signature", "check the secret key and this machine's clock"],
  RequestExpired: ["AWS did not accept the signature's time", "check this machine's clock"],
};

const METRICS: Called = { service: "CloudWatch", action: "cloudwatch:GetMetricData" };

/** A failing read of metrics as an answer of one sentence. */
export const sdkFailure = (error: unknown): Failure => {
  const failure = awsFailure(error, METRICS);
  if (failure.kind === "unavailable") return failure;
  if (failure.permission)
    return {
      kind: "denied",
      reason: "The AWS role may not read CloudWatch: allow it cloudwatch:GetMetricData on *.",
    };
  return { kind: "denied", reason: `${failure.reason.replace(/\.$/, "")}: ${lowerFirst(failure.hint)}` };
};

/**
 * An error of the SDK as an answer. What AWS wrote stays out of `denied`: it holds account numbers and role names.
 */
export const awsFailure = (error: unknown, { service, action }: Called): SdkFailure => {
  const { name, message, status } = plainError(error);
  if (/region is missing/i.test(message)) return useless("No AWS region is set", "give aws-region or AWS_REGION");
  if (/sts:AssumeRole/i.test(message))
    return useless("The AWS role could not be assumed", "check its trust policy (sts:AssumeRoleWithWebIdentity)");
  if (NOT_ALLOWED.has(name))
    return {
      kind: "denied",
      permission: true,
      reason: `The AWS role may not call ${action}.`,
      hint: `Allow it ${action}; docs/permissions.md has the policy.`,
    };
  const known = USELESS[name];
  if (known !== undefined) return useless(...known);
  if (name === "OptInRequired")
    return useless(
      `The AWS account is not subscribed to ${service} in this region`,
      "check aws-region and the account",
    );
  if (status === 401 || status === 403)
    return useless(
      `${service} refused the credentials (${isUnreadable(message) ? `status ${status}` : name})`,
      "check the credentials and the role's policy",
    );
  if (/ENOTFOUND .*\.amazonaws\.com/.test(message))
    return useless(
      `There is no ${service} at ${/\S+\.amazonaws\.com\S*/.exec(message)?.[0] ?? "its address"}`,
      "check aws-region",
    );
  if (isUnreadable(message))
    return {
      kind: "unavailable",
      reason: `${service} answered with status ${status} and something that cannot be read.`,
    };
  const text = message.replace(/\s+/g, " ").slice(0, 200);
  return { kind: "unavailable", reason: `${text === "" ? name : `${name}: ${text}`}.`.replace(/\.+$/, ".") };
};

/** The SDK's words for a body that is not of the service's protocol: a proxy's page, an emulator's crash. */
const isUnreadable = (message: string): boolean => /Deserialization error/.test(message);

/** The server says itself that it failed (5xx): the same question may fail again, a smaller one may not. */
export const serverFault = (error: unknown): boolean => plainError(error).status >= 500;

const useless = (what: string, mend: string): SdkFailure => ({
  kind: "denied",
  permission: false,
  reason: `${what}.`,
  hint: `${mend.slice(0, 1).toUpperCase()}${mend.slice(1)}.`,
});

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

const plainError = (error: unknown): { readonly name: string; readonly message: string; readonly status: number } => {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), status: 0 };
  const metadata = "$metadata" in error ? error.$metadata : null;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : 0;
  return { name: error.name, message: error.message, status: typeof status === "number" ? status : 0 };
};
