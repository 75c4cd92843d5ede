/** The commands of a document, block by block: its fenced `sh` blocks, without comments and empty lines. */
export function shellBlocks(markdown: string): readonly (readonly string[])[] {
  return [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  );
}
