import { z } from 'zod'
import { ProviderError } from '../platform/provider-error.ts'
import { accepted, type PrintfulClient } from './printful-client.ts'

const keptForMs = 5 * 60_000
const mostKept = 500
const pageSize = 100
const mostPages = 10

const productSchema = z.object({ id: z.number(), name: z.string(), variant_count: z.number() })
const variantSchema = z.object({
  id: z.number(),
  name: z.string(),
  size: z.string().nullish(),
  color: z.string().nullish(),
})
const paging = z.object({ total: z.number() })

/** Something that can be printed on. */
export type PrintableProduct = { id: number; name: string; variantCount: number }

/** One size and colour of it, whose id a print job names. */
export type PrintableVariant = { id: number; size: string | null; color: string | null }

/**
 * Printful's catalogue (https://developers.printful.com/docs/v2-beta), whose answers are kept for five minutes: it changes seldom, and
 * Printful counts calls. @throws ProviderError
 */
export function createPrintfulCatalogue(call: PrintfulClient) {
  const kept = new Map<string, { until: number; answer: unknown }>()

  const read = async <Entry extends z.ZodType>(path: string, entry: Entry) => {
    const known = kept.get(path)
    const found = known && known.until > Date.now() ? known.answer : await ask(path)
    const answer = z.object({ data: z.array(entry), paging }).safeParse(found)
    if (!answer.success) throw new ProviderError('printful', 'unknown', 'unexpected_answer')
    if (kept.size >= mostKept) kept.clear()
    if (found !== known?.answer) kept.set(path, { until: Date.now() + keptForMs, answer: found })
    return answer.data
  }

  const ask = async (path: string): Promise<unknown> => {
    const answered = await call('GET', path)
    accepted(answered)
    return answered.answer
  }

  return {
    /** What can be printed on, from `offset` on; `total` is how many there are. */
    async products(offset: number): Promise<{ total: number; products: PrintableProduct[] }> {
      const found = await read(`/v2/catalog-products?limit=${pageSize}&offset=${offset}`, productSchema)
      const products = found.data.map(({ id, name, variant_count }) => ({ id, name, variantCount: variant_count }))
      return { total: found.paging.total, products }
    },

    /** Every size and colour of a product. */
    async variants(productId: number): Promise<PrintableVariant[]> {
      const variants: PrintableVariant[] = []
      for (let page = 0; page < mostPages; page += 1) {
        const path = `/v2/catalog-products/${productId}/catalog-variants?limit=${pageSize}&offset=${page * pageSize}`
        const { data, paging } = await read(path, variantSchema)
        variants.push(...data.map(({ id, size, color }) => ({ id, size: size ?? null, color: color ?? null })))
        if (data.length === 0 || variants.length >= paging.total) break
      }
      return variants
    },
  }
}
