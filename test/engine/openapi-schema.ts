/** Schemas of an OpenAPI 3.0 description as the JSON Schema that ajv understands. */
import { Ajv, type ValidateFunction } from "ajv";

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const COMPONENT = "#/components/schemas/";

/**
 * One schema of the description with all that it refers to. Differences of OpenAPI 3.0 to JSON Schema: `nullable`, and
 * references into the whole document. Objects are closed: a property that the description does not have is a mistake of
 * whoever wrote it, though GitHub itself may add one on any day.
 */
export const schemaOf = (given: unknown, components: Json): Json => {
  const definitions: Record<string, unknown> = {};
  const convert = (schema: unknown, isPart = false): unknown => {
    if (!isJson(schema)) return schema;
    const reference = schema["$ref"];
    if (typeof reference === "string") return { $ref: `#/$defs/${define(reference.slice(COMPONENT.length))}` };
    const { nullable, example: _, examples: __, ...rest } = schema;
    const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, inner(key, value)]));
    const isOpen = !isJson(schema["properties"]) || Object.hasOwn(schema, "additionalProperties") || isPart;
    const closed = isOpen ? converted : { ...converted, additionalProperties: false };
    return nullable === true ? { anyOf: [closed, { type: "null" }] } : closed;
  };
  const inner = (key: string, value: unknown): unknown => {
    if (key === "properties" && isJson(value))
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, convert(one)]));
    if (["allOf", "anyOf", "oneOf"].includes(key) && Array.isArray(value))
      return value.map((one) => convert(one, key === "allOf"));
    return key === "items" || key === "not" || key === "additionalProperties" ? convert(value) : value;
  };
  const define = (name: string): string => {
    if (!Object.hasOwn(definitions, name)) {
      definitions[name] = true;
      definitions[name] = convert(components[name]);
    }
    return name;
  };
  const root = convert(given);
  return { ...(isJson(root) ? root : {}), $defs: definitions };
};

const FORMATS = {
  // GitHub's own default of some addresses is the empty text.
  uri: (text: string) => text === "" || URL.canParse(text),
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  email: /^[^@\s]+@[^@\s]+$/,
} as const;

export const compile = (schema: Json): ValidateFunction =>
  new Ajv({ strict: false, allErrors: false, logger: false, formats: FORMATS }).compile(schema);

/** `path: what is wrong`, empty when the value fits. */
export const mismatch = (validate: ValidateFunction, value: unknown): readonly string[] => {
  if (validate(value)) return [];
  const [error] = validate.errors ?? [];
  const extra = error?.params["additionalProperty"];
  return [`${error?.instancePath ?? ""}: ${error?.message}${extra === undefined ? "" : ` (${extra})`}`];
};
