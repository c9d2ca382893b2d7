import type { ServiceContext } from './context.js';

const keptOf = new WeakMap<ServiceContext, Map<unknown, object>>();

/**
 * What a method keeps from one question to the next: what was made for a context by the same function before, or else is made
 * now. What has a `close` is closed with the context.
 * @param make a function of a module, which is what it is known by
 */
export function kept<Value extends object>(
  context: ServiceContext,
  make: (context: ServiceContext) => Value,
): Value {
  const all = keptOf.get(context) ?? new Map<unknown, object>();
  keptOf.set(context, all);
  const known = all.get(make) as Value | undefined;
  if (known) return known;
  const made = make(context);
  all.set(make, made);
  return made;
}

export async function closeKept(context: ServiceContext): Promise<void> {
  const all = [...(keptOf.get(context)?.values() ?? [])];
  keptOf.delete(context);
  for (const one of all) await (one as { close?(): unknown }).close?.();
}
