import { describe, expect, test } from "vitest";
import { awsFailure } from "../../../src/adapters/aws/sdk-failure.ts";

const LAMBDA = { service: "Lambda", action: "lambda:GetFunctionConfiguration" } as const;
const failing = (name: string, message: string, status?: number): Error =>
  Object.assign(new Error(message), { name }, status === undefined ? {} : { $metadata: { httpStatusCode: status } });
const UNREADABLE =
  "Unexpected token '<', \"<!doctype \"... is not valid JSON\n  Deserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.";

describe("what the SDK throws becomes a sentence of ours", () => {
  test.each<[sentence: string, error: Error, answer: object]>([
    [
      "a region that does not exist has no address",
      failing("Error", "getaddrinfo ENOTFOUND lambda.eu-wset-1.amazonaws.com"),
      {
        kind: "denied",
        permission: false,
        reason: "There is no Lambda at lambda.eu-wset-1.amazonaws.com.",
        hint: "Check aws-region.",
      },
    ],
    [
      "a resolver that fails for now may do better later",
      failing("Error", "getaddrinfo EAI_AGAIN lambda.eu-west-1.amazonaws.com"),
      { kind: "unavailable", reason: "Error: getaddrinfo EAI_AGAIN lambda.eu-west-1.amazonaws.com." },
    ],
    [
      "a custom endpoint without an address says nothing about the region",
      failing("Error", "getaddrinfo ENOTFOUND emulator.local"),
      { kind: "unavailable", reason: "Error: getaddrinfo ENOTFOUND emulator.local." },
    ],
    [
      "a page where JSON should be, with a failing status",
      failing("SyntaxError", UNREADABLE, 502),
      { kind: "unavailable", reason: "Lambda answered with status 502 and something that cannot be read." },
    ],
    [
      "a refusal whose body is not of the protocol",
      failing("SyntaxError", UNREADABLE, 403),
      {
        kind: "denied",
        permission: false,
        reason: "Lambda refused the credentials (status 403).",
        hint: "Check the credentials and the role's policy.",
      },
    ],
  ])("%s", (_, error, answer) => {
    expect(awsFailure(error, LAMBDA)).toEqual(answer);
  });
});
