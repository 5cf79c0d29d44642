/** Names of the artifacts that a run leaves for later ones, by the gate's name. */
export const runArtifact = (name: string): string => `swarmgate-${name}-run`;
export const historyArtifact = (name: string): string => `swarmgate-${name}-history`;
