/** Opening files, whatever they are: a trace at once, other formats by importing, a scenario in the record dialog. */
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import { visibleText } from '#shared/base/visible-text.mjs';
import { useConnection } from './connection.ts';
import { useImporting } from './importing.ts';
import { useNotices, type Severity } from './notices.ts';
import { useSession } from './session.ts';
import { uploadFile } from './upload.ts';

/** Events of a trace that are in its upgraded copy so far, and all. */
export interface UpgradeProgress {
  readonly path: string;
  readonly events: number;
  readonly allEvents: number;
}

/** What the window is busy with; `name` is the file's. */
export type Busy =
  | {
      readonly what: 'opening';
      readonly name: string;
      /** A trace of an earlier version is upgraded first: how far that has come, null where it need not be. */
      readonly upgrade: UpgradeProgress | null;
      readonly cancel: () => void;
    }
  | { readonly what: 'uploading'; readonly name: string; readonly bytes: number; readonly cancel: () => void }
  | null;

/** To be shown. */
const baseName = (path: string): string =>
  visibleText(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));

export const useOpening = defineStore('opening', () => {
  const connection = useConnection();
  const session = useSession();
  const importing = useImporting();
  const notices = useNotices();

  const busy = shallowRef<Busy>(null);
  /** 0 to 1 while a file is being uploaded. */
  const uploadFraction = ref(0);
  /** Text of a scenario that was opened or dropped, for the record dialog to pick up. */
  const scenarioToEdit = shallowRef<{ readonly name: string; readonly text: string } | null>(null);
  /** The trace that is being opened and may have to be upgraded. */
  let openingPath: string | null = null;
  /** Ends what the window is busy with; what was begun before does not end what came after it. */
  let current: AbortController | null = null;

  watch(
    () => connection.client,
    (client) => {
      client?.on('open.request', ({ path }) => void open(path));
      client?.on('trace.upgrading', showUpgrade);
    },
    { immediate: true, flush: 'sync' },
  );
  watch(
    () => connection.connected,
    (connected) => {
      if (!connected) busy.value = null;
    },
    { flush: 'sync' },
  );

  /** Shows that `name` is being opened until `work` has done it or calls `end`, and says so where it fails. */
  async function whileBusy(
    name: string,
    path: string | null,
    failure: string,
    work: (signal: AbortSignal, end: () => void) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    current = controller;
    openingPath = path;
    busy.value = { what: 'opening', name, upgrade: null, cancel: () => controller.abort() };
    const end = (): void => {
      if (current === controller) busy.value = null;
    };
    try {
      await work(controller.signal, end);
    } catch (thrown) {
      notices.fail(failure, thrown);
    } finally {
      end();
    }
  }

  /** Other windows may have traces upgraded as well. */
  function showUpgrade(progress: UpgradeProgress): void {
    if (busy.value?.what !== 'opening' || progress.path !== openingPath) return;
    busy.value = { ...busy.value, upgrade: progress };
  }

  /** Opens a file by path. */
  async function open(path: string): Promise<void> {
    const name = baseName(path);
    await whileBusy(name, path, `Could not open ${name}`, async (signal, end) => {
      const { kind } = await connection.workbench().request('trace.identify', { path });
      if (kind === 'scenario') {
        const { text } = await connection.workbench().request('scenario.read', { id: path });
        scenarioToEdit.value = { name, text };
      } else if (kind === 'import') {
        await importFiles([path], name, end);
      } else {
        await session.open(path, signal);
      }
    });
  }

  /** Opens one file as {@link open} does; several are records of one run, and are imported as one trace. */
  async function openTogether(paths: readonly string[]): Promise<void> {
    const [first, ...others] = paths;
    if (first === undefined) return;
    if (others.length === 0) {
      await open(first);
      return;
    }
    const name = `${baseName(first)} and ${others.length === 1 ? baseName(others[0]!) : `${others.length} more`}`;
    await whileBusy(name, null, `Could not open ${name} together`, (_signal, end) =>
      importFiles(paths, name, end),
    );
  }

  /** Opens files that the reader dropped or chose in the browser, as {@link openTogether} does. */
  async function openFiles(files: readonly File[]): Promise<void> {
    const paths: string[] = [];
    for (const file of files) {
      const path = connection.host?.pathOfFile(file) ?? (await upload(file));
      if (path === null) return;
      paths.push(path);
    }
    await openTogether(paths);
  }

  /** Null where it failed, which the reader has been told. */
  async function upload(file: File): Promise<string | null> {
    const controller = new AbortController();
    current = controller;
    const cancel = (): void => controller.abort();
    busy.value = { what: 'uploading', name: visibleText(file.name), bytes: file.size, cancel };
    uploadFraction.value = 0;
    const tell = (fraction: number): void => void (uploadFraction.value = fraction);
    try {
      return await uploadFile(connection.workbench(), file, tell, controller.signal);
    } catch (thrown) {
      notices.fail(`Could not open ${file.name}`, thrown);
      return null;
    } finally {
      if (current === controller) busy.value = null;
    }
  }

  async function importFiles(paths: readonly string[], name: string, onStart: () => void): Promise<void> {
    const imported = await importing.importAndShow(paths, name, onStart);
    if (imported?.isLeft === true) offer('info', `Imported ${name}`, imported.path, imported.path);
  }

  /** Tells of a trace that is not shown, and offers to open it. */
  function offer(severity: Severity, title: string, message: string, path: string): void {
    notices.add(severity, title, message, { label: 'Open', run: () => open(path) });
  }

  return { busy, uploadFraction, scenarioToEdit, open, openTogether, openFiles, offer };
});
