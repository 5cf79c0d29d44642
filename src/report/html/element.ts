import { escapeAttribute } from "./escape-html.ts";

/** Values of attributes; `true` writes the name alone, `null` leaves it out. */
export type Attributes = Readonly<Record<string, string | number | true | null>>;

/** An element around markup that is ready; attribute values are escaped here. */
export const element = (name: string, attributes: Attributes, ...children: readonly string[]): string =>
  `<${name}${attributesText(attributes)}>${children.join("")}</${name}>`;

/** An element that has no content and no end: `meta`, `rect` in SVG is written with its end. */
export const emptyElement = (name: string, attributes: Attributes): string => `<${name}${attributesText(attributes)}>`;

const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escapeAttribute(String(value))}"`))
    .join("");
