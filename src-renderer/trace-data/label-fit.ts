/**
 * Labels that fit or vanish: the whole text where there is room, else the short one, else nothing. Text is
 * measured once for each string.
 */
export class LabelFit {
  private readonly widths = new Map<string, number>();
  private readonly measure: (text: string) => number;

  /** @param measure width of a text in CSS pixels, in the font that labels are drawn in */
  constructor(measure: (text: string) => number) {
    this.measure = measure;
  }

  widthOf(text: string): number {
    let width = this.widths.get(text);
    if (width === undefined) {
      width = this.measure(text);
      this.widths.set(text, width);
    }
    return width;
  }

  /** The longest of the candidates (in order of preference) that is at most `roomPx` wide, or ''. */
  fit(long: string, short: string, roomPx: number): string {
    // No text is narrower than this; saves looking up the millions of slivers.
    if (roomPx < 6) return '';
    if (this.widthOf(long) <= roomPx) return long;
    return short !== '' && this.widthOf(short) <= roomPx ? short : '';
  }
}
