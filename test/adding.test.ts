import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inventedFiles, inventedLines, inventedRun } from './invented-provider.ts'
import { freshDatabase, freshRedis } from './services.ts'

const root = path.resolve(import.meta.dirname, '..')
const parts = ['src', 'queues', 'workers', 'sandbox']
const pages = ['add-a-column', 'add-a-job', 'add-an-endpoint', 'add-a-provider']

// Removes the risk that the pages which say how to add something are no longer true.
describe('the pages that say how to add something', () => {
  let copy: string

  beforeEach(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), 'ordermill-adding-'))
    for (const part of [...parts, 'package.json'])
      cpSync(path.join(root, part), path.join(copy, part), {
        recursive: true,
        filter: (source) => !source.endsWith('.test.ts'),
      })
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    const settings = JSON.parse(readFileSync(path.join(root, 'tsconfig.json'), 'utf8'))
    writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify({ ...settings, include: parts }))
  })
  afterEach(() => rmSync(copy, { recursive: true, force: true }))

  const change = (file: string, before: string, after: string) => {
    const text = readFileSync(path.join(copy, file), 'utf8')
    if (!text.includes(before)) throw new Error(`${file} does not contain ${before}`)
    writeFileSync(path.join(copy, file), text.replace(before, after))
  }
  /** Adds the provider that nobody has, as the page says. */
  const invent = () => {
    for (const [file, text] of Object.entries(inventedFiles)) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
      writeFileSync(path.join(copy, file), text)
    }
    for (const { file, after, line } of inventedLines) change(file, after, `${after}${line}`)
  }
  /** The files that the compiler finds fault with. */
  const faults = () =>
    new Promise<string[]>((resolve) => {
      // By one checker: each more learns all types anew, on a core that other tests have a use for.
      const args = ['--noEmit', '--pretty', 'false', '--checkers', '1']
      execFile(path.join(root, 'node_modules/.bin/tsc'), args, { cwd: copy }, (_, out) =>
        resolve([...new Set([...out.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file))].sort()),
      )
    })

  /** The files of the copy that are not as they are here. */
  const touched = () =>
    parts
      .flatMap((part) =>
        readdirSync(path.join(copy, part), { recursive: true, encoding: 'utf8' }).map((file) => path.join(part, file)),
      )
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => {
        const here = path.join(root, file)
        return !existsSync(here) || readFileSync(here, 'utf8') !== readFileSync(path.join(copy, file), 'utf8')
      })
      .sort()
  /** Runs a program in the copy with this environment and no other. */
  const run = (program: string, env: Record<string, string>) =>
    new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [program], { cwd: copy, env: { PATH: process.env.PATH, ...env } }, (error, out, err) =>
        resolve({ code: error?.code ?? 0, out, err }),
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

  it('a column of an order is four files and a job three, and who forgets one of them is told', {
    timeout: 600_000,
  }, async () => {
    change(
      'src/orders/order.entity.ts',
      '    email: p.text(),\n',
      '    email: p.text(),\n    giftNote: p.text().nullable(),\n    channel: p.text(),\n',
    )
    change(
      'queues/catalog.ts',
      "  'confirm-order': {",
      "  'praise-order': { queue: 'confirmation', payload: order, retryDelaysMs: brisk },\n  'confirm-order': {",
    )
    expect(await faults()).toEqual(['src/orders/create-order.ts', 'workers/confirmation.ts'])
    change('src/order-view/read-order.ts', "      'o.email',\n", "      'o.email',\n      'o.channel',\n")
    change('src/api/order-json.ts', '  email: z.', '  channel: z.string(),\n  email: z.')
    change(
      'workers/confirmation.ts',
      "    'confirm-order': ",
      "    'praise-order': async () => {},\n    'confirm-order': ",
    )
    expect(await faults()).toEqual([
      'src/api/order-json.ts',
      'src/order-view/new-order-view.ts',
      'src/orders/create-order.ts',
    ])
    change('src/orders/create-order.ts', '    email: cart.email,\n', "    email: cart.email,\n    channel: 'web',\n")
    change(
      'src/api/order-json.ts',
      '    email: order.email,\n',
      '    email: order.email,\n    channel: order.channel,\n',
    )
    // With the provider that nobody has, in one look of the compiler.
    invent()
    expect(await faults()).toEqual([])
  })

  it('a provider is its folder, its emulator and a line in each of the two lists', { timeout: 600_000 }, async () => {
    invent()
    expect(touched()).toEqual([
      'sandbox/acme/emulator.ts',
      'sandbox/emulators.ts',
      'src/providers/acme/acme-entry.ts',
      'src/providers/acme/acme.ts',
      'src/providers/registry.ts',
    ])
    const page = readFileSync(path.join(root, 'docs/add-a-provider.md'), 'utf8').replaceAll('<name>', 'acme')
    for (const file of touched()) expect(page).toContain(`\`${file}\``)

    writeFileSync(path.join(copy, 'run.ts'), inventedRun)
    const [database, redis] = await Promise.all([freshDatabase(), freshRedis()])
    try {
      const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: copy, LOG_LEVEL: 'silent', PORT: '0' }
      const { out, err } = await run('run.ts', env)
      expect(err).toBe('')
      const { reference, ...rest } = JSON.parse(out)
      expect(rest).toEqual({
        name: 'acme',
        expectedFee: { bps: 250, fixed: 0 },
        offered: true,
        secret: 'acme_sandbox',
        books: 1,
        stored: [{ provider: 'acme', type: 'paid', reference }],
        forged: [400, 'invalid_signature'],
        forgedForOrder: [400, 'invalid_signature'],
      })
      const wrong = await run('src/main.ts', { ...env, PORT: 'x', ACME_FEE_BPS: 'much' })
      expect([wrong.code, wrong.err]).toEqual([1, expect.stringMatching(/PORT: [\s\S]*ACME_FEE_BPS: /)])
      const unsafe = await run('src/main.ts', { ...env, NODE_ENV: 'production', ACME_KEY: 'key' })
      expect([unsafe.code, unsafe.err]).toEqual([
        1,
        expect.stringContaining('ACME_WEBHOOK_SECRET: required with ACME_KEY in production'),
      ])
    } finally {
      await redis.stop()
      await database.drop()
    }
  })
})
