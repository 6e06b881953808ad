import { z } from 'zod'
import type { PrintfulProduct } from '../catalog/sku.entity.ts'
import { ProviderError } from '../platform/provider-error.ts'
import { accepted, type PrintfulClient } from './printful-client.ts'

const mostBytes = 10_000_000

const variantSchema = z.object({ data: z.object({ catalog_product_id: z.number() }) })
const stylesSchema = z.object({
  data: z.array(
    z.object({ placement: z.string(), technique: z.string(), mockup_styles: z.array(z.object({ id: z.number() })) }),
  ),
})
const tasksSchema = z.object({
  data: z.array(
    z.object({
      id: z.number(),
      status: z.enum(['completed', 'pending', 'failed']),
      catalog_variant_mockups: z.array(z.object({ mockups: z.array(z.object({ mockup_url: z.string() })) })).nullish(),
    }),
  ),
})

/** How far a picture is that Printful was asked for; its address is good for a day. */
export type MockUp = { state: 'pending' } | { state: 'failed' } | { state: 'made'; url: string }

/**
 * Printful's pictures of what a print looks like on a product (https://developers.printful.com/docs/v2-beta, Mockup Generator). They cost
 * nothing, and one that is asked for again is made again. @throws ProviderError
 */
export function createPrintfulMockUps(
  call: PrintfulClient,
  { apiBase, timeoutMs }: { apiBase: string; timeoutMs: number },
) {
  const ask = async <Answer extends z.ZodType>(
    schema: Answer,
    ...request: Parameters<PrintfulClient>
  ): Promise<z.infer<Answer>> => {
    const answered = await call(...request)
    accepted(answered)
    const answer = schema.safeParse(answered.answer)
    if (!answer.success) throw new ProviderError('printful', 'unknown', 'unexpected_answer')
    return answer.data
  }
  const firstTask = async (...request: Parameters<PrintfulClient>) => {
    const [task] = (await ask(tasksSchema, ...request)).data
    if (!task) throw new ProviderError('printful', 'unknown', 'unexpected_answer')
    return task
  }

  return {
    /** Asks for the picture of a variant with its print files, in the first style that there is. Returns Printful's id of it. */
    async begin({ variantId, files }: PrintfulProduct): Promise<number> {
      const { data: variant } = await ask(variantSchema, 'GET', `/v2/catalog-variants/${variantId}`)
      const productId = variant.catalog_product_id
      const { data: styles } = await ask(
        stylesSchema,
        'GET',
        `/v2/catalog-products/${productId}/mockup-styles?limit=100`,
      )
      const placed = files.flatMap(({ url, type }) => {
        const style = styles.find(({ placement }) => placement === type) ?? styles[0]
        return style ? [{ url, style }] : []
      })
      const style = placed[0]?.style.mockup_styles[0]
      if (!style) throw new ProviderError('printful', 'refused', 'no_mock_up_style')
      const placements = placed.map(({ url, style: { placement, technique } }) => ({
        placement,
        technique,
        layers: [{ type: 'file', url }],
      }))
      const product = { source: 'catalog', mockup_style_ids: [style.id], catalog_product_id: productId }
      const asked = { format: 'png', products: [{ ...product, catalog_variant_ids: [variantId], placements }] }
      return (await firstTask('POST', '/v2/mockup-tasks', asked)).id
    },

    async read(id: number): Promise<MockUp> {
      const { status, catalog_variant_mockups: made } = await firstTask('GET', `/v2/mockup-tasks?id=${id}`)
      if (status !== 'completed') return { state: status }
      const url = made?.flatMap(({ mockups }) => mockups)[0]?.mockup_url
      return url ? { state: 'made', url } : { state: 'failed' }
    },

    /** The picture at an address that {@link read} has told, at most 10 MB. */
    async fetch(url: string): Promise<Blob> {
      const { protocol, origin } = new URL(url)
      if (protocol !== 'https:' && origin !== new URL(apiBase).origin)
        throw new ProviderError('printful', 'refused', 'picture_address')
      try {
        const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs * 5), redirect: 'error' })
        if (answer.ok && Number(answer.headers.get('content-length') ?? 0) <= mostBytes) return await answer.blob()
      } catch (cause) {
        throw new ProviderError('printful', 'unknown', 'picture_not_had', { cause })
      }
      throw new ProviderError('printful', 'unknown', 'picture_not_had')
    },
  }
}
