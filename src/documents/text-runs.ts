import bidiFactory from 'bidi-js'
import type { DocumentFonts, Face, Weight } from './document-fonts.ts'

/** A stretch of a line that one font sets in one go; `text` reads the way the font lays it out. */
export type TextRun = { text: string; face: Face }

// Its types describe the CommonJS build; the module itself exports the function.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)()
/** Letters, figures and marks that are written from the right, or that say where to write from. */
const turning =
  /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u
const invisible = /[\u200B-\u200F\u202A-\u202E\u2066-\u2069\u061C\uFEFF]/g

/**
 * The runs of one line from left to right on paper, by the Unicode Bidirectional Algorithm: Arabic runs from right to left, figures
 * and foreign words in it do not.
 */
export function toRuns(line: string, direction: 'ltr' | 'rtl', weight: Weight, fonts: DocumentFonts): TextRun[] {
  if (direction === 'ltr' && !turning.test(line)) return byFace(line.replace(invisible, ''), weight, fonts)
  const embedding = bidi.getEmbeddingLevels(line, direction)
  const mirrored = bidi.getMirroredCharactersMap(line, embedding.levels)
  const stretches: { level: number; text: string }[] = []
  for (const [index, unit] of line.split('').entries()) {
    const level = embedding.levels[index] ?? 0
    const last = stretches.at(-1)
    const character = mirrored.get(index) ?? unit
    if (last && last.level === level) last.text += character
    else stretches.push({ level, text: character })
  }
  return inVisualOrder(stretches).flatMap(({ level, text }) => {
    const runs = byFace(text.replace(invisible, ''), weight, fonts)
    if (level % 2 === 0) return runs
    return runs.reverse().map((run) => ({ ...run, text: layoutOrder(run.text) }))
  })
}

/** A font turns Arabic and Hebrew letters around by itself, but not what stands alone between them. */
const layoutOrder = (text: string): string =>
  /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(text) ? text : [...text].toReversed().join('')

/** Rule L2 of the algorithm, for stretches of one level each. */
function inVisualOrder<T extends { level: number }>(stretches: readonly T[]): T[] {
  const ordered = [...stretches]
  const highest = Math.max(0, ...stretches.map(({ level }) => level))
  for (let level = highest; level > 0; level -= 1) {
    let start = 0
    while (start < ordered.length) {
      let end = start
      while (end < ordered.length && (ordered[end]?.level ?? 0) >= level) end += 1
      if (end > start) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse())
      start = end + 1
    }
  }
  return ordered
}

function byFace(text: string, weight: Weight, fonts: DocumentFonts): TextRun[] {
  const runs: TextRun[] = []
  for (const character of text) {
    const last = runs.at(-1)
    const face = fonts.faceFor(character.codePointAt(0) ?? 0, weight, last?.face)
    if (last?.face === face) last.text += character
    else runs.push({ text: character, face })
  }
  return runs
}

const cjk = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}'
// Between two of these a line may end; punctuation and the long vowel mark stay with what they follow.
const unbroken = new RegExp(
  `\\s+|[${cjk}][ー、。，．：；！？）」』】・々]*|[^\\s${cjk}]+[ー、。，．：；！？）」』】・]*`,
  'gu',
)

/** Breaks a text into lines no wider than `width`; a word that is wider itself is broken where it must. */
export function wrapText(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  const put = (piece: string) => {
    if (line !== '' && measure((line + piece).trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line = line === '' ? piece.trimStart() : line + piece
  }
  for (const [word] of text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .matchAll(unbroken)) {
    if (measure(word.trim()) <= width) put(word)
    else for (const { segment } of new Intl.Segmenter().segment(word)) put(segment)
  }
  if (line.trim() !== '') lines.push(line.trimEnd())
  return lines
}
