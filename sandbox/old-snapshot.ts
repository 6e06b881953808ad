import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync } from 'node:fs'
import path from 'node:path'
import type { Books, Effect } from './books.ts'
import type { EventLog, LoggedEvent } from './event-log.ts'
import type { Store } from './store.ts'

type Snapshot = { version: 1; tables: Record<string, [string, unknown][]> }

const opening = '{"version":1'

/**
 * Earlier sandboxes kept everything in one JSON file. Where there is one in the place of the database, or beside it
 * under its name with `.json`, it is put aside; returns where it lies, until `takeOver` is done with it.
 */
export function setAside(databaseFile: string): string | undefined {
  const aside = `${databaseFile}.snapshot`
  const { dir, name } = path.parse(databaseFile)
  for (const old of [databaseFile, path.join(dir, `${name}.json`)]) if (isSnapshot(old)) renameSync(old, aside)
  return existsSync(aside) ? aside : undefined
}

/** Enters what a snapshot holds in the database, in one transaction, and marks the file as taken over. */
export function takeOver(
  file: string,
  { store, books, events }: { store: Store; books: Books; events: EventLog },
): void {
  const { tables } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot
  for (const [name, rows] of Object.entries(tables)) {
    const [, provider, kind] = /^books\.([^.]+)\.(.+)$/.exec(name) ?? []
    if (provider !== undefined && kind !== undefined) {
      for (const [, effect] of rows) books.record(provider, kind, effect as Effect)
    } else if (name === 'events') {
      for (const [, event] of rows) events.add(event as LoggedEvent)
    } else if (!name.startsWith('books.')) {
      for (const [key, row] of rows) enter(store, name, key, row)
    }
  }
  store.write()
  renameSync(file, `${file}.taken-over`)
}

/** Lists of ids were relations. */
function enter(store: Store, name: string, key: string, row: unknown): void {
  if (Array.isArray(row)) {
    for (const id of row) store.relation(name).append(key, String(id))
    return
  }
  const { customer, answer } = Object(row) as { customer?: unknown; answer?: unknown }
  // A request that was in flight when the snapshot was made has ended since.
  if (answer === null) return
  store.table(name).set(key, row)
  // The payments of a customer were found by looking at all of them.
  if (name === 'stripe.paymentIntents' && typeof customer === 'string')
    store.relation('stripe.intentsByCustomer').append(customer, key)
}

function isSnapshot(file: string): boolean {
  if (!existsSync(file)) return false
  const bytes = Buffer.alloc(opening.length)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, bytes)
  } finally {
    closeSync(descriptor)
  }
  return bytes.toString('utf8') === opening
}
