import anyAscii from 'any-ascii'
import { doubleMetaphone } from 'double-metaphone'

/** A word of a name: in plain Latin letters, how it sounds, and how much it says about who is meant (1 is a full word). */
export type NameWord = { text: string; sounds: readonly string[]; weight: number }

const slightWeight = 0.25
const titles = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'prof', 'sir', 'herr', 'frau', 'haji', 'sheikh', 'mullah'])
// Left away as often as they are written.
const slight = new Set([
  ...[
    'al',
    'el',
    'ul',
    'ad',
    'as',
    'ar',
    'an',
    'bin',
    'ben',
    'ibn',
    'bint',
    'abu',
    'umm',
    'de',
    'del',
    'della',
    'di',
    'da',
    'dos',
  ],
  ...['la', 'le', 'van', 'von', 'der', 'den', 'ter', 'y', 'e', 'and', 'of', 'the', 'jr', 'sr', 'ii', 'iii'],
  ...[
    'co',
    'company',
    'corp',
    'corporation',
    'inc',
    'incorporated',
    'ltd',
    'limited',
    'llc',
    'llp',
    'plc',
    'gmbh',
    'ag',
    'sa',
    'srl',
  ],
  ...[
    'bv',
    'nv',
    'oy',
    'ab',
    'as',
    'ooo',
    'oao',
    'zao',
    'pjsc',
    'jsc',
    'fze',
    'pte',
    'pty',
    'group',
    'holding',
    'holdings',
  ],
])

/**
 * The words of a name in any script, without case, diacritics, punctuation and titles, so that two spellings of a name can be compared
 * word by word, in alphabetical order. Unicode is brought to its composed form first: a base letter with a combining mark is the same as the letter it makes.
 */
export function nameWords(name: string): NameWord[] {
  const plain = anyAscii(name.normalize('NFKC')).toLowerCase().replace(/['`]/g, '')
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== '' && !titles.has(word))
  return words.sort().map(nameWord)
}

/** One word that is in plain letters already. */
export const nameWord = (text: string): NameWord => ({
  text,
  sounds: [...new Set(doubleMetaphone(text))].filter(Boolean),
  weight: text.length === 1 || slight.has(text) ? slightWeight : 1,
})

/** How the telling words of names sound: two names that may be the same person share at least one. A name of slight words keeps them all. */
export function soundKeys(names: readonly string[]): string[] {
  const keys = names.flatMap((name) => {
    const words = nameWords(name)
    const telling = words.filter(({ weight }) => weight === 1)
    // Digits have no sound.
    return (telling.length > 0 ? telling : words).flatMap(({ text, sounds }) => (sounds.length > 0 ? sounds : [text]))
  })
  return [...new Set(keys)]
}
