import * as z from 'zod';
import { Secret } from '../../core/secret.ts';
import type { SecretCheck } from './notes.ts';
import { refuse } from './values.ts';

/** A secret as the settings name it: where it stands, or itself. */
export type SecretReference =
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'literal'; readonly secret: Secret };

/**
 * `env:NAME`, `file:path` or the secret itself; a literal is checked here, what a reference leads to when it is read. Nothing is echoed:
 * a secret behind the wrong prefix is still a secret.
 */
export function secret(check: SecretCheck) {
  return z
    .string()
    .meta({ examples: ['env:NAME', 'file:name.txt'] })
    .transform((written, context): SecretReference => {
      const text = written.trim();
      const [, scheme, name = ''] = /^(env|file):(.*)$/is.exec(text) ?? [];
      if (scheme?.toLowerCase() === 'env')
        return /^[A-Za-z_]\w*$/.test(name.trim()) ? { kind: 'environment', name: name.trim() } : refuse(context, 'bad_reference');
      if (scheme !== undefined) return name.trim() === '' ? refuse(context, 'bad_reference') : { kind: 'file', path: name.trim() };
      if (text === '') return refuse(context, 'secret_empty');
      const wrong = check(text);
      return wrong === null ? { kind: 'literal', secret: new Secret(text) } : refuse(context, wrong.code, wrong.args);
    });
}
