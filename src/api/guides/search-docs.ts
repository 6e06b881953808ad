import MiniSearch from 'minisearch'
import type { DocumentName } from '../openapi/documents.ts'
import { type Document, methods } from '../openapi/json-schema.ts'
import type { Guide } from './read-guides.ts'

export type Found = { address: string; title: string; text: string }

const mostFound = 20

/** Finds sections of guides and operations of the documents by their words, also by their beginnings and with a slip of the pen. */
export function createSearch(guides: readonly Guide[], documents: Record<DocumentName, Document>) {
  const all = [
    ...guides.flatMap(({ name, sections }) =>
      sections.map(({ anchor, ...section }) => ({ address: `/docs/guides/${name}#${anchor}`, ...section })),
    ),
    ...operationsOf('/docs', documents.ordermill),
    ...operationsOf('/docs?of=checkout-links', documents['checkout-links']),
    ...operationsOf('/docs?of=digital-river', documents['digital-river']),
  ].map((found, id) => ({ id, ...found }))
  const index = new MiniSearch<(typeof all)[number]>({
    fields: ['title', 'text'],
    searchOptions: { boost: { title: 3 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  })
  index.addAll(all)
  return (words: string): Found[] =>
    index
      .search(words)
      .slice(0, mostFound)
      .flatMap(({ id }) => all[id] ?? [])
}

function operationsOf(page: string, { paths }: Document): Found[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const { operationId, summary = '', description = '', tags = [] } = item[method] ?? {}
      if (!operationId) return []
      const address = `${page}#/${encodeURIComponent(tags[0] ?? 'default')}/${operationId}`
      return [{ address, title: `${summary}: ${method.toUpperCase()} ${path}`, text: description }]
    }),
  )
}
