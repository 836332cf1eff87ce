/** Whether a section of the inspector is open: until the reader folds it; remembered by name. */
import { computed, type WritableComputedRef } from 'vue';
import { useSettings } from '../../stores/settings.ts';

/** @param openFirst whether it is open until the reader says otherwise */
export function foldState(name: string, openFirst = true): WritableComputedRef<boolean> {
  const settings = useSettings();
  const key = `inspector.${name}`;
  return computed({
    get: () => !(settings.folded[key] ?? !openFirst),
    set: (open: boolean) => (settings.folded = { ...settings.folded, [key]: !open }),
  });
}
