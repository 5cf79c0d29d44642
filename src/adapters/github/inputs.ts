const PREFIX = "INPUT_";

/**
 * The action's inputs by their kebab-case names, blanks around values removed, empty ones left out: the runner sets every
 * input of action.yml, empty when the workflow says nothing. Names nobody knows are kept, so that the parser can refuse
 * them (the runner only warns).
 */
export const readInputs = (env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value = ""]): [string, string] => [name.slice(PREFIX.length).toLowerCase(), value.trim()])
      .filter(([name, value]) => name !== "" && value !== ""),
  );
