import type { z } from 'zod'
import type { SellingEntity } from '../../../checkouts/selling-entity.ts'
import type { FormState } from '../../pages/elements.ts'
import type { SentForm } from './page-form.ts'

const addressFields = ['line1', 'line2', 'city', 'postalCode', 'state'] as const
const countryFields = ['shipFromCountries', 'shipToCountries', 'billToCountries'] as const
const names = [
  ...['id', 'country', 'name', 'addressCountry', 'taxIdentifiers', 'disclosures'],
  ...addressFields,
  ...countryFields,
]

/** The form's fields as they were sent. */
export const sentValues = (form: SentForm): FormState['values'] =>
  Object.fromEntries(names.map((name) => [name, form.text(name)]))

/** An entity as the form shows it. */
export const valuesOf = (entity: SellingEntity): FormState['values'] => ({
  name: entity.name,
  ...Object.fromEntries(addressFields.map((name) => [name, entity.address[name] ?? ''])),
  addressCountry: entity.address.country,
  ...Object.fromEntries(countryFields.map((name) => [name, entity[name].join(', ')])),
  taxIdentifiers: entity.taxIdentifiers.map(({ type, value }) => `${type} ${value}`).join('\n'),
  disclosures: entity.disclosures
    .map(({ type, localizedText, url }) =>
      [type, localizedText.replace(/\s+/g, ' '), ...(url ? [url] : [])].join(' | '),
    )
    .join('\n'),
})

/** What a form says, in the words of the API, which checks it. */
export const toInput = (values: FormState['values']): Record<string, unknown> => {
  const text = (name: string) => (values[name] ?? '').trim()
  const optional = (name: string) => text(name) || undefined
  return {
    id: text('id'),
    country: text('country').toUpperCase(),
    name: text('name'),
    address: {
      ...Object.fromEntries(addressFields.map((name) => [name, optional(name)])),
      line1: text('line1'),
      city: text('city'),
      country: text('addressCountry').toUpperCase(),
    },
    ...Object.fromEntries(
      countryFields.map((name) => [
        name,
        text(name)
          .toUpperCase()
          .split(/[\s,;]+/)
          .filter(Boolean),
      ]),
    ),
    taxIdentifiers: linesOf(text('taxIdentifiers')).map((line) => {
      const [type = '', ...value] = line.split(/\s+/)
      return { type: type.toLowerCase(), value: value.join(' ') }
    }),
    disclosures: linesOf(text('disclosures')).map((line) => {
      const [type = '', ...parts] = line.split('|').map((part) => part.trim())
      const url = parts.length > 1 ? parts.at(-1) : undefined
      const words = url === undefined ? parts : parts.slice(0, -1)
      return { type, localizedText: words.join(' | '), ...(url ? { url } : {}) }
    }),
  }
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

const sentences: Record<string, string> = {
  id: 'Please use 1 to 64 letters, digits, _ . and -.',
  country: 'Please enter a two-letter country code such as IE.',
  addressCountry: 'Please enter a two-letter country code such as IE.',
  name: 'Please enter its legal name, in one line.',
  line1: 'Please enter the street, in one line.',
  city: 'Please enter the city, in one line.',
}

/** What is wrong with an entity, said at the fields of the form. */
export function entityErrors({ issues }: Pick<z.ZodError, 'issues'>): FormState['errors'] {
  // The first thing that is wrong with a field is the one to mend first.
  const errors: FormState['errors'] = {}
  for (const { path, message } of issues) {
    const field = fieldAt(path)
    errors[field] ??= sentences[field] ?? `${itemAt(path)}${message}.`
  }
  return errors
}

/** The field that shows a parameter of the API, such as `address.country` or `taxIdentifiers.0.value`. */
export function fieldAt([first, second]: readonly PropertyKey[]): string {
  if (first !== 'address') return String(first ?? 'form')
  return second === 'country' ? 'addressCountry' : String(second)
}

/** Which of a field's several entries is meant. */
function itemAt(path: readonly PropertyKey[]): string {
  const index = path.find((part) => typeof part === 'number')
  const part = path.at(-1)
  if (index === undefined) return 'It '
  return `Entry ${Number(index) + 1}: ${typeof part === 'string' ? `${part} ` : ''}`
}
