import { formsOf } from "./secret-forms.ts";
import type { Environment } from "./variables.ts";

/** What the AWS SDK and the runner's services are called with, though no input names it. */
const NAMES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

/** An access key's id has 16 characters at least (AWS, IAM `AccessKey`); anything shorter is a word of a test's. */
const SHORTEST_KEY = 16;

/** Credentials of the surroundings: services repeat them in their error messages. */
export const ambientSecrets = (env: Environment): readonly string[] =>
  NAMES.map((name) => env[name]?.trim() ?? "")
    .filter((value) => value.length >= SHORTEST_KEY)
    .flatMap(formsOf);
