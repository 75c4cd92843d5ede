const PART = 256 * 1024;

/** Pieces of a long text, each short; no character of two units is cut. */
export function* partsOfText(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = Math.min(from + PART, text.length);
    const last = text.charCodeAt(end - 1);
    const to = end < text.length && last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
    yield text.slice(from, to);
    from = to;
  }
}

/** A string of JSON whose parts are only made when they are written. */
export class LongText {
  readonly parts: () => Iterable<string>;

  constructor(parts: () => Iterable<string>) {
    this.parts = parts;
  }
}

export function base64(bytes: Uint8Array): LongText {
  return new LongText(function* parts() {
    // A multiple of 3, so that the parts can stand one after the other.
    const step = 3 * 64 * 1024;
    for (let from = 0; from < bytes.length; from += step) yield Buffer.from(bytes.subarray(from, from + step)).toString('base64');
  });
}
