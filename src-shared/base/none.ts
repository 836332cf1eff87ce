/** "No such LWP, CPU, slot ...": what a column holds where the kernel holds NULL. */
export const NONE = -1;
