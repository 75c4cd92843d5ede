import type { ObjectFiles } from '../ports/object-files.ts';
import { build } from './build.ts';
import { inspect } from './inspect.ts';
import { verify } from './verify.ts';

/** The codec behind the port. */
export const objectFiles: ObjectFiles = { inspect, verify, build };
