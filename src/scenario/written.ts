import type { Position } from "../config/read-yaml.ts";
import { encodeFor } from "./encode.ts";
import { type Lookup, lookUp, type Resolved } from "./names.ts";
import { complain } from "./reading.ts";
import type { Encoding, Part, Template } from "./scenario.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** A piece of a text as the user wrote it, or what stands for it. */
export type Piece = { readonly kind: "text"; readonly text: string } | Resolved;

/** A text whose names have been looked up. Problems are noted at `at`; the pieces that are well stay. */
export const readPieces = (lookup: Lookup, text: string, at: Position): readonly Piece[] => {
  const { tokens, faults } = tokensOf(text);
  for (const fault of faults) complain(lookup.reading, at, fault);
  return tokens.flatMap((token: Token): readonly Piece[] => {
    if (token.kind === "text") return [token];
    const resolved = lookUp(lookup, token, at);
    return resolved === null ? [] : [resolved];
  });
};

/** Reads a text into a template. Values of environment variables in it are secrets. */
export const readTemplate = (
  lookup: Lookup,
  { text, at }: { readonly text: string; readonly at: Position },
  encoding: Encoding,
): Template => ({ encoding, parts: joinLiterals(partsOf(lookup, readPieces(lookup, text, at), encoding)) });

/** Literals and values in the form their place needs. */
export const partsOf = (lookup: Lookup, pieces: readonly Piece[], encoding: Encoding): readonly Part[] =>
  pieces.map((piece): Part => {
    if (piece.kind === "part") return piece.part;
    if (piece.kind === "constant") noteSecret(lookup, piece);
    return { kind: "literal", text: encodeFor(encoding, piece.text) };
  });

export const noteSecret = ({ reading }: Lookup, piece: Piece): void => {
  if (piece.kind !== "constant") return;
  for (const name of piece.secretNames) reading.secretNames.add(name);
};

export const literal = (text: string): Part => ({ kind: "literal", text });

/** Neighbouring literals as one, empty ones left out. */
export const joinLiterals = (parts: readonly Part[]): readonly Part[] => {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind !== "literal") joined.push(part);
    else if (part.text === "") continue;
    else if (last?.kind === "literal") joined[joined.length - 1] = literal(last.text + part.text);
    else joined.push(part);
  }
  return joined;
};
