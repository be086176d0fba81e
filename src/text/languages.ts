import { en, type Words } from './en.ts'

/** What a page speaks: its words, and the BCP 47 name by which dates and numbers are told. */
export type Language = { readonly words: Words; readonly locale: string }

export const english: Language = { words: en, locale: 'en-US' }
