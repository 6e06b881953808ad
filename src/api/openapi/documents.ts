import { digitalRiverAddress, isDigitalRiverPath } from '../digital-river.ts'
import { describe } from './describe.ts'
import { eventWebhooks } from './event-webhooks.ts'
import { componentOf, type Document, type PathItem, type Schema } from './json-schema.ts'

export type DocumentName = 'ordermill' | 'digital-river' | 'checkout-links'

const isOfLinks = (path: string) => /^\/v2\/(digital|public|downloads)\//.test(path)

/**
 * The contract of every route, as OpenAPI 3.1, in three documents: ours, that of Digital River's paths, and that of checkout links.
 * `whole` is what the routes say of themselves.
 */
export function toDocuments(whole: Document): Record<DocumentName, Document> {
  const document = describe(JSON.parse(JSON.stringify(whole)) as Document)
  const own = paths(document, (path) => !isDigitalRiverPath(path) && !isOfLinks(path))
  const theirs = paths(document, (path) => isDigitalRiverPath(path) || digitalRiverAddress(path) !== undefined)
  const atRoot = Object.entries(theirs).map(
    ([path, item]) => [digitalRiverAddress(path) ?? path, inTheirMethods(path, item)] as const,
  )
  return {
    ordermill: withUsed({ ...document, paths: own, webhooks: eventWebhooks(document) }),
    'digital-river': withUsed({
      ...document,
      info: {
        ...document.info,
        title: "Ordermill at Digital River's paths",
        description:
          "What an integration that was written for Digital River's API of 2021-12-13 finds at its paths. The states are theirs, and fields without a value are left out.",
      },
      paths: Object.fromEntries(atRoot),
    }),
    'checkout-links': withUsed({
      ...document,
      info: {
        ...document.info,
        title: 'Ordermill checkout links',
        description:
          'Pages that sell one digital product each: products, links, orders and the public page. Answers come in an envelope.',
      },
      paths: paths(document, isOfLinks),
    }),
  }
}

/** Their clients change a webhook by PATCH. */
function inTheirMethods(path: string, item: PathItem): PathItem {
  const { post, ...others } = item
  return path === '/v2/webhook-endpoints/{id}' && post ? { ...others, patch: post } : item
}

const paths = ({ paths: all }: Document, wanted: (path: string) => boolean): Record<string, PathItem> =>
  Object.fromEntries(Object.entries(all).filter(([path]) => wanted(path)))

/** The document with no more schemas, tags and ways to sign in than it uses. */
function withUsed(document: Document): Document {
  const used = new Set<string>()
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const component = Array.isArray(value) ? undefined : componentOf(value as Schema)
    if (component !== undefined && !used.has(component)) {
      used.add(component)
      look(document.components.schemas[component])
    }
    for (const part of Object.values(value)) look(part)
  }
  const answers = new Set(
    [...JSON.stringify(document.paths).matchAll(/"#\/components\/responses\/(\w+)"/g)].map(([, name = '']) => name),
  )
  const responses = only(document.components.responses ?? {}, answers)
  look([document.paths, document.webhooks, responses])
  const operations = [document.paths, document.webhooks ?? {}].flatMap((items) =>
    Object.values(items).flatMap((item) => Object.values(item)),
  )
  const schemes = new Set(operations.flatMap(({ security = [] }) => security.flatMap((way) => Object.keys(way))))
  const tags = new Set(operations.flatMap((operation) => operation.tags ?? []))
  return {
    ...document,
    tags: (document.tags ?? []).filter(({ name }) => tags.has(name)),
    components: {
      ...document.components,
      responses,
      schemas: only(document.components.schemas, used),
      securitySchemes: only(document.components.securitySchemes ?? {}, schemes),
    },
  }
}

const only = <Value>(all: Record<string, Value>, names: ReadonlySet<string>): Record<string, Value> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
