import { afterAll, describe, expect, it } from 'vitest'
import { freePort } from '../src/boot/services/ports.ts'
import { createLog } from '../src/platform/log.ts'
import { createMetrics } from '../src/platform/metrics.ts'
import { serveMetrics } from './metrics-server.ts'

// Removes the risk that a worker tells its figures to anybody on the network, or that nobody hears that it lives.
describe('the port of a worker', async () => {
  const port = await freePort()
  const config = { host: '127.0.0.1', metricsToken: 'token-of-this-test' }
  const server = serveMetrics({ config, metrics: createMetrics(), log: createLog('silent', 'test') }, port)
  afterAll(() => server.close())

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers })

  it('shows metrics to this machine, and to others only with the token', async () => {
    const elsewhere = { 'x-forwarded-for': '203.0.113.9' }
    expect(await (await get('/metrics')).text()).toContain('# TYPE ordermill_task_seconds histogram')
    const refused = await get('/metrics', elsewhere)
    expect([refused.status, await refused.text()]).toEqual([401, ''])
    expect((await get('/metrics', { forwarded: 'for=203.0.113.9' })).status).toBe(401)
    expect((await get('/metrics', { ...elsewhere, authorization: 'Bearer token-of-this-tesT' })).status).toBe(401)
    expect((await get('/metrics', { ...elsewhere, authorization: `Bearer ${config.metricsToken}` })).status).toBe(200)
  })

  it('says to anybody that the process lives, and nothing else', async () => {
    const alive = await get('/healthz', { 'x-forwarded-for': '203.0.113.9' })
    expect([alive.status, await alive.text()]).toEqual([200, 'ok\n'])
    expect((await get('/')).status).toBe(404)
  })
})
