import type { MetricAnswer } from "../../cloud/queries.ts";

type Failure = Exclude<MetricAnswer, { readonly kind: "values" }>;

/** Error names after which asking again is of no use, and the mend. The name is in `error.name` for every SDK client. */
const DENIED: Readonly<Record<string, string>> = {
  AccessDenied: "The AWS role may not read CloudWatch: allow it cloudwatch:GetMetricData on *.",
  AccessDeniedException: "The AWS role may not read CloudWatch: allow it cloudwatch:GetMetricData on *.",
  CredentialsProviderError: "There are no AWS credentials: run aws-actions/configure-aws-credentials before the gate.",
  ExpiredToken: "The AWS credentials have expired: let the role's session last longer than the run.",
  ExpiredTokenException: "The AWS credentials have expired: let the role's session last longer than the run.",
  TokenProviderError: "The AWS sign-on token cannot be read or has expired: sign in again.",
  InvalidIdentityToken: "AWS did not accept the OIDC token: check the role's trust policy and its identity provider.",
  InvalidClientTokenId: "AWS does not know the access key: check the credentials and the account they belong to.",
  UnrecognizedClientException:
    "AWS does not know the access key: check the credentials and the account they belong to.",
  SignatureDoesNotMatch: "AWS did not accept the signature: check the secret key.",
  InvalidSignatureException: "AWS did not accept the signature: check the secret key and this machine's clock.",
  RequestExpired: "AWS did not accept the signature's time: check this machine's clock.",
  OptInRequired: "The AWS account is not subscribed to CloudWatch in this region.",
};

const NO_REGION = "No AWS region is set: give aws-region or AWS_REGION.";
const NO_ROLE = "The AWS role could not be assumed: check its trust policy (sts:AssumeRoleWithWebIdentity).";

/**
 * An error of the SDK as an answer of one sentence. What AWS wrote stays out of `denied`: it holds account numbers and
 * role names.
 */
export const sdkFailure = (error: unknown): Failure => {
  const { name, message, status } = plainError(error);
  if (/region is missing/i.test(message)) return { kind: "denied", reason: NO_REGION };
  if (/sts:AssumeRole/i.test(message)) return { kind: "denied", reason: NO_ROLE };
  const reason = DENIED[name];
  if (reason !== undefined) return { kind: "denied", reason };
  if (status === 401 || status === 403)
    return { kind: "denied", reason: `CloudWatch refused the credentials (${name}).` };
  const text = message.replace(/\s+/g, " ").slice(0, 200);
  return { kind: "unavailable", reason: `${text === "" ? name : `${name}: ${text}`}.`.replace(/\.+$/, ".") };
};

const plainError = (error: unknown): { readonly name: string; readonly message: string; readonly status: number } => {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), status: 0 };
  const metadata = "$metadata" in error ? error.$metadata : null;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : 0;
  return { name: error.name, message: error.message, status: typeof status === "number" ? status : 0 };
};
