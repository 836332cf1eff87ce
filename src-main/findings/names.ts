/** Names of what a finding is about, as the trace has them at its end. */
import type { Definition } from '#shared/model/transition-batch.ts';
import type { SubjectKind } from '#shared/model/findings.ts';

export class Names {
  private readonly names: Readonly<Record<Definition['table'], Map<number, string>>> = {
    cpu: new Map(),
    process: new Map(),
    lwp: new Map(),
    page: new Map(),
    sync: new Map(),
    syscall: new Map(),
  };

  define(definition: Definition): void {
    const name = definition.table === 'page' ? `page ${definition.id}` : definition.name;
    this.names[definition.table].set(definition.id, name);
  }

  of(kind: SubjectKind, id: number): string {
    return this.names[kind].get(id) ?? `${kind} ${id}`;
  }

  lwp(id: number): string {
    return this.of('lwp', id);
  }

  lock(id: number): string {
    return this.of('sync', id);
  }
}
