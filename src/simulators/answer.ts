/** What goes back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** `application/json` where it is missing. */
  readonly contentType?: string;
  /** Seconds, sent as the header `Retry-After`. */
  readonly retryAfter?: number;
}

/** How a service words the faults that are its own. */
export interface OwnErrors {
  readonly broken: Answer;
  tooMany(seconds: number): Answer;
}
