import { closest, distance } from 'fastest-levenshtein'
import { ApiError } from '../platform/errors.ts'
import type { KnownFields } from './known-fields.ts'

/** A name that the contract does not know, where it stands, and what else could stand there. */
type Unknown = { path: string; name: string; known: readonly string[] }

/** As many are told at once; who misspelt more hears of them with the next request. */
const mostTold = 20

/** How much of a name may differ from another one that is meant. */
const likeness = 0.4

/** @throws ApiError `unknown_parameter` that names every name of a value that the contract does not know, with the nearest one that it does */
export function refuseUnknownFields(value: unknown, known: KnownFields): void {
  const [first, ...further] = findUnknown(value, known, '').slice(0, mostTold).map(describe)
  if (first) throw new ApiError('unknown_parameter', { ...first, further })
}

function findUnknown(value: unknown, known: KnownFields, at: string): Unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    const { each } = known
    return each ? value.flatMap((entry, index) => findUnknown(entry, each, `${at}${index}.`)) : []
  }
  // What should be no object at all is told by its schema.
  if (!known.open && known.fields.size === 0 && at !== '') return []
  return Object.entries(value).flatMap(([name, entry]) => {
    const field = known.fields.get(name)
    if (field) return findUnknown(entry, field, `${at}${name}.`)
    return known.open ? [] : [{ path: `${at}${name}`, name, known: [...known.fields.keys()] }]
  })
}

function describe({ path, name, known }: Unknown) {
  const near = nearest(name, known)
  return { message: `Unknown parameter \`${path}\`.${near ? ` Did you mean \`${near}\`?` : ''}`, parameter: path }
}

/** The name that was probably meant: another way to write it, or one a few letters away. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = new Map(known.map((each) => [withoutStyle(each), each]))
  const wanted = withoutStyle(name)
  if (plain.size === 0 || wanted.length === 0) return undefined
  const best = closest(wanted, [...plain.keys()])
  return distance(wanted, best) <= Math.ceil(wanted.length * likeness) ? plain.get(best) : undefined
}

/** `customer_id`, `customer-id` and `customerId` are one name. */
const withoutStyle = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
