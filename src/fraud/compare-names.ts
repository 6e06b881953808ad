import { jaroWinkler } from '@skyra/jaro-winkler'
import { type NameWord, nameWord, nameWords } from './name-words.ts'

/** Words that are less alike are two words. */
const sameWord = 0.8
/** What words are worth at least that sound the same and look alike, such as Gaddafi and Qadhafi. */
const sameSound = 0.89
const looksAlike = 0.72
const shortestHeard = 4
/** How alike two words written together have to be to one, and how long that is at least. */
const joined = 0.94
const shortestJoined = 7
/** A word that only one of the two names has counts as half a difference: middle names come and go. */
const missing = 0.5
/** With one of several words in common nobody is recognised; with one word for a name, never for sure. */
const atMostWithOneWord = 0.7
const atMostForOneWordName = 0.9

/**
 * How likely two names are the same, 0 to 1. The order of words, case, diacritics and punctuation do not matter; spellings of
 * transliterated names are heard (Double Metaphone) as well as compared (Jaro-Winkler).
 */
export function compareNames(one: string, other: string): number {
  return compareWords(nameWords(one), nameWords(other))
}

/** {@link compareNames} for names whose words are known. */
export function compareWords(oneName: readonly NameWord[], otherName: readonly NameWord[]): number {
  if (oneName.length === 0 || otherName.length === 0) return 0
  const one = joinLike(oneName, otherName)
  const other = joinLike(otherName, oneName)
  const pairs = one
    .flatMap((a) => other.map((b) => ({ a, b, likeness: compareWord(a, b) })))
    .filter(({ likeness }) => likeness > 0)
    .sort((p, q) => q.likeness * (q.a.weight + q.b.weight) - p.likeness * (p.a.weight + p.b.weight))
  const left = new Set<NameWord>([...one, ...other])
  let matched = 0
  let matchedWeight = 0
  let tellingPairs = 0
  for (const { a, b, likeness } of pairs) {
    if (!left.has(a) || !left.has(b)) continue
    left.delete(a)
    left.delete(b)
    matched += likeness * (a.weight + b.weight)
    matchedWeight += a.weight + b.weight
    if (a.weight === 1 && b.weight === 1) tellingPairs += 1
  }
  const unmatchedWeight = [...left].reduce((sum, { weight }) => sum + weight * missing, 0)
  const score = matched / (matchedWeight + unmatchedWeight)
  const mostTelling = Math.max(tellingWords(one), tellingWords(other))
  if (mostTelling <= 1) return Math.min(score, atMostForOneWordName)
  return tellingPairs < 2 ? Math.min(score, atMostWithOneWord) : score
}

/** Two words of a name become one where the other name writes them together: Abdul Rahman, Abdulrahman. */
function joinLike(words: readonly NameWord[], other: readonly NameWord[]): readonly NameWord[] {
  const texts = new Set(words.map(({ text }) => text))
  for (const { text } of other) {
    if (text.length < shortestJoined || texts.has(text)) continue
    for (const first of words) {
      for (const second of words) {
        if (first === second || Math.abs(first.text.length + second.text.length - text.length) > 1) continue
        const together = first.text + second.text
        if (jaroWinkler(together, text) < joined) continue
        return [...words.filter((word) => word !== first && word !== second), nameWord(together)]
      }
    }
  }
  return words
}

const tellingWords = (words: readonly NameWord[]): number => words.filter(({ weight }) => weight === 1).length

function compareWord(a: NameWord, b: NameWord): number {
  if (a.text === b.text) return 1
  const likeness = jaroWinkler(a.text, b.text)
  const heard =
    likeness >= looksAlike &&
    Math.min(a.text.length, b.text.length) >= shortestHeard &&
    a.sounds.some((sound) => b.sounds.includes(sound))
  if (likeness < sameWord && !heard) return 0
  // Squared: one letter of a long word is a slip, of a short one it is another word.
  return Math.max(likeness ** 2, heard ? sameSound : 0)
}
