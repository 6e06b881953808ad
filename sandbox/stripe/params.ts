import { asRecord } from '../http.ts'
import { invalidParameter } from './errors.ts'

export type Params = Record<string, unknown>

/** A text parameter, or undefined when absent or empty (an empty value unsets, in Stripe's encoding). */
export function text(params: Params, name: string): string | undefined {
  const value = params[name]
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string')
    throw invalidParameter('Invalid string: must be a string', name, 'parameter_invalid_string')
  return value
}

/** A text parameter that has to be there. */
export function requiredText(params: Params, name: string): string {
  const value = text(params, name)
  if (value === undefined) throw invalidParameter(`Missing required param: ${name}.`, name, 'parameter_missing')
  return value
}

/** One of a closed list of texts. */
export function choice<Value extends string>(
  params: Params,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const value = text(params, name)
  if (value === undefined) return undefined
  const known = values.find((candidate) => candidate === value)
  if (known) return known
  throw invalidParameter(`Invalid ${name}: must be one of ${values.join(', ')}`, name)
}

/** A whole number ≥ 0. */
export function integer(params: Params, name: string): number | undefined {
  const value = text(params, name)
  if (value === undefined) return undefined
  if (!/^-?\d+$/.test(value)) throw invalidParameter(`Invalid integer: ${value}`, name, 'parameter_invalid_integer')
  const number = Number(value)
  if (number < 0) throw invalidParameter('Invalid integer: must be at least 0', name, 'parameter_invalid_integer')
  return number
}

/** A flag, sent as the text `true` or `false`. */
export function flag(params: Params, name: string): boolean | undefined {
  const value = text(params, name)
  if (value === undefined) return undefined
  if (value !== 'true' && value !== 'false') throw invalidParameter(`Invalid boolean: ${value}`, name)
  return value === 'true'
}

/** A nested hash, `{}` when absent. */
export function hash(params: Params, name: string): Params {
  return asRecord(params[name])
}

/** A list of texts. */
export function texts(params: Params, name: string): string[] | undefined {
  const value = params[name]
  if (value === undefined || value === '') return undefined
  return (Array.isArray(value) ? value : Object.values(asRecord(value))).map(String)
}

/** An ISO currency in Stripe's lower case. */
export function currencyOf(params: Params): string {
  const value = requiredText(params, 'currency').toLowerCase()
  if (!/^[a-z]{3}$/.test(value)) throw invalidParameter(`Invalid currency: ${value}.`, 'currency')
  return value
}

/** The metadata after a request: sent keys are set, those sent empty are removed, the rest stays. */
export function mergedMetadata(before: Record<string, string>, params: Params): Record<string, string> {
  if (params.metadata === undefined) return before
  const after = { ...before }
  for (const [key, value] of Object.entries(hash(params, 'metadata'))) {
    if (value === '') delete after[key]
    else after[key] = String(value).slice(0, 500)
  }
  if (Object.keys(after).length > 50) throw invalidParameter('Metadata can have up to 50 keys.', 'metadata')
  return after
}

/** Refuses parameters that the endpoint does not know, as Stripe does. */
export function onlyKnown(params: Params, known: ReadonlySet<string>): void {
  for (const name of Object.keys(params)) {
    if (!known.has(name)) throw invalidParameter(`Received unknown parameter: ${name}`, name, 'parameter_unknown')
  }
}
