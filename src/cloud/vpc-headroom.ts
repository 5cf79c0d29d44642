/** What a function in a VPC needs of its network interfaces (AWS Lambda developer guide, "Hyperplane ENIs"). */
import { grouped } from "../config/numbers.ts";
import type { FunctionFacts } from "./facts.ts";
import { type HeadroomRow, row } from "./headroom-row.ts";

type VpcFunction = { readonly name: string; readonly facts: Pick<FunctionFacts, "vpcSubnets"> | null };

/** "Elastic network interfaces per VPC" by default (AWS Lambda quotas page). */
const INTERFACES_PER_VPC = 500;

/**
 * One interface per subnet: a function has one set of security groups. Those of other functions in the VPC are not known,
 * and so are neither added nor, where they are the same ones, taken off. `quota` is `null` where AWS did not say.
 */
export const interfaceRows = ({ name, facts }: VpcFunction, quota: number | null): readonly HeadroomRow[] => {
  const needs = facts?.vpcSubnets ?? 0;
  const has = { has: quota ?? INTERFACES_PER_VPC, from: quota === null ? "default" : "aws" } as const;
  return needs === 0 ? [] : [row(`network interfaces of ${name} in its VPC`, "interfaces", { needs, ...has })];
};

/** Connections that one interface carries before Lambda adds another. */
const CONNECTIONS = 65_000;

/** How many connections each of the environments that a rate needs may hold before there are more interfaces. */
export const vpcNotes = ({ name, facts }: VpcFunction, environments: number): readonly string[] => {
  const subnets = facts?.vpcSubnets ?? 0;
  if (subnets === 0) return [];
  const each = grouped(Math.floor((CONNECTIONS * subnets) / Math.max(1, environments)));
  return [
    `${name} is in a VPC: its environments share one network interface per subnet; of the ${grouped(environments)} needed each may hold about ${each} connections before Lambda adds interfaces`,
  ];
};
