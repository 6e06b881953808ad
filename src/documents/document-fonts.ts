import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'

export type Weight = 'regular' | 'bold'

/** A font with the characters it can show. */
export type Face = { font: Font; covers(codePoint: number): boolean }

/** The fonts of documents, each read when the first character needs it. */
export type DocumentFonts = {
  /** The face for a character; the one before stays as long as it can. */
  faceFor(codePoint: number, weight: Weight, before?: Face): Face
}

// Latin, Greek and Cyrillic first: whatever two fonts share is set in it.
const families: readonly Record<Weight, string>[] = [
  {
    regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
    bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/almarai/400Regular/Almarai_400Regular.ttf',
    bold: '@expo-google-fonts/almarai/700Bold/Almarai_700Bold.ttf',
  },
  {
    regular: '@expo-google-fonts/biz-udpgothic/400Regular/BIZUDPGothic_400Regular.ttf',
    bold: '@expo-google-fonts/biz-udpgothic/700Bold/BIZUDPGothic_700Bold.ttf',
  },
]

/** Made once per process; a font takes some megabytes of memory from its first character on. */
export function createDocumentFonts(): DocumentFonts {
  const require = createRequire(import.meta.url)
  const faces = new Map<string, Face>()
  const load = (file: string): Face => {
    const known = faces.get(file)
    if (known) return known
    const font = create(readFileSync(require.resolve(file)))
    if (!('layout' in font)) throw new Error(`${file} is no single font`)
    const characters = new Set(font.characterSet)
    const face = { font, covers: (codePoint: number) => characters.has(codePoint) }
    faces.set(file, face)
    return face
  }
  return {
    faceFor(codePoint, weight, before) {
      if (before?.covers(codePoint)) return before
      for (const family of families) {
        const face = load(family[weight])
        if (face.covers(codePoint)) return face
      }
      // Shown as the empty box of the first font.
      return before ?? load(families[0]?.[weight] ?? '')
    },
  }
}
