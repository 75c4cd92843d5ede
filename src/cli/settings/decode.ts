/**
 * Text of a file that a person wrote with whatever they had: UTF-8 with or without a mark, UTF-16 as PowerShell's `>` and Notepad
 * write it, with a mark or without. Null when it is none of these (Windows-1251, a binary file).
 */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    // The decoder drops the mark that belongs to its encoding.
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // No settings text begins with NUL in UTF-8, and its first character is ASCII in practice.
  if (bytes.length >= 2 && second === 0 && first !== 0) return 'utf-16le';
  return bytes.length >= 2 && first === 0 && second !== 0 ? 'utf-16be' : 'utf-8';
}
