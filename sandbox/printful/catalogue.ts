import { json, type Route } from '../http.ts'
import { type JsonEndpoint, Refusal } from '../json-provider.ts'

export const self = (path: string) => ({ href: `https://api.printful.com/v2/${path}` })

/** What can be printed on: a shirt in three sizes and two colours, and a mug. */
const products = [
  {
    id: 71,
    type: 'T-SHIRT',
    name: 'Unisex Staple T-Shirt | Bella + Canvas 3001',
    brand: 'Bella + Canvas',
    model: '3001',
    sizes: ['S', 'M', 'L'],
    colors: [
      { name: 'White', value: '#ffffff' },
      { name: 'Black', value: '#0b0b0b' },
    ],
    firstVariant: 4011,
  },
  {
    id: 19,
    type: 'MUG',
    name: 'White Glossy Mug',
    brand: null,
    model: null,
    sizes: ['11 oz', '15 oz'],
    colors: [{ name: 'White', value: '#ffffff' }],
    firstVariant: 1320,
  },
] as const

type Product = (typeof products)[number]

export const isProduct = (id: string | undefined): boolean => products.some((product) => String(product.id) === id)

const variantsOf = (product: Product) =>
  product.colors.flatMap((color, row) =>
    product.sizes.map((size, column) => {
      const id = product.firstVariant + row * product.sizes.length + column
      return {
        id,
        catalog_product_id: product.id,
        name: `${product.name} (${color.name} / ${size})`,
        size,
        color: color.name,
        color_code: color.value,
        color_code2: null,
        image: `https://files.cdn.printful.com/products/${product.id}/${id}_1581412541.jpg`,
        availability: [],
        _links: { self: self(`catalog-variants/${id}`) },
      }
    }),
  )

function toProduct(product: Product) {
  const { firstVariant: _, ...shown } = product
  const path = `catalog-products/${product.id}`
  return {
    ...shown,
    main_category_id: 24,
    image: `https://files.cdn.printful.com/products/${product.id}/product_1581412399.jpg`,
    variant_count: variantsOf(product).length,
    is_discontinued: false,
    description: 'Printed when it is ordered.',
    techniques: [],
    placements: [],
    product_options: [],
    _links: { self: self(path), variants: self(`${path}/catalog-variants`) },
  }
}

export const notFound = (what: string): Refusal =>
  new Refusal(json({ data: `${what} not found`, error: { reason: 'NotFound' } }, 404))

export function page<Entry>(path: string, query: URLSearchParams, all: readonly Entry[]) {
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 20)))
  const offset = Math.max(0, Number(query.get('offset') ?? 0))
  const data = all.slice(offset, offset + limit)
  return json({ data, paging: { total: all.length, offset, limit }, _links: { self: self(path) } })
}

/** Printful's catalogue, of its second API. */
export function catalogueRoutes(endpoint: JsonEndpoint): Route[] {
  return [
    endpoint('GET', 'v2/catalog-variants/:id', 'catalogue.variant', ({ id }) => {
      const variant = products.flatMap(variantsOf).find((each) => String(each.id) === id)
      if (!variant) throw notFound('Variant')
      return json({ data: variant, _links: { self: self(`catalog-variants/${id}`) } })
    }),
    endpoint('GET', 'v2/catalog-products', 'catalogue.products', ({ query }) =>
      page('catalog-products', query, products.map(toProduct)),
    ),
    endpoint('GET', 'v2/catalog-products/:id/catalog-variants', 'catalogue.variants', ({ id, query }) => {
      const product = products.find((each) => String(each.id) === id)
      if (!product) throw notFound('Product')
      return page(`catalog-products/${id}/catalog-variants`, query, variantsOf(product))
    }),
  ]
}
