import { quote } from "../config/given.ts";
import { forbiddenHost, NEVER_SENT } from "../config/hosts.ts";
import { encodeFor, encodeWrittenUrl } from "./encode.ts";
import type { Lookup } from "./names.ts";
import type { ScalarNode } from "./reading.ts";
import { complain, type Fault } from "./reading.ts";
import type { Part } from "./scenario.ts";
import { joinLiterals, literal, noteSecret, type Piece, readPieces } from "./written.ts";

/** `origin` is `null` for a path on the target. */
export type ReadUrl = { readonly origin: string | null; readonly path: readonly Part[] };

/**
 * A path on the target, or a whole URL whose origin is known before the run. A variable at its very beginning, or in the
 * origin, stands there as it is (`${LOGIN_URL}/token`); anywhere else its value is percent-encoded. `null` after a problem.
 */
export const readUrl = (lookup: Lookup, node: ScalarNode): ReadUrl | null => {
  const before = lookup.reading.problems.size;
  const pieces = readPieces(lookup, node.text.trim(), node.at);
  if (lookup.reading.problems.size > before) return null;
  const { start, rest } = startOf(pieces);
  const refuse = (fault: Fault): null => {
    complain(lookup.reading, node.at, { ...fault, says: `${quote(node.text)} ${fault.says}.` });
    return null;
  };
  const written = [start, ...rest.flatMap((piece) => (piece.kind === "text" ? [piece.text] : []))].join("");
  if (/\p{Cc}/u.test(written))
    return refuse({ says: "holds a line break or another control character", hint: "Write it on one line." });
  if (written.includes("#"))
    return refuse({ says: "has a fragment", hint: "Remove what follows the #: it is never sent." });
  if (/^[a-z][a-z0-9+.-]*:/i.test(start)) return absolute({ lookup, start, rest, refuse });
  if (!start.startsWith("/") || start.startsWith("//")) {
    return refuse({
      says: "is neither a path nor a whole URL",
      hint: "Begin with one slash, or with https:// and a host.",
    });
  }
  return { origin: null, path: pathParts(lookup, start, rest) };
};

type Refuse = (fault: Fault) => null;

const absolute = ({
  lookup,
  start,
  rest,
  refuse,
}: {
  readonly lookup: Lookup;
  readonly start: string;
  readonly rest: readonly Piece[];
  readonly refuse: Refuse;
}): ReadUrl | null => {
  const [, base = "", path = ""] = /^(https?:\/\/[^/?]*)(.*)$/is.exec(start) ?? [];
  if (base !== "" && path === "" && rest.length > 0) {
    const hint = "Write the host out, or take it from a variable.";
    return refuse({ says: "has a host that is not known before the run", hint });
  }
  if (base === "" || !URL.canParse(base)) {
    return refuse({ says: "is not an http or https URL", hint: "Write https://, a host and a path." });
  }
  const url = new URL(base);
  if (url.username !== "" || url.password !== "") {
    return refuse({ says: "has a user name or password in it", hint: "Send them as a header of the step." });
  }
  const reason = forbiddenHost(url.hostname);
  if (reason !== null) return refuse({ code: "host-not-allowed", says: `is ${reason}`, hint: NEVER_SENT });
  return { origin: url.origin, path: pathParts(lookup, path.startsWith("/") ? path : `/${path}`, rest) };
};

/**
 * The text at the beginning that is known: written, or a constant before the path has begun. What a constant holds counts
 * as written there, and the environment variables in it are no secrets: hosts are shown.
 */
const startOf = (pieces: readonly Piece[]): { readonly start: string; readonly rest: readonly Piece[] } => {
  let start = "";
  for (const [at, piece] of pieces.entries()) {
    const isOpen = start === "" || /^https?:\/\/[^/?]*$/i.test(start);
    if (piece.kind === "part" || (piece.kind === "constant" && !isOpen)) return { start, rest: pieces.slice(at) };
    start += piece.text;
  }
  return { start, rest: [] };
};

const pathParts = (lookup: Lookup, start: string, rest: readonly Piece[]): readonly Part[] => {
  for (const piece of rest) noteSecret(lookup, piece);
  const parts = rest.map((piece): Part => {
    if (piece.kind === "part") return piece.part;
    return literal(piece.kind === "text" ? encodeWrittenUrl(piece.text) : encodeFor("url", piece.text));
  });
  return joinLiterals([literal(encodeWrittenUrl(start)), ...parts]);
};
