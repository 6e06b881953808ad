import { ApiError } from '../platform/errors.ts'
import type { ProductOption } from './product.entity.ts'
import type { SkuOption } from './sku.entity.ts'

export const mostOptions = 3
export const mostVariants = 100
const mostLetters = 200

const folded = (text: string): string => text.toLowerCase()
const repeated = (texts: readonly string[]): string | undefined => {
  const seen = new Set<string>()
  return texts.find((text) => seen.size === seen.add(folded(text)).size)
}
const refuse = (parameter: string, problem: string) =>
  new ApiError('invalid_parameter', { message: `${parameter}: ${problem}`, parameter })

/** What a variant is called wherever a line is named, such as `T-shirt (M, Blue)`. @throws ApiError `invalid_parameter` for one too long */
export function nameOfVariant(product: string, options: readonly SkuOption[]): string {
  const name = `${product} (${options.map(({ value }) => value).join(', ')})`
  if (name.length > mostLetters) throw refuse('name', `${name.slice(0, 60)}… has more than ${mostLetters} letters`)
  return name
}

/** Refuses options of which buyers could not tell one from another: in these, upper and lower case are one. @throws ApiError `invalid_parameter` */
export function checkOptions(options: readonly ProductOption[]): void {
  const twice = repeated(options.map(({ name }) => name))
  if (twice !== undefined) throw refuse('options', `${twice} is there twice`)
  for (const { name, values } of options) {
    const double = repeated(values)
    if (double !== undefined) throw refuse('options', `${name} has ${double} twice`)
  }
}

/**
 * What somebody says of a variant, as its product spells it and in its order.
 * @throws ApiError `invalid_parameter` for an option that is missing, too much or unknown, and for a value that the product does not have
 */
export function placeOptions(
  said: readonly SkuOption[],
  options: readonly ProductOption[],
  parameter: string,
): SkuOption[] {
  const placed = options.map(({ name, values }) => {
    const given = said.find((option) => folded(option.name) === folded(name))
    if (!given) throw refuse(parameter, `${name} is missing`)
    const value = values.find((one) => folded(one) === folded(given.value))
    if (value === undefined) throw refuse(parameter, `there is no ${name} ${given.value}`)
    return { name, value }
  })
  if (said.length !== options.length) throw refuse(parameter, `say one value of each of ${namesOf(options)}`)
  return placed
}

const namesOf = (options: readonly ProductOption[]): string => options.map(({ name }) => name).join(', ')

/** The options with values that a new variant brings, behind those that are there. */
export const withValuesOf = (options: readonly ProductOption[], said: readonly SkuOption[]): ProductOption[] =>
  options.map(({ name, values }) => {
    const value = said.find((option) => folded(option.name) === folded(name))?.value
    const isNew = value !== undefined && !values.some((one) => folded(one) === folded(value))
    return { name, values: isNew ? [...values, value] : values }
  })

/** What tells variants apart. */
export const keyOf = (options: readonly SkuOption[]): string => JSON.stringify(options.map(({ value }) => value))

/** Every variant that options make, in their order; no more than `mostVariants` and one. */
export const everyVariant = (options: readonly ProductOption[]): SkuOption[][] =>
  options.reduce<SkuOption[][]>(
    (variants, { name, values }) =>
      variants.flatMap((before) => values.map((value) => [...before, { name, value }])).slice(0, mostVariants + 1),
    [[]],
  )

/** Variants in the order of their product's options. */
export function inOrder<Variant extends { options?: SkuOption[] | null | undefined }>(
  variants: readonly Variant[],
  options: readonly ProductOption[],
): Variant[] {
  const place = ({ options: own }: Variant, at: number) => options[at]?.values.indexOf(own?.[at]?.value ?? '') ?? 0
  return variants.toSorted((a, b) =>
    options.reduce((difference, _, at) => difference || place(a, at) - place(b, at), 0),
  )
}
