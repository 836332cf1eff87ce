/** What a plain TypeScript program (the linter's) sees of a component; vue-tsc looks into the file itself. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
