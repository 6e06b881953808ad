import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { catalog } from '../queues/catalog.ts'
import { freePort } from '../src/boot/services/ports.ts'
import { createWorkerParts } from '../workers/connect-worker.ts'
import { serveMetrics } from '../workers/metrics-server.ts'
import { startOperations, type TestOperations } from './ops-api.ts'
import { hasPromtool } from './promtool.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts the variable's value there.
const source = z.object({ type: z.literal('prometheus'), uid: z.literal('${datasource}') })
const place = z.object({
  x: z.number().int().min(0).max(23),
  y: z.number().int().min(0),
  w: z.number().int().min(1).max(24),
  h: z.number().int().min(1),
})
const common = { id: z.number().int().min(1), title: z.string().min(1), gridPos: place }
const target = z.object({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: source,
  expr: z.string().min(1),
  legendFormat: z.string(),
})
const shown = { ...common, description: z.string().min(1), datasource: source, options: z.looseObject({}) }

/** What Grafana asks of a dashboard, as far as this one uses it. */
const dashboardSchema = z.looseObject({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.number().int().min(36),
  time: z.object({ from: z.string(), to: z.string() }),
  templating: z.object({
    list: z.tuple([
      z.looseObject({ name: z.literal('datasource'), type: z.literal('datasource'), query: z.literal('prometheus') }),
    ]),
  }),
  panels: z.array(
    z.discriminatedUnion('type', [
      z.object({ ...common, type: z.literal('row'), collapsed: z.literal(false), panels: z.tuple([]) }),
      z.object({ ...shown, type: z.literal('alertlist') }),
      z.object({ ...shown, type: z.literal('stat'), targets: z.array(target).min(1) }),
      z.object({ ...shown, type: z.literal('timeseries'), targets: z.array(target).min(1) }),
    ]),
  ),
})
const dashboard: unknown = JSON.parse(read('ops/grafana/ordermill.json'))
const { panels } = dashboardSchema.parse(dashboard)

const { groups } = parse(read('ops/prometheus/ordermill.rules.yml')) as {
  groups: { rules: { alert: string; expr: string }[] }[]
}
const asked = [
  ...panels.flatMap((panel) =>
    'targets' in panel ? panel.targets.map(({ expr }) => ({ of: `panel ${panel.title}`, expr })) : [],
  ),
  ...groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ of: `rule ${alert}`, expr }))),
]

/** The metrics that an expression names, each with the labels that are compared. */
const selectorsOf = (expr: string) =>
  [...expr.matchAll(/\b(ordermill_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', labels = '']) => ({
    name,
    matchers: [...labels.matchAll(/(\w+)(=~?|!=|!~)"([^"]*)"/g)].map(([, label = '', , value = '']) => ({
      label,
      values: value.split('|'),
    })),
  }))

/** What an expression is summed up by. */
const groupingsOf = (expr: string) =>
  [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()))

/** The labels whose values are a closed list, and the list. */
const closedLists: Record<string, readonly string[]> = {
  'ordermill_task_seconds job': Object.keys(catalog),
  'ordermill_task_seconds outcome': ['done', 'moot', 'already_done', 'busy', 'failed'],
  'ordermill_provider_call_seconds outcome': ['answered', 'refused', 'unknown', 'unavailable', 'broken'],
  'ordermill_queue_tasks state': ['due', 'later', 'retrying', 'failed'],
  'ordermill_tasks state': ['pending', 'enqueued', 'failed'],
  'ordermill_database_connections state': ['used', 'free', 'waiting'],
  'ordermill_sweeps_total outcome': ['done', 'failed'],
  'ordermill_webhooks_total outcome': ['stored', 'duplicate', 'refused'],
}

// Removes the risk that a dashboard or an alert is quiet because it asks for what nobody exports.
describe('the dashboard for Grafana', () => {
  let api: TestOperations
  let worker: Awaited<ReturnType<typeof createWorkerParts>>
  let folder: string
  let types: Map<string, string>
  let labelsOf: (name: string) => readonly string[]

  beforeAll(async () => {
    api = await startOperations()
    folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-dashboard-'))
    worker = await createWorkerParts(api.config, 'workers')
    const port = await freePort()
    const served = serveMetrics(worker, port)
    const scraped = await Promise.all(
      [api.origin, `http://127.0.0.1:${port}`].map(async (origin) => (await fetch(`${origin}/metrics`)).text()),
    )
    await served.close()
    types = new Map(
      scraped.flatMap((text) =>
        [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type] as const),
      ),
    )
    labelsOf = (name) => {
      const metric = api.parts.metrics.registry.getSingleMetric(name)
      return metric && 'labelNames' in metric ? (metric.labelNames as string[]) : []
    }
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await worker?.close()
    await api?.close()
  })

  /** The metric behind a name that a query uses: a histogram is asked for by its buckets, its count or its sum. */
  const exported = (name: string) => {
    const [, base = '', suffix] = /^(\w+?)(_bucket|_count|_sum)?$/.exec(name) ?? []
    if (suffix) return types.get(base) === 'histogram' ? base : undefined
    return types.has(name) && types.get(name) !== 'histogram' ? name : undefined
  }

  it('asks, as the alerts do, only for metrics that a running system exports, by labels that they have', () => {
    expect(asked.length).toBeGreaterThan(40)
    for (const { of, expr } of asked) {
      const selectors = selectorsOf(expr)
      for (const { name, matchers } of selectors) {
        const metric = exported(name)
        expect(metric, `${of}: ${name}`).toBeDefined()
        for (const { label, values } of matchers) {
          expect(labelsOf(metric ?? ''), `${of}: ${name}`).toContain(label)
          const list = closedLists[`${metric} ${label}`]
          if (list) expect(list, `${of}: ${label}`).toEqual(expect.arrayContaining(values))
        }
      }
      // ALERTS is what Prometheus itself makes of the rules.
      const known = expr.includes('ALERTS{') ? ['alertname', 'severity'] : ['le']
      known.push(...selectors.flatMap(({ name }) => labelsOf(exported(name) ?? '')))
      for (const label of groupingsOf(expr)) expect(known, `${of}: by ${label}`).toContain(label)
    }
  })

  it('shows every metric that is exported', () => {
    const asking = new Set(
      panels
        .flatMap((panel) => ('targets' in panel ? panel.targets : []))
        .flatMap(({ expr }) => selectorsOf(expr).map(({ name }) => exported(name))),
    )
    expect([...types.keys()].filter((name) => !asking.has(name))).toEqual([])
  })

  it('has panels of their own ids that lie on the grid and on no other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const taken = new Map<string, string>()
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1)
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          expect(taken.get(`${x},${y}`), `${title} lies on`).toBeUndefined()
          taken.set(`${x},${y}`, title)
        }
    }
    expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Orders and money',
      'Queues',
      'Providers and carriers',
      'Postgres and Redis',
      'Alerts',
    ])
  })

  it('names a series in its legend only by labels that the series has', () => {
    for (const panel of panels) {
      if (!('targets' in panel)) continue
      expect(new Set(panel.targets.map(({ refId }) => refId)).size).toBe(panel.targets.length)
      for (const { expr, legendFormat } of panel.targets) {
        const kept = [...groupingsOf(expr), ...(/\b(sum|max|count|topk)\b/.test(expr) ? [] : ['instance'])]
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(kept, panel.title).toContain(label)
      }
    }
  })

  it.skipIf(!hasPromtool())('asks what Prometheus understands', () => {
    const rules = asked.map(({ expr }, index) => ({
      record: `asked:${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }))
    const file = path.join(folder, 'asked.yml')
    writeFileSync(file, stringify({ groups: [{ name: 'asked', rules }] }))
    expect(execFileSync('promtool', ['check', 'rules', file], { encoding: 'utf8', stdio: 'pipe' })).toContain(
      `SUCCESS: ${rules.length} rules found`,
    )
  })
})
