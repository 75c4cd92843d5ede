import { distance } from 'fastest-levenshtein';

/** The choice a person most likely meant, or null when none is near. Case doesn't count. */
export function nearest(written: string, choices: Iterable<string>): string | null {
  const wanted = written.toLowerCase();
  const reach = Math.max(1, Math.min(3, Math.floor(written.length / 3)));
  let best: string | null = null;
  let bestDistance = reach + 1;
  for (const choice of choices) {
    const away = distance(wanted, choice.toLowerCase());
    if (away < bestDistance) [best, bestDistance] = [choice, away];
  }
  return best;
}
