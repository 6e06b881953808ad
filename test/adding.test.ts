import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const pages = ['add-a-column', 'add-a-job', 'add-an-endpoint', 'add-a-provider']

// Removes the risk that the pages which say how to add something are no longer true.
describe('the pages that say how to add something', () => {
  let copy: string

  beforeAll(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), 'ordermill-adding-'))
    for (const part of ['src', 'queues', 'workers', 'package.json'])
      cpSync(path.join(root, part), path.join(copy, part), {
        recursive: true,
        filter: (source) => !source.endsWith('.test.ts'),
      })
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    const settings = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
    writeFileSync(
      path.join(copy, 'tsconfig.json'),
      JSON.stringify({ ...settings, include: ['src', 'queues', 'workers'] }),
    )
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  const change = (file: string, before: string, after: string) => {
    const text = readFileSync(path.join(copy, file), 'utf8')
    if (!text.includes(before)) throw new Error(`${file} does not contain ${before}`)
    writeFileSync(path.join(copy, file), text.replace(before, after))
  }
  /** The files that the compiler finds fault with. */
  const faults = () =>
    new Promise<string[]>((resolve) => {
      execFile(path.join(root, 'node_modules/.bin/tsc'), ['--noEmit', '--pretty', 'false'], { cwd: copy }, (_, out) =>
        resolve([...new Set([...out.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file))].sort()),
      )
    })

  it('name files that are there', () => {
    for (const page of pages) {
      const files = [...readFileSync(path.join(root, `docs/${page}.md`), 'utf8').matchAll(/`([\w./-]+\.(?:ts|yml))`/g)]
      expect(files.length).toBeGreaterThan(1)
      for (const [, file = ''] of files) {
        if (file.includes('/')) expect([file, existsSync(path.join(root, file))]).toEqual([file, true])
      }
    }
  })

  it('a column of an order is four files, and who forgets to fill or to show it is told', {
    timeout: 600_000,
  }, async () => {
    change(
      'src/orders/order.entity.ts',
      '    email: p.text(),\n',
      '    email: p.text(),\n    giftNote: p.text().nullable(),\n    channel: p.text(),\n',
    )
    expect(await faults()).toEqual(['src/orders/create-order.ts'])
    change('src/order-view/read-order.ts', "      'o.email',\n", "      'o.email',\n      'o.channel',\n")
    expect(await faults()).toEqual(['src/order-view/new-order-view.ts', 'src/orders/create-order.ts'])
    change('src/orders/create-order.ts', '    email: cart.email,\n', "    email: cart.email,\n    channel: 'web',\n")
    change('src/api/order-json.ts', '  email: z.', '  channel: z.string(),\n  email: z.')
    expect(await faults()).toEqual(['src/api/order-json.ts'])
    change(
      'src/api/order-json.ts',
      '    email: order.email,\n',
      '    email: order.email,\n    channel: order.channel,\n',
    )
    expect(await faults()).toEqual([])
  })

  it('a job without a handler does not compile', { timeout: 600_000 }, async () => {
    change(
      'queues/catalog.ts',
      "  'confirm-order': {",
      "  'praise-order': { queue: 'confirmation', payload: order, retryDelaysMs: brisk },\n  'confirm-order': {",
    )
    expect(await faults()).toEqual(['workers/confirmation.ts'])
    change(
      'workers/confirmation.ts',
      "    'confirm-order': ",
      "    'praise-order': async () => {},\n    'confirm-order': ",
    )
    expect(await faults()).toEqual([])
  })
})
