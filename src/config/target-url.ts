import { type Parsed, parsed } from "../errors.ts";
import { type Given, refusal, wrong } from "./given.ts";
import { forbiddenHost, NEVER_SENT } from "./hosts.ts";

/** An http or https URL without credentials, normalised, its fragment dropped: a fragment is never sent. */
export const parseTargetUrl = (given: Given): Parsed<string> => {
  const url = URL.canParse(given.text) ? new URL(given.text) : null;
  if (url === null || !/^https?:\/\//i.test(given.text)) {
    const scheme = /^(localhost|[\d.]+)\b/.test(given.text) ? "http" : "https";
    const bare = /^[\w.-]+(:\d+)?(\/\S*)?$/.test(given.text);
    return wrong(
      given,
      "which is not an http or https URL",
      bare
        ? `Write ${scheme}://${given.shown.slice(1, -1)}.`
        : "Write a whole URL, such as https://preview.example.com.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    return refusal(
      "bad-value",
      `${given.label} has a user name or password in it.`,
      `Send them as a header from a secret: authorization: Basic \${CREDENTIALS}.`,
    );
  }
  const reason = forbiddenHost(url.hostname);
  if (reason !== null) return refusal("host-not-allowed", `${given.label} is ${given.shown}, ${reason}.`, NEVER_SENT);
  url.hash = "";
  return parsed(url.href);
};
