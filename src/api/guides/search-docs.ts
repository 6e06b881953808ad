import MiniSearch from 'minisearch'
import type { DocumentName } from '../openapi/documents.ts'
import type { Document } from '../openapi/json-schema.ts'
import { operationsOf } from '../openapi/operations-of.ts'
import type { Guide } from './read-guides.ts'

export type Found = { address: string; title: string; text: string }

const mostFound = 20

/** Finds sections of guides and operations of the documents by their words, also by their beginnings and with a slip of the pen. */
export function createSearch(guides: readonly Guide[], documents: Record<DocumentName, Document>) {
  const all = [
    ...guides.flatMap(({ name, sections }) =>
      sections.map(({ anchor, ...section }) => ({ address: `/docs/guides/${name}#${anchor}`, ...section })),
    ),
    ...operationsFound('ordermill', documents),
    ...operationsFound('checkout-links', documents),
    ...operationsFound('digital-river', documents),
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

const operationsFound = (of: DocumentName, documents: Record<DocumentName, Document>): Found[] =>
  operationsOf(of, documents[of]).map(({ address, method, path, operation: { summary = '', description = '' } }) => ({
    address,
    title: `${summary}: ${method} ${path}`,
    text: description,
  }))
