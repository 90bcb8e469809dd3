import type { FactTable } from './fact-table.ts';

/** What is on a machine, whatever the API believes. */
export interface MachineQuery { readonly type: 'machine'; readonly node: string }
export interface MachineAnswer {
  readonly type: 'machine';
  readonly usage: readonly Usage[];
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly cpuMillis: number; readonly cpuLimitMillis: number; readonly memoryBytes: number; readonly memoryLimitBytes: number; /** What its containers take now. */ readonly used: { readonly cpuMillis: number; readonly memoryBytes: number } }[];
  readonly tables: readonly FactTable[];
}
export interface Usage { readonly resource: 'cpu' | 'memory' | 'pods'; /** What is taken now, as cAdvisor would measure it; of Pods, those that have a running container. */ readonly used: number; readonly requested: number; readonly limits: number; readonly allocatable: number }
