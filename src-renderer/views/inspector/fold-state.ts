/** Whether a section of the inspector is open: until the reader folds it; remembered by name. */
import { computed, type WritableComputedRef } from 'vue';
import { useInspectorContext } from './inspector-context.ts';

/** @param openFirst whether it is open until the reader says otherwise */
export function foldState(name: string, openFirst = true): WritableComputedRef<boolean> {
  const { settings } = useInspectorContext();
  const key = `inspector.${name}`;
  return computed({
    get: () => !(settings.folded[key] ?? !openFirst),
    set: (open: boolean) => (settings.folded = { ...settings.folded, [key]: !open }),
  });
}
