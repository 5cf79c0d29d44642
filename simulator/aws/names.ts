/** Names of AWS resources. */

/** The account every ARN of the simulator is in: the example account of AWS's documentation. */
export const accountId = "123456789012";

const usualRegion = "eu-central-1";

export type FunctionName = { readonly name: string; readonly qualifier: string | null };

/** A function named as `name`, `name:qualifier`, `account:function:name` or as an ARN. */
export function functionNameOf(given: string): FunctionName {
  const [name = "", qualifier] = given.replace(/^.*\bfunction:/, "").split(":");
  return { name, qualifier: qualifier ?? null };
}

export const functionArn = (region: string | null, { name, qualifier }: FunctionName): string =>
  arn("lambda", region, `function:${name}${qualifier === null ? "" : `:${qualifier}`}`);

export const arn = (service: string, region: string | null, resource: string): string =>
  `arn:aws:${service}:${region ?? usualRegion}:${accountId}:${resource}`;
