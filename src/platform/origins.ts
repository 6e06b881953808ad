import { z } from 'zod'

/** What a browser sends as `Origin`: scheme, host and port of a page, and nothing behind them. */
const originSchema = z
  .string()
  .trim()
  .refine(
    (text) => /^https?:/.test(text) && URL.parse(text)?.origin === text,
    'is no origin, such as https://shop.example',
  )

/** The origins whose pages may use a publishable key; an empty list is none given, and any page may. */
export const originsSchema = z
  .array(originSchema)
  .max(50)
  .transform((origins) => (origins.length > 0 ? [...new Set(origins)] : null))
