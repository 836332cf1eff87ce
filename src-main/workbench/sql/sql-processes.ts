/** The processes that run SQL: one for each open trace that has been queried. */
import type { StartHelper } from './helper-process.ts';
import { SqlProcessClient } from './sql-process-client.ts';

export class SqlProcesses {
  private readonly clients = new Map<string, SqlProcessClient>();
  private readonly startHelper: StartHelper;

  constructor(startHelper: StartHelper) {
    this.startHelper = startHelper;
  }

  /** @param path the trace's file */
  of(traceId: string, path: string): SqlProcessClient {
    let client = this.clients.get(traceId);
    if (client === undefined)
      this.clients.set(traceId, (client = new SqlProcessClient(path, this.startHelper)));
    return client;
  }

  /** Ends those of traces that are no longer open. */
  keepOnly(isOpen: (traceId: string) => boolean): void {
    for (const traceId of [...this.clients.keys()]) if (!isOpen(traceId)) this.close(traceId);
  }

  close(traceId: string): void {
    this.clients.get(traceId)?.close();
    this.clients.delete(traceId);
  }

  closeAll(): void {
    for (const traceId of [...this.clients.keys()]) this.close(traceId);
  }
}
