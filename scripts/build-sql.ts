import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCRIPT_NAME, buildScript } from './sql/script.ts';

/** `npm run build:sql`: the one file that a DBA runs by hand and that `install` sends. */
const target = fileURLToPath(new URL(`../sql/sql-server/${SCRIPT_NAME}`, import.meta.url));
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, buildScript());
console.log(target);
