import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ormPoolSize } from '../src/database/database.ts'
import { environment } from '../src/platform/environment.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

/** Settings that a production installation of docker-compose.yml does not choose, and why. */
const notPassed: Record<string, string> = {
  HOST: 'the image listens on all addresses of its container',
  PORT: 'the port of the container is fixed; PORT says which one of the machine leads there',
  DATA_DIR: 'the image keeps its files in the volume at /data',
  WEBHOOKS_ALLOW_PRIVATE: 'production refuses it',
  PAYPAL_SANDBOX_ROOT: 'only for the sandbox',
  SANDBOX_URL: 'only for the sandbox',
  SANDBOX_PORT: 'only for the sandbox',
  SANDBOX_WEBHOOK_TARGET: 'only for the sandbox',
  SANDBOX_DATA_FILE: 'only for the sandbox',
  SANDBOX_LATENCY_MS: 'only for the sandbox',
  POSTGRES_PORT: 'only for the Postgres that npm start runs',
  REDIS_PORT: 'only for the Redis that npm start runs',
}

const documented = [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? '')

type Service = {
  command?: string[]
  environment?: Record<string, string | number | null>
  healthcheck?: { test: string[] }
  profiles?: string[]
}
const servicesOf = (file: string): Record<string, Service> => parse(read(file), { merge: true }).services

/** What a later file changes of an earlier one, as Compose merges them: mappings by key, profiles together, the rest anew. */
const merged = (base: Record<string, Service>, override: Record<string, Service>): Record<string, Service> => {
  const names = [...new Set([...Object.keys(base), ...Object.keys(override)])]
  return Object.fromEntries(
    names.map((name) => {
      const [before, after] = [base[name] ?? {}, override[name] ?? {}]
      const profiles = [...(before.profiles ?? []), ...(after.profiles ?? [])]
      return [name, { ...before, ...after, environment: { ...before.environment, ...after.environment }, profiles }]
    }),
  )
}

const forms = {
  separate: { services: servicesOf('docker-compose.yml'), profiles: [] as string[], procfile: 'Procfile' },
  small: {
    services: merged(servicesOf('docker-compose.yml'), servicesOf('docker-compose.small.yml')),
    profiles: ['small'],
    procfile: 'Procfile.small',
  },
}

/** What `docker compose up` starts with these profiles. */
const started = ({ services, profiles }: (typeof forms)['small']) =>
  Object.entries(services).filter(
    ([, service]) => !service.profiles?.length || service.profiles.some((profile) => profiles.includes(profile)),
  )
const scriptOf = ({ command }: Service) => (command?.[0] === 'node' ? command[1] : undefined)

/** The value of a setting whose default stands in the file, as in `${NAME:-8}`. */
const defaultOf = (value: unknown): number | undefined => {
  const [, number] = /^(?:\$\{\w+:-)?(\d+)\}?$/.exec(String(value ?? '')) ?? []
  return number === undefined ? undefined : Number(number)
}
// The migration holds a lock, migrates, and then boots: each with a connection or a small pool of its own.
const connectionsOfMigration = 8
const poolSizeByDefault = environment.shape.DATABASE_POOL_SIZE.parse(undefined)

const namesOf = (file: string, service: string) => Object.keys(servicesOf(file)[service]?.environment ?? {})
const ofAll = namesOf('docker-compose.yml', 'api')
const ofMigrate = namesOf('docker-compose.yml', 'migrate').filter((name) => !ofAll.includes(name))
const ofWorkers = namesOf('docker-compose.yml', 'confirmation').filter((name) => !ofAll.includes(name))

// Removes the risk that somebody sets what docs/configuration.md promises, and no service of production ever hears of it.
describe('docker-compose.yml', () => {
  it('passes every setting that a production installation may choose', () => {
    expect(documented.length).toBeGreaterThan(100)
    const silent = documented.filter(
      (name) => ![...ofAll, ...ofMigrate, ...ofWorkers].includes(name) && !(name in notPassed),
    )
    expect(silent).toEqual([])
  })

  it('gives every service all of them but those of the first boot', () => {
    expect(documented.filter((name) => name.startsWith('BOOTSTRAP_'))).toEqual(ofMigrate)
    expect(ofWorkers).toEqual(['WORKER_METRICS_PORT'])
  })

  it('passes no other, and no exception is out of date', () => {
    expect([...ofAll, ...ofMigrate].filter((name) => !documented.includes(name))).toEqual([])
    expect(Object.keys(notPassed).filter((name) => !documented.includes(name) || ofAll.includes(name))).toEqual([])
  })
})

// Removes the risk that a form of the installation lacks a worker, does not notice a dead one, or asks Postgres for more than it gives.
describe.each(Object.entries(forms))('the %s form of docker-compose.yml', (name, form) => {
  const nodes = started(form).flatMap(([service, parts]) => {
    const script = scriptOf(parts)
    return script ? [{ service, script, ...parts }] : []
  })

  it('starts what its Procfile starts', () => {
    const lines = [...read(form.procfile).matchAll(/^[\w-]+: (?:\S+=\S+ )*node (\S+)$/gm)].map(([, script]) => script)
    expect(nodes.map(({ script }) => script).sort()).toEqual(lines.sort())
    expect(lines).toHaveLength(name === 'small' ? 3 : 12)
  })

  it('runs every worker there is, once', () => {
    const all = [...read('workers/all.ts').matchAll(/^import \{ \w+ \} from '\.\/([\w-]+)\.ts'$/gm)].map(
      ([, worker]) => `workers/${worker}.ts`,
    )
    expect(all).toHaveLength(10)
    const running = nodes.flatMap(({ script }) => (script === 'workers/all.ts' ? all : [script]))
    expect(running.filter((script) => script.startsWith('workers/')).sort()).toEqual(all.sort())
  })

  it('passes every process all settings', () => {
    for (const { service, environment = {} } of nodes) {
      expect(
        ofAll.filter((setting) => !(setting in environment)),
        service,
      ).toEqual([])
    }
  })

  it('asks every process but the migration whether it is well', () => {
    for (const { service, script, environment, healthcheck } of nodes) {
      if (service === 'migrate') continue
      const port = script === 'src/main.ts' ? 3000 : environment?.WORKER_METRICS_PORT
      expect(port, service).toBeTypeOf('number')
      expect(healthcheck?.test.join(' '), service).toContain(`http://127.0.0.1:${port}/`)
    }
  })

  it('has a Postgres that takes the pools of all processes together, and some people besides', () => {
    const pools = nodes.map(({ service, environment }) =>
      service === 'migrate'
        ? connectionsOfMigration
        : (defaultOf(environment?.DATABASE_POOL_SIZE) ?? poolSizeByDefault) + ormPoolSize,
    )
    const most = form.services.postgres?.command?.find((word) => word.startsWith('max_connections='))
    const limit = defaultOf(most?.replace('max_connections=', '')) ?? 0
    // Three are kept for superusers.
    expect(limit - 3).toBeGreaterThanOrEqual(pools.reduce((sum, size) => sum + size, 0))
  })
})

describe('the Procfile of the small form', () => {
  it('bounds its processes as its compose file does', () => {
    const services = servicesOf('docker-compose.small.yml')
    const procfile = read('Procfile.small')
    for (const name of ['api', 'workers']) {
      const [, line = ''] = new RegExp(`^${name}: (.*)$`, 'm').exec(procfile) ?? []
      const settings = [...line.matchAll(/(\w+)=(\S+)/g)].map(([, setting, value]) => [setting, value])
      expect(Object.fromEntries(settings), name).toEqual(services[name]?.environment)
    }
  })
})
