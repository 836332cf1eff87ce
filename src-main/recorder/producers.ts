/** The kinds of producers, each loaded only when it is wanted. */
import type { Producer, ProducerSpec } from './producer.ts';

/** Throws what parsing or opening the source throws (WorkbenchError). */
export async function openProducer(spec: ProducerSpec): Promise<Producer> {
  switch (spec.kind) {
    case 'scenario':
      return (await import('./scenario-producer.ts')).openScenario(spec);
    case 'import':
      return (await import('./import-producer.ts')).openImport(spec);
    case 'cut':
      return (await import('./cut-producer.ts')).openCut(spec);
  }
}
