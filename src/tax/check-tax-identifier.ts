import { definitionOf, type TaxIdentifierDefinition } from './tax-identifier-types.ts'

/**
 * `ok`: `value` is how the number is kept, without blanks and with the letters it is issued with; `compact` is the number alone.
 * `plausible` is false when it has the right form but wrong check digits, which only a type that VIES keeps gets away with:
 * it is always there to decide.
 */
export type CheckedTaxIdentifier = { ok: true; value: string; compact: string; plausible: boolean } | { ok: false }

/** Checks a number against the rules of its type; `{ok: false}` for a wrong form and for a type that does not exist. */
export async function checkTaxIdentifier(type: string, value: string): Promise<CheckedTaxIdentifier> {
  const definition = definitionOf(type)
  const cleaned = value.replace(/[\s./-]/g, '').toUpperCase()
  if (!definition || cleaned.length > 40) return { ok: false }
  const number = numberOf(cleaned, definition)
  if (definition.check instanceof RegExp) {
    return definition.check.test(number) ? accepted(number, definition, true) : { ok: false }
  }
  const result = await validate(definition.check, number)
  if (!result) return { ok: false }
  if (result.isValid) return accepted(result.compact, definition, true)
  const formHolds = ['InvalidChecksum', 'InvalidComponent'].includes(result.error.name)
  return definition.register?.name === 'vies' && formHolds ? accepted(number, definition, false) : { ok: false }
}

/** stdnum takes a moment to load, so only a process that meets a tax identifier loads it. */
async function validate([country, name]: readonly [country: string, validator: string], number: string) {
  const { stdnum } = await import('stdnum')
  const validator = stdnum[country]?.[name]
  if (!validator) throw new Error(`stdnum has no ${country}.${name}`)
  try {
    return validator.validate(number)
  } catch {
    // stdnum 1.12 stumbles over some malformed numbers, such as a Dutch one without its B, instead of refusing them.
    return undefined
  }
}

/**
 * True when an identifier may change what is taxed: it is verified, or it is waiting for its register and its check digits hold.
 * A number that cannot exist does not free anyone from tax while nobody has looked it up.
 */
export async function countsForTax(identifier: { type: string; value: string; state: string }): Promise<boolean> {
  if (identifier.state === 'verified') return true
  if (identifier.state !== 'pending') return false
  const checked = await checkTaxIdentifier(identifier.type, identifier.value)
  return checked.ok && checked.plausible
}

const accepted = (compact: string, { prefix = '' }: TaxIdentifierDefinition, plausible: boolean) => ({
  ok: true as const,
  value: `${prefix}${compact}`,
  compact,
  plausible,
})

/** Greek numbers are issued with EL and often written with GR. */
function numberOf(value: string, { prefix, countries, ending }: TaxIdentifierDefinition): string {
  const written = [prefix, prefix && countries[0]].find((letters) => letters && value.startsWith(letters))
  const number = written ? value.slice(written.length) : value
  return ending ? number.replace(ending, '') : number
}
