import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { rowsOf, statement } from '../database/statement.ts'
import type { Config } from '../platform/config.ts'
import { compareNames, compareWords } from './compare-names.ts'
import type { DeniedAddress } from './denied-person.entity.ts'
import { type NameWord, nameWords, soundKeys } from './name-words.ts'
import type { Finding, Person, ScreenInput } from './screen-order.ts'

type Candidate = Awaited<ReturnType<typeof findBySound>>[number]

/** What the address adds to the likeness of a name: a listed one makes it likelier, another country less likely. */
const sameCountry = 0.03
const sameCity = 0.05
const otherCountry = -0.08
/** Of names as common as Mohammed the ones with most words in common are looked at. */
const mostCandidates = 1_000

/**
 * The judge of sanctions lists: compares whoever is named on an order with every listed name and alias. Candidates are found in
 * the database by how their words sound, and scored here. From `DENIED_PERSONS_REVIEW_SCORE` on a person decides, from
 * `DENIED_PERSONS_BLOCK_SCORE` on there is no order.
 */
export function createDeniedPersonsJudge({
  database,
  config,
}: {
  database: Database
  config: Pick<Config, 'deniedPersons'>
}) {
  const { reviewScore, blockScore } = config.deniedPersons
  return async ({ people }: Pick<ScreenInput, 'people'>): Promise<Finding> => {
    const named = distinct(people)
    const candidates = await findCandidates(database, named)
    let worst: { candidate: Candidate; score: number } | undefined
    for (const candidate of candidates) {
      const person = named[candidate.position]
      const score = person ? scoreCandidate(person, candidate) : 0
      if (score > (worst?.score ?? 0)) worst = { candidate, score }
    }
    const score = Math.round((worst?.score ?? 0) * 1000) / 1000
    if (!worst || score < reviewScore)
      return { judge: 'denied_persons', outcome: 'passed', reason: 'nobody on a list', score }
    const { list, entryNumber } = worst.candidate
    return {
      judge: 'denied_persons',
      outcome: score >= blockScore ? 'blocked' : 'review',
      reason: `resembles entry ${entryNumber} of list ${list}`,
      score,
    }
  }
}

/** Whoever is billed is mostly shipped to, and asked for once. */
function distinct(people: readonly Person[]) {
  const named = people.flatMap(({ name, address }) => (name ? [{ name, words: nameWords(name), address }] : []))
  return [...new Map(named.map((person) => [JSON.stringify([person.name, person.address]), person])).values()]
}

/** How likely a buyer is a listed person, 0 to 1. */
function scoreCandidate(
  person: { words: readonly NameWord[]; address: Person['address'] },
  { names, addresses }: Candidate,
): number {
  const likeness = Math.max(...names.map((name) => compareWords(person.words, nameWords(name))))
  return Math.max(0, Math.min(1, likeness + weighAddress(person.address, addresses)))
}

/** Minor evidence only: many entries have no address, and people move. */
export function weighAddress(address: Person['address'], listed: readonly DeniedAddress[]): number {
  const known = listed.filter(({ country }) => country !== null)
  if (!address?.country || known.length === 0) return 0
  const there = known.filter(({ country }) => country === address.country)
  if (there.length === 0) return otherCountry
  const { city } = address
  // Lists write postal codes into the city.
  const sameTown =
    city && there.some((entry) => entry.city && compareNames(city, entry.city.replace(/\d+/g, ' ')) >= 0.9)
  return sameTown ? sameCity : sameCountry
}

const findBySound = statement<{ asked: { position: number; keys: string[] }[] }>()((db, $) =>
  db
    .selectFrom(rowsOf($.asked, 'q', { position: 'integer', keys: 'text[]' }))
    .crossJoinLateral((of) =>
      of
        .selectFrom('denied_persons')
        .select(['list', 'entry_number', 'name', 'aliases', 'addresses'])
        .where((d) => sql<boolean>`${d.ref('sound_keys')} && ${d.ref('q.keys')}`)
        .orderBy(
          (d) =>
            sql`(select count(*) from unnest(${d.ref('sound_keys')}) as k(key) where k.key = any (${d.ref('q.keys')}))`,
          'desc',
        )
        .orderBy((d) => sql`cardinality(${d.ref('sound_keys')})`)
        .orderBy('list')
        .orderBy('entry_number')
        .limit(mostCandidates)
        .as('d'),
    )
    .select((d) => [
      'q.position',
      'd.list',
      'd.entry_number as entryNumber',
      sql<string[]>`jsonb_build_array(${d.ref('d.name')}) || ${d.ref('d.aliases')}`.as('names'),
      'd.addresses',
    ]),
)

async function findCandidates(database: Database, named: readonly { name: string }[]): Promise<Candidate[]> {
  const asked = named.map(({ name }, position) => ({ position, keys: soundKeys([name]) }))
  if (asked.every(({ keys }) => keys.length === 0)) return []
  return findBySound(database, { asked })
}
