let made = 0;

/** Ids that grow, so that ties of dates are ordered as rows were made. */
export function nextId(): string {
  made += 1;
  return `00000000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`;
}
