/** Loaded into processes of `utilityProcess` before their script: gives them `process.parentPort`. */
Object.assign(process, {
  parentPort: {
    on(_event: 'message', listener: (event: { readonly data: unknown }) => void): void {
      process.on('message', (data) => listener({ data }));
    },
    postMessage: (message: object): void => void process.send!(message),
  },
});
process.on('disconnect', () => process.exit());
