import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')

/** The rooms of `src`, from the ground up: a room may know those before it and none after it. */
export const rooms = [
  'platform',
  'database',
  'timeline',
  'tasks',
  'parties',
  'merchants',
  'catalog',
  'providers',
  'carriers',
  'tax',
  'operators',
  'outgoing',
  'sources',
  'customers',
  'coupons',
  'checkouts',
  'orders',
  'files',
  'operations',
  'ledger',
  'splits',
  'charges',
  'order-view',
  'goods',
  'disputes',
  'refunds',
  'fulfillment',
  'distribution',
  'payouts',
  'links',
  'fraud',
  'inbox',
  'confirmation',
  'audit',
  'documents',
  'statements',
  'notifications',
  'erasure',
  'recovery',
  'boot',
  'api',
  'demo',
]

/** The room of a file of `src`; undefined for what stands beside the rooms, such as the process that `npm start` is. */
export const roomOf = (file: string): string | undefined => /^src\/([^/]+)\//.exec(file)?.[1]

/** The TypeScript files below a folder of the project, without tests. */
export const filesOf = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file))

/** The files of the project that a file imports. */
export const importsOf = (file: string): string[] =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?:from|import\(?) ?'(\.[^']+)'/g)].map(([, target = '']) =>
    path.join(path.dirname(file), target),
  )

/** Which room knows which, by the imports of their files. */
export function arrows(): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>(rooms.map((room) => [room, new Set()]))
  for (const file of filesOf('src')) {
    const from = roomOf(file)
    for (const target of importsOf(file)) {
      const to = roomOf(target)
      if (from !== undefined && to !== undefined && from !== to) known.get(from)?.add(to)
    }
  }
  return known
}

/** The arrows without those that follow from others, as lines of a picture. */
export function pictureLines(): string[] {
  const known = arrows()
  const leadsTo = (from: string, to: string, except: string | undefined, seen = new Set<string>()): boolean => {
    for (const next of known.get(from) ?? []) {
      if (next === except || seen.has(next)) continue
      if (next === to) return true
      seen.add(next)
      if (leadsTo(next, to, undefined, seen)) return true
    }
    return false
  }
  return [...known].flatMap(([from, targets]) =>
    [...targets]
      .filter((to) => !leadsTo(from, to, to))
      .sort()
      .map((to) => `  ${from} --> ${to}`),
  )
}

export const picturePage = 'docs/architecture.md'
const picture = /(```mermaid\nflowchart BT\n)[\s\S]*?(```)/

/** What `npm run picture` writes: the page with the arrows as the imports have them now. */
export const redrawn = (page: string): string =>
  page.replace(picture, (_, head: string, foot: string) => `${head}${pictureLines().join('\n')}\n${foot}`)

if (import.meta.main) {
  const file = path.join(root, picturePage)
  writeFileSync(file, redrawn(readFileSync(file, 'utf8')))
}
