/**
 * What a scenario module imports as `swarmgate/scenario`. It is published as it is and has no imports of its own, so that
 * its declarations are one file.
 */
/** The scenario itself; the function exists so that editors and compilers know what `user` is. */
export const defineScenario = (scenario) => scenario;
