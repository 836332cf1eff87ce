/** "Open …": the host's own dialog where it has one, else the browser's. */
import { useNotices } from './notices.ts';
import { useConnection } from './connection.ts';
import { useOpening } from './opening.ts';
import { useSession } from './session.ts';

/** What the browser's dialog offers first; what a file is, its content decides. */
const ACCEPT = '.sctrace,.txt,.gz,.csv,.html,.json,.log,.yaml,.yml';

export async function chooseAndOpen(): Promise<void> {
  const connection = useConnection();
  const opening = useOpening();
  const session = useSession();
  if (connection.hello?.nativeFiles === true) {
    try {
      const { paths } = await session.workbench().request('dialog.openFiles', {});
      await opening.openTogether(paths);
    } catch (thrown) {
      useNotices().fail('Could not open the file chooser', thrown);
    }
    return;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = ACCEPT;
  input.multiple = true;
  input.addEventListener('change', () => {
    void opening.openFiles([...(input.files ?? [])]);
  });
  input.click();
}

/** Another window of the workbench, on its start page. */
export async function openNewWindow(): Promise<void> {
  const connection = useConnection();
  const session = useSession();
  if (connection.hello?.host === 'electron') await session.workbench().request('window.open', {});
  // A window that this one opens inherits the tab's storage, and with it the secret of the run.
  else window.open(window.location.pathname);
}
