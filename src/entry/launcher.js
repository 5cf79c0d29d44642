#!/usr/bin/env node
// Copied to dist/cli.js as it is. Old syntax on purpose: an old Node must get far enough to say what is wrong.
var major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    "swarmgate needs Node 24 or newer and this is Node " +
      process.versions.node +
      ": install Node 24, or use the GitHub Action, which brings its own (node-too-old).\n",
  );
  process.exitCode = 2;
} else {
  void import("./cli/index.js");
}
