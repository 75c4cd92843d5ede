/** `node --import`: connections to a server under test are used again, see mssql-warm.ts. */
import { registerHooks } from 'node:module';

const WARM = new URL('mssql-warm.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith('/connection.ts') && /\/src\/sql-server\/[\w-]+\.ts$/u.test(context.parentURL ?? '')
      ? { url: WARM, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});
