import { plainText } from "../escape.ts";

/**
 * Plain text inside an element: shown as it is, never read as markup. A run of right-to-left letters is isolated, or it would
 * draw the figures behind it to its other side.
 */
export const escapeHtml = (text: string): string => entities(plainText(text)).replace(RIGHT_TO_LEFT, "<bdi>$&</bdi>");

/** The same between the double quotes of an attribute, where no element can stand. */
export const escapeAttribute = (text: string): string => entities(plainText(text));

/** A value for a `<script type="application/json">`: no text in it can close the element or open a comment. */
export const jsonForScript = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const entities = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Hebrew, Arabic and their neighbours with what stands between two such letters. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}](?:[^<>&A-Za-z]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}])*/gu;
