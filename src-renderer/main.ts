/** Starts the window: mounts it, then connects it to its host. */
import './theme/tokens.css';
import './theme/base.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { useNotices } from './stores/notices.ts';
import { useWindowStart } from './stores/window-start.ts';
import { connectWorkbench } from './transport/connect-workbench.ts';

const pinia = createPinia();
createApp(App).use(pinia).mount('#app');

connectWorkbench()
  .then((connection) => useWindowStart(pinia).attach(connection))
  .catch((thrown: unknown) => useNotices(pinia).fail('The window cannot reach the workbench', thrown));
