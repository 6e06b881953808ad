import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { startOperations, type TestOperations } from './ops-api.ts'
import { hasPromtool } from './promtool.ts'

const root = path.resolve(import.meta.dirname, '..')
const file = path.join(root, 'ops/prometheus/ordermill.rules.yml')
const { groups } = parse(readFileSync(file, 'utf8')) as {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string; runbook: string } }[] }[]
}
const rules = groups.flatMap((group) => group.rules)

const noPromtool = !hasPromtool()

/** What an hour looks like in which everything is well, sample by sample of a minute. */
const quiet: Record<string, string> = {
  ordermill_database_up: '1x60',
  ordermill_redis_writable: '1x60',
  ordermill_oldest_due_task_seconds: '2x60',
  ordermill_oldest_unhandled_event_seconds: '1x60',
  'ordermill_tasks{state="failed"}': '0x60',
  ordermill_orders_attention: '0x60',
  ordermill_orphans: '3x60',
  'ordermill_webhooks_total{provider="acme",outcome="refused"}': '1x60',
  'ordermill_sweeps_total{sweep="orders",outcome="failed"}': '0x60',
  'ordermill_provider_waiting_tasks{provider="acme"}': '0x60',
  'ordermill_provider_call_seconds_count{provider="acme",outcome="answered"}': '0+100x60',
  'ordermill_provider_call_seconds_count{provider="acme",outcome="unknown"}': '0+1x60',
  ordermill_lapsing_authorizations_total: '2x60',
  'ordermill_books_unexplained{provider="acme",currency="USD"}': '0x60',
}

/** What goes wrong, and what has to be called for by it. */
const faults: Record<string, Record<string, string>> = {
  OrdermillPostgresDown: { ordermill_database_up: '0x60' },
  OrdermillRedisRefusesWrites: { ordermill_redis_writable: '0x60' },
  OrdermillWorkersBehind: { ordermill_oldest_due_task_seconds: '0+60x60' },
  OrdermillWebhooksBehind: { ordermill_oldest_unhandled_event_seconds: '0+60x60' },
  OrdermillTaskFailed: { 'ordermill_tasks{state="failed"}': '1x60' },
  OrdermillOrderNeedsAttention: { ordermill_orders_attention: '1x60' },
  OrdermillOrphanedWebhooks: { ordermill_orphans: '3+1x60' },
  OrdermillWebhooksRefused: { 'ordermill_webhooks_total{provider="acme",outcome="refused"}': '1+1x60' },
  OrdermillSweepFails: { 'ordermill_sweeps_total{sweep="orders",outcome="failed"}': '0+1x60' },
  OrdermillProviderDown: { 'ordermill_provider_waiting_tasks{provider="acme"}': '4x60' },
  OrdermillProviderErrors: { 'ordermill_provider_call_seconds_count{provider="acme",outcome="unknown"}': '0+50x60' },
  OrdermillAuthorizationsLapse: { ordermill_lapsing_authorizations_total: '2+1x60' },
  OrdermillMoneyUnexplained: { 'ordermill_books_unexplained{provider="acme",currency="USD"}': '-500x60' },
}

// Removes the risk that something is wrong and nobody is called, or that somebody is called at night for nothing.
describe('the alerts', () => {
  let api: TestOperations
  let folder: string

  beforeAll(async () => {
    api = await startOperations()
    folder = mkdtempSync(path.join(os.tmpdir(), 'ordermill-alerts-'))
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await api?.close()
  })

  it('are about metrics that there are, and lead to a place in the runbook', async () => {
    const shown = await (await fetch(`${api.origin}/metrics`)).text()
    const headings = [...readFileSync(path.join(root, 'docs/operations.md'), 'utf8').matchAll(/^#+ (.*)$/gm)].map(
      ([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replaceAll(/\s/g, '-'),
    )
    for (const { alert, expr, annotations } of rules) {
      for (const [name] of expr.matchAll(/ordermill_\w+/g))
        expect(shown, `${alert}: ${name}`).toContain(`# TYPE ${name.replace(/_count$/, '')} `)
      expect(headings, alert).toContain(annotations.runbook)
    }
    expect(Object.keys(faults)).toEqual(rules.map(({ alert }) => alert))
  })

  const play = (faulty: Record<string, string>, expected: Record<string, boolean>) => {
    const series = Object.entries({ ...quiet, ...faulty }).map(([name, values]) => ({ series: name, values }))
    const test = {
      rule_files: [file],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: series,
          promql_expr_test: Object.entries(expected).map(([alert, fires]) => ({
            expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) > 0 or vector(0)`,
            eval_time: '45m',
            exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
          })),
        },
      ],
    }
    const at = path.join(folder, 'play.yml')
    writeFileSync(at, stringify(test))
    try {
      return execFileSync('promtool', ['test', 'rules', at], { encoding: 'utf8', stdio: 'pipe' })
    } catch (error) {
      return (error as { stdout: string; stderr: string }).stderr
    }
  }

  it.skipIf(noPromtool)('are silent in a quiet hour', () => {
    const silent = Object.fromEntries(rules.map(({ alert }) => [alert, false]))
    expect(play({}, silent)).toContain('SUCCESS')
  })

  it.skipIf(noPromtool).each(Object.keys(faults))('%s fires for its fault, and no other does', (name) => {
    const expected = Object.fromEntries(rules.map(({ alert }) => [alert, alert === name]))
    expect(play(faults[name] ?? {}, expected)).toContain('SUCCESS')
  })
})
