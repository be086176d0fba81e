/**
 * A text as it is looked for: every search folds what is typed and what is searched by this one function.
 *
 * Phones type `’` where records have `'`, people leave accents out, and names are pasted with ligatures and long dashes. So
 * case, accents, apostrophes, quotes and full stops do not count, and a dash is a blank. `año` is found by `ano`, too: English
 * keyboards have no ñ. Folding is for finding only. Two texts that fold alike are not the same name.
 */
export function folded(text: string): string {
  return (
    text
      // The acute accent that people type for an apostrophe would become a blank.
      .replaceAll('´', "'")
      .normalize('NFKD')
      .replaceAll(/[\p{M}\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
      .toLowerCase()
      .replaceAll(/[ßæœøłđðþıς]/g, (letter) => letters[letter] ?? letter)
      .replaceAll(/['"`‘’‚‛“”„‟‹›«»′″ʹʺʻʼʽˈ.]/g, '')
      .replaceAll(/[\p{Pd}\u2212\s]+/gu, ' ')
      .trim()
  )
}

/** The words of a search, folded; none where nothing is looked for. */
export function wordsSought(text: string): string[] {
  return folded(text).split(' ').filter(Boolean)
}

/** What no decomposition takes apart. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}
