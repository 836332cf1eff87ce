/** Rows of the event table, and the machine after one of them. */

/** Rows of the event table, in order. */
export interface EventColumns {
  readonly sequence: Float64Array;
  readonly timeNs: Float64Array;
  readonly kind: Uint16Array;
  readonly cpu: Int16Array;
  readonly lwp: Int32Array;
  readonly object: Int32Array;
  readonly cause: Uint16Array;
  readonly oldValue: Int32Array;
  readonly newValue: Int32Array;
}

export interface StepTarget {
  readonly sequence: number;
  readonly timeNs: number;
}

export interface StateAt {
  /** 0 before the first row. */
  readonly sequence: number;
  /** Time of that row; 0 before the first. */
  readonly timeNs: number;
  /** MachineState.serialize(), with changes tracked. */
  readonly words: Int32Array<ArrayBuffer>;
}
