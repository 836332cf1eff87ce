/** Draws at most once a frame, and only when something changed. */
export class FrameLoop {
  private frame = 0;
  private readonly draw: () => void;

  constructor(draw: () => void) {
    this.draw = draw;
  }

  /** Something changed: draw with the next frame. */
  invalidate = (): void => {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  };

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }
}
