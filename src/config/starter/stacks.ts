/** What a project is deployed with, as far as its files tell. */
export const STACKS = ["sam", "cdk", "serverless", "sst", "vercel", "netlify", "url"] as const;
export type StackName = (typeof STACKS)[number];

export const STACK_TITLES: Readonly<Record<StackName, string>> = {
  sam: "AWS SAM",
  cdk: "AWS CDK",
  serverless: "Serverless Framework",
  sst: "SST",
  vercel: "Vercel",
  netlify: "Netlify",
  url: "plain URL",
};

export const isStackName = (text: string): text is StackName => STACKS.some((name) => name === text);

/** The files that `init` looks at; the text of those that have to be read, `null` for the others. */
export type ProjectFiles = Readonly<Record<string, string | null>>;

/** Whose text decides or names something. */
export const READ_FILES: readonly string[] = ["template.yaml", "template.yml", "serverless.yml", "serverless.yaml"];

/** Each kind of stack that has its file here, with that file. */
export const detectStacks = (files: ProjectFiles): readonly { readonly stack: StackName; readonly marker: string }[] =>
  MARKERS.flatMap(({ stack, names, holds }) => {
    const marker = names.find((name) => name in files && (holds === undefined || holds.test(files[name] ?? "")));
    return marker === undefined ? [] : [{ stack, marker }];
  });

type Marker = { readonly stack: StackName; readonly names: readonly string[]; readonly holds?: RegExp };

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html */
const SAM_TRANSFORM = /AWS::Serverless-2016-10-31/;

const MARKERS: readonly Marker[] = [
  { stack: "sam", names: ["template.yaml", "template.yml"], holds: SAM_TRANSFORM },
  { stack: "cdk", names: ["cdk.json"] },
  {
    stack: "serverless",
    names: ["serverless.yml", "serverless.yaml", "serverless.ts", "serverless.js", "serverless.json"],
  },
  { stack: "sst", names: ["sst.config.ts"] },
  { stack: "vercel", names: ["vercel.json", ".vercel"] },
  { stack: "netlify", names: ["netlify.toml"] },
];

/** `service: orders` of the Serverless Framework, `null` where it is not written out. */
export const serviceName = (files: ProjectFiles): string | null => {
  const text = files["serverless.yml"] ?? files["serverless.yaml"] ?? "";
  return /^service:\s*(?:\r?\n\s+name:\s*)?["']?([A-Za-z][A-Za-z0-9-]*)["']?\s*(?:#.*)?$/m.exec(text)?.[1] ?? null;
};

const LONGEST_NAME = 40;

/** A folder's name as the beginning of a stack's or stage's name: letters, digits and hyphens, a letter first. */
export const projectName = (folder: string): string => {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, "");
  return name === "" ? "preview" : name;
};
