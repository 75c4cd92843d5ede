const BEGIN = 200;

/** Names with `, ` between them, compared with a text as they come, so that millions of them needn't be kept. */
export class JoinedNames {
  readonly #text: string;
  #count = 0;
  #at = 0;
  #fits = true;
  #begin = '';

  constructor(text: string) {
    this.#text = text;
  }

  add(name: string): void {
    const next = this.#count === 0 ? name : `, ${name}`;
    this.#count += 1;
    this.#fits &&= this.#text.startsWith(next, this.#at);
    this.#at += next.length;
    if (this.#begin.length < BEGIN) this.#begin += next.slice(0, BEGIN);
  }

  /** Whether they are the text. */
  get fit(): boolean {
    return this.#fits && this.#at === this.#text.length;
  }

  /** How they begin. */
  get begin(): string {
    return this.#begin;
  }
}
