/** Which dialog is open. One at a time. */
import { defineStore } from 'pinia';
import { ref } from 'vue';

export type DialogName = 'record' | 'export' | 'keys' | 'palette' | 'importReport';

export const useDialogs = defineStore('dialogs', () => {
  const open = ref<DialogName | null>(null);

  function show(name: DialogName): void {
    open.value = name;
  }

  function close(): void {
    open.value = null;
  }

  return { open, show, close };
});
