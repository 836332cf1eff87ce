/** Names of the things in the open trace, built once for each trace. */
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { nameTable, type NameTable } from '../trace-data/decode/names.ts';
import { useSession } from './session.ts';

const NO_NAMES = nameTable({
  source: '',
  cpus: [],
  processes: [],
  lwps: [],
  pages: [],
  syncs: [],
  syscalls: [],
});

export const useNames = defineStore('names', () => {
  const session = useSession();
  const table = computed<NameTable>(() => (session.trace === null ? NO_NAMES : nameTable(session.trace)));
  return { table };
});
