import { Gauge, type Registry } from 'prom-client'
import type { Database } from './database.ts'

/** Shows a process's connections to Postgres on its metrics, as of each scrape. */
export function watchPool(registry: Registry, database: Pick<Database, 'pool'>): void {
  new Gauge({
    name: 'ordermill_database_connections',
    help: 'Connections of this process’s pool by state (used, free), and callers that wait for one (waiting).',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(database.pool())) this.set({ state }, count)
    },
  })
}
