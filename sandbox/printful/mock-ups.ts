import { asRecord, json, type Route } from '../http.ts'
import { type JsonEndpoint, Refusal, records } from '../json-provider.ts'
import type { World } from '../world.ts'
import { isProduct, notFound, page, self } from './catalogue.ts'

type Task = {
  id: number
  variantIds: number[]
  styleId: number
  placements: Record<string, unknown>[]
  looks: number
  failed: boolean
}

/** One grey dot, which is enough to see that there is a picture. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const style = { id: 1, category_name: 'Flat', view_name: 'Front', restricted_to_variants: null }
const styles = [
  {
    placement: 'front',
    display_name: 'Front print',
    technique: 'dtg',
    print_area_width: 12,
    print_area_height: 16,
    dpi: 150,
    mockup_styles: [style],
  },
]

function toTask(task: Task, baseUrl: string) {
  const status = task.looks < 2 ? 'pending' : task.failed ? 'failed' : 'completed'
  const mockups = task.placements.map(({ placement, technique }) => ({
    placement,
    display_name: 'Front Print',
    technique,
    style_id: task.styleId,
    mockup_url: `${baseUrl}/printful/mock-ups/${task.id}.png`,
  }))
  return {
    id: task.id,
    status,
    catalog_variant_mockups:
      status === 'completed' ? task.variantIds.map((id) => ({ catalog_variant_id: id, mockups })) : [],
    failure_reasons: status === 'failed' ? [{ type: 'design', detail: 'The file cannot be printed.' }] : [],
    _links: { self: self(`mockup-tasks?id=${task.id}`) },
  }
}

/** What is asked for; its id is given by whoever keeps it. */
function readTask(body: Record<string, unknown>): Omit<Task, 'id'> {
  const [product = {}] = records(body.products)
  const numbers = (list: unknown) => (Array.isArray(list) ? list.map(Number) : [])
  const variantIds = numbers(product.catalog_variant_ids)
  const [styleId] = numbers(product.mockup_style_ids)
  const placements = records(product.placements)
  if (variantIds.length === 0 || styleId === undefined || placements.length === 0)
    throw new Refusal(json({ data: 'Bad request', error: { reason: 'BadRequest' } }, 400))
  const files = placements.flatMap(({ layers }) => records(layers).map((layer) => String(asRecord(layer).url)))
  return { variantIds, styleId, placements, looks: 0, failed: files.some((url) => url.includes('unprintable')) }
}

/**
 * Printful's generator of mock-ups, of its second API. A picture is made when it is asked about the second time; of a print file whose address
 * contains `unprintable` none is made.
 */
export function mockUpRoutes(world: World, endpoint: JsonEndpoint): Route[] {
  const tasks = new Map<number, Task>()
  return [
    endpoint('GET', 'v2/catalog-products/:id/mockup-styles', 'mock_ups.styles', ({ id, query }) => {
      if (!isProduct(id)) throw notFound('Product')
      return page(`catalog-products/${id}/mockup-styles`, query, styles)
    }),
    endpoint('POST', 'v2/mockup-tasks', 'mock_ups.create', ({ body }) => {
      const task = { id: 597_350_001 + tasks.size, ...readTask(body) }
      tasks.set(task.id, task)
      return json({ data: [toTask(task, world.baseUrl())], _links: { self: self('mockup-tasks') } })
    }),
    endpoint('GET', 'v2/mockup-tasks', 'mock_ups.read', ({ query }) => {
      const found = (query.get('id') ?? '').split(',').flatMap((id) => tasks.get(Number(id)) ?? [])
      for (const task of found) task.looks += 1
      return page(
        'mockup-tasks',
        query,
        found.map((task) => toTask(task, world.baseUrl())),
      )
    }),
    {
      method: 'GET',
      path: '/printful/mock-ups/:id',
      handle: () => ({ status: 200, headers: { 'content-type': 'image/png' }, body: picture }),
    },
  ]
}
