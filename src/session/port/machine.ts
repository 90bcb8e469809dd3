import type { FactTable } from './fact-table.ts';

/** What is on a machine, whatever the API believes. */
export interface MachineQuery { readonly type: 'machine'; readonly node: string }
export interface MachineAnswer {
  readonly type: 'machine';
  readonly usage: readonly Usage[];
  readonly pods: readonly { readonly namespace: string; readonly name: string; readonly cpuMillis: number; readonly cpuLimitMillis: number; readonly memoryBytes: number; readonly memoryLimitBytes: number }[];
  readonly tables: readonly FactTable[];
}
export interface Usage { readonly resource: 'cpu' | 'memory' | 'pods'; readonly requested: number; readonly limits: number; readonly allocatable: number }
