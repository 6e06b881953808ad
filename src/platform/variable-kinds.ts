import { z } from 'zod'

// An empty variable, as `.env` files have them, means the same as one that is absent.
const blankToUndefined = (value: unknown) => (value === '' ? undefined : value)

/** A variable that may be absent. */
export const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankToUndefined, schema.optional())

/** A variable that has a value where it is absent. */
export const withDefault = <T extends z.ZodType>(schema: T, value: z.input<T>) =>
  z.preprocess((given) => (given === '' || given === undefined ? value : given), schema)

export const text = z.string().min(1)

/** A whole number from 0 on. */
export const count = (value: number) => withDefault(z.coerce.number().int().min(0), value)

/** Several values with commas between them, such as secrets while they rotate. */
export const commaList = z.string().transform((list) =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
)
