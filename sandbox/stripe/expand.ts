import { invalidParameter } from './errors.ts'
import type { StripeState } from './state.ts'

/** A copy of the object with the named ids replaced by what they stand for, e.g. `latest_charge.balance_transaction`. */
export function expanded(state: StripeState, object: object, paths: readonly string[]): object {
  let result = object
  for (const path of paths) result = expandPath(state, result, path.split('.'), path)
  return result
}

function expandPath(state: StripeState, object: object, steps: readonly string[], whole: string): object {
  const [step, ...rest] = steps
  if (step === undefined) return object
  if (Array.isArray(object)) return object.map((item) => expandPath(state, item, steps, whole))
  const value: unknown = Object.entries(object).find(([name]) => name === step)?.[1]
  if (value === undefined && step !== 'data' && rest.length === 0 && !('object' in object)) {
    throw invalidParameter(`This property cannot be expanded (${whole}).`, 'expand')
  }
  const target = typeof value === 'string' ? state.byId(value) : value
  if (typeof target !== 'object' || target === null) return object
  return { ...object, [step]: expandPath(state, target, rest, whole) }
}
