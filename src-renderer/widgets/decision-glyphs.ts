/**
 * The marks of decisions on canvas. Hollow: the kernel gave way. Solid: the thread's time ended. Cross: the
 * promise was taken back. Circle = tick, square = preemption. Each is drawn once for a size and theme and
 * then copied.
 */
import { DECISION } from '#shared/model/enums.ts';
import type { ColourName, ThemeColours } from '../theme/theme-colours.ts';

const COLOUR: Readonly<Record<number, ColourName>> = {
  [DECISION.deferredAtTick]: 'oc-deftick',
  [DECISION.deferredAtPreempt]: 'oc-defpre',
  [DECISION.yielded]: 'oc-yield',
  [DECISION.failsafe]: 'oc-failsafe',
  [DECISION.forced]: 'oc-forced',
  [DECISION.updateSkipped]: 'oc-skip',
  [DECISION.aborted]: 'oc-failsafe',
  [DECISION.endedByCall]: 'oc-yield',
};

/** Colour of an outcome. */
export function outcomeColour(outcome: number): ColourName {
  return COLOUR[outcome] ?? 'text-3';
}

/** Width of the ring in the lane's colour that sets a mark off from what is under it, in CSS pixels. */
const HALO_PX = 2;

/** Draws one mark centred on 0, 0 with the outer radius `r`. */
function trace(
  g: CanvasRenderingContext2D,
  outcome: number,
  r: number,
  colour: string,
  inside: string,
): void {
  const stroke = r < 4.5 ? 1.4 : 1.8;
  const inner = r - stroke / 2;
  g.lineWidth = stroke;
  g.strokeStyle = colour;
  g.fillStyle = inside;
  g.lineJoin = 'miter';
  g.beginPath();
  switch (outcome) {
    case DECISION.deferredAtTick:
      g.arc(0, 0, inner, 0, 2 * Math.PI);
      g.fill();
      g.stroke();
      return;
    case DECISION.deferredAtPreempt: {
      const side = inner * 0.88;
      g.rect(-side, -side, 2 * side, 2 * side);
      g.fill();
      g.stroke();
      return;
    }
    case DECISION.yielded:
      g.moveTo(-r, -r * 0.8);
      g.lineTo(r, -r * 0.8);
      g.lineTo(0, r);
      g.closePath();
      g.fillStyle = colour;
      g.fill();
      return;
    case DECISION.aborted:
    case DECISION.endedByCall:
      g.moveTo(-inner, -inner * 0.7);
      g.lineTo(inner, -inner * 0.7);
      g.lineTo(0, inner * 0.9);
      g.closePath();
      g.fill();
      g.stroke();
      return;
    case DECISION.failsafe:
      g.moveTo(0, -r * 1.1);
      g.lineTo(r * 1.1, 0);
      g.lineTo(0, r * 1.1);
      g.lineTo(-r * 1.1, 0);
      g.closePath();
      g.fillStyle = colour;
      g.fill();
      return;
    case DECISION.forced: {
      const arm = r * 0.72;
      g.lineWidth = stroke * 1.5;
      g.lineCap = 'square';
      g.moveTo(-arm, -arm);
      g.lineTo(arm, arm);
      g.moveTo(arm, -arm);
      g.lineTo(-arm, arm);
      g.stroke();
      return;
    }
    default:
      g.arc(0, 0, inner, 0, 2 * Math.PI);
      g.fill();
      g.setLineDash([2, 1.6]);
      g.lineWidth = 1.2;
      g.stroke();
      g.setLineDash([]);
      g.beginPath();
      g.lineWidth = stroke;
      g.moveTo(-inner * 0.55, 0);
      g.lineTo(inner * 0.55, 0);
      g.stroke();
  }
}

/** Ready-made marks for one theme and pixel ratio. */
export class GlyphSprites {
  private readonly sprites = new Map<string, HTMLCanvasElement>();
  private readonly theme: ThemeColours;
  private readonly scale: number;

  constructor(theme: ThemeColours, scale: number) {
    this.theme = theme;
    this.scale = scale;
  }

  /** Draws the mark of `outcome` centred on `x`, `y`; `size` is its width. All in CSS pixels. */
  draw(g: CanvasRenderingContext2D, outcome: number, x: number, y: number, size: number): void {
    const sprite = this.sprite(outcome, size);
    const width = sprite.width / this.scale;
    // On whole device pixels, or the edges blur.
    const left = Math.round((x - width / 2) * this.scale) / this.scale;
    const top = Math.round((y - width / 2) * this.scale) / this.scale;
    g.drawImage(sprite, left, top, width, width);
  }

  private sprite(outcome: number, size: number): HTMLCanvasElement {
    const key = `${outcome}/${size}`;
    const have = this.sprites.get(key);
    if (have !== undefined) return have;
    const side = Math.ceil((size + 2 * HALO_PX + 2) * this.scale);
    const sprite = document.createElement('canvas');
    sprite.width = side;
    sprite.height = side;
    const g = sprite.getContext('2d')!;
    g.scale(this.scale, this.scale);
    g.translate(side / this.scale / 2, side / this.scale / 2);
    const ground = this.theme.css['bg-lane'];
    g.beginPath();
    g.arc(0, 0, size / 2 + HALO_PX, 0, 2 * Math.PI);
    g.fillStyle = ground;
    g.fill();
    trace(g, outcome, size / 2, this.theme.css[outcomeColour(outcome)], ground);
    this.sprites.set(key, sprite);
    return sprite;
  }
}
