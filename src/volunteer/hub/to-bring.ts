import { bullet } from '../../vomo/wire/paragraphs.ts'

/** Longer ones are left out whole: a visitor never reads half a sentence. */
const maxNoteLength = 240
const maxNotes = 5
const maxItems = 10
const maxItemLength = 100

/**
 * What a description says of coming prepared: what to bring, what to wear, where to park. Taken only where a heading or a phrase
 * says so clearly, in English or Spanish: a wrong note sends people out with the wrong things, and a missing one is still in the
 * description. Whole sentences, and whole lists behind their heading.
 *
 * @param description as `readParagraphs` returns it
 */
export function whatToBring(description: readonly string[]): string[] {
  const notes: string[] = []
  const listed = new Set<string>()
  for (const [index, paragraph] of description.entries()) {
    if (listed.has(paragraph)) continue
    const isItem = paragraph.startsWith(bullet)
    const sentences = sentencesOf(textOf(paragraph))
    for (const [place, sentence] of sentences.entries()) {
      if (sentence.length > maxNoteLength) continue
      if (!isItem && place === sentences.length - 1 && isHeading(sentence)) {
        const items = itemsUnder(description.slice(index + 1))
        const note = noteOf(sentence, items)
        if (note === undefined) continue
        notes.push(note)
        for (const item of items) listed.add(item)
      } else if (isClear(sentence) && isWhole(sentence, sentences.length === 1)) notes.push(sentence)
    }
  }
  return [...new Set(notes)].slice(0, maxNotes)
}

function textOf(paragraph: string): string {
  return paragraph.startsWith(bullet) ? paragraph.slice(bullet.length) : paragraph
}

/** The lines that belong to a heading before them; none where that is unclear. */
function itemsUnder(following: readonly string[]): readonly string[] {
  const [first = ''] = following
  if (first.startsWith(bullet)) return takeWhile(following, (line) => line.startsWith(bullet))
  return isWhole(first, false) ? [first] : looseItems(following)
}

/** "Please bring: closed shoes, a water bottle" */
function noteOf(heading: string, items: readonly string[]): string | undefined {
  const texts = items.map(textOf)
  const isTooMuch = texts.length > maxItems || texts.some((text) => text.length > maxItemLength)
  if (texts.length === 0 || (isTooMuch && texts.length > 1)) return undefined
  const parts = texts.length === 1 ? texts : texts.map((text) => text.replace(/[.;,]+$/, '')).filter(Boolean)
  const comma = parts.some((part) => part.includes(',')) ? '; ' : ', '
  const note = `${heading.replace(/^¿/, '').replace(/\s*[:?]+$/, '')}: ${parts.join(comma)}`
  return note.length <= maxNoteLength ? note : undefined
}

/** Lines without bullets: the next heading looks like one of them, so each must be a thing people bring or wear. */
function looseItems(following: readonly string[]): readonly string[] {
  const run = takeWhile(
    following,
    (line) => !(line.startsWith(bullet) || line.endsWith(':') || isWhole(line, false) || isHeading(line)),
  )
  const isBeforeList = following[run.length]?.startsWith(bullet) === true
  const isAllThings = run.every((line) => things.test(line) || /^\p{Ll}/u.test(line))
  return !isBeforeList && (run.length === 1 || isAllThings) ? run : []
}

function isHeading(sentence: string): boolean {
  return headings.some((heading) => heading.test(sentence)) || (sentence.endsWith(':') && isClear(sentence))
}

function isClear(sentence: string): boolean {
  return (
    phrases.some((phrase) => phrase.test(sentence)) ||
    imperatives.some(
      ({ asks, forOthers }) =>
        asks.test(sentence) && things.test(sentence) && !forOthers.test(sentence.replace(/[;:(—–].*/u, '')),
    )
  )
}

/** A last line without a stop may have been a heading, or cut off by its author; alone and short, it is a note. */
function isWhole(sentence: string, isAlone: boolean): boolean {
  return (
    /[.!?…]["”’)»]{0,2}$/.test(sentence) || (isAlone && !sentence.endsWith(':') && sentence.length <= 160)
  )
}

/** Stops that end no sentence: "St. Brigid’s", "9 a.m. Monday". */
const abbreviation =
  /(?:^|[\s(])(?:\p{L}|St|Mr|Mrs|Ms|Dr|Ave|Av|Blvd|Rd|Ste|Apt|Dept|Bldg|No|Núm|Sr|Sra|Dra|Ud|Uds|approx|aprox|incl|min|max|vs|etc|ej|e\.g|i\.e|[ap]\. ?m|U\.S|EE|UU)\.$/iu

function sentencesOf(paragraph: string): string[] {
  const sentences: string[][] = []
  for (const piece of paragraph.split(/(?<=[.!?…]["”’)»]{0,2}) (?=[\p{Lu}\p{N}¡¿"“(«])/u)) {
    const before = sentences.at(-1)
    if (before !== undefined && abbreviation.test(before.at(-1)?.slice(-12) ?? '')) before.push(piece)
    else sentences.push([piece])
  }
  return sentences.map((pieces) => pieces.join(' '))
}

function takeWhile(lines: readonly string[], isTaken: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex((line) => !isTaken(line))
  return end === -1 ? lines : lines.slice(0, end)
}

/** A whole line, or its beginning before a colon. */
const headings = [
  /^(?:what|things|items) (?:to|(?:should|do) (?:i|we)|you(?:’ll| will|'ll)?(?: should| need to)?) (?:bring|wear)(?:(?:,| and| &| or|\/) ?(?:bring|wear|expect))*(?: with you)?\s*[:?]*$/i,
  /^(?:please |remember to |be sure to |make sure to |don[’']t forget to )?(?:bring|wear)(?: the following| with you)?\s*:?$/i,
  /^(?:dress code|attire|clothing|parking(?: information| info)?|where to park)\s*[:?]*$/i,
  /^¿?(?:qué|que|lo que|cosas que) (?:(?:debes|debe|deben|hay que|necesitas|necesita|tienes que|tengo que) )?(?:traer|llevar|usar|ponerse|ponerte|traigo|llevo)(?: (?:y|o) (?:traer|llevar|usar|ponerse|ponerte))?\s*[:?]*$/i,
  /^(?:por favor,? )?(?:trae|traiga|traigan|traer|lleva|lleve|lleven|llevar)(?: lo siguiente)?\s*:?$/i,
  /^¿?(?:ropa|vestimenta|código de vestimenta|estacionamiento|dónde estacionar)\s*[:?]*$/i,
]

/** A sentence that begins so speaks of this and nothing else. */
const phrases = [
  /^(?:(?:and|also|so),? )?(?:please|kindly),? (?:[\p{L}’']+ ){0,2}(?:bring|wear|dress|park)(?!\p{L})/iu,
  /^(?:remember|be sure|make sure|don[’']t forget) (?:to|you) (?:bring|wear|dress)(?!\p{L})/iu,
  /^(?:what to (?:bring|wear)|bring|wear|dress code|attire|clothing|parking)\s*: ?\S/i,
  /^(?:you |there[’']s |there is )?(?:don[’']t (?:need|have)|do not (?:need|have)|no need) to bring(?!\p{L})/iu,
  /^wear (?:something|comfortable|warm|sturdy|old|casual|closed|long|weather)/i,
  /^bring your own(?!\p{L})/iu,
  /^dress (?:for|in|warm|warmly|comfortably|appropriately|casually)(?!\p{L})/iu,
  /(?<!\p{L})you(?:’ll|'ll| will)? bring your(?!\p{L})/iu,
  /(?<!\p{L})(?:you|volunteers|drivers|everyone|all)(?: (?:should|must|need to|have to|will need to)|’ll need to|'ll need to) (?:also )?(?:bring|wear)(?!\p{L})/iu,
  /(?<!\p{L})(?:closed|close|open)[- ]toed? (?:shoes|footwear)(?!\p{L})/iu,
  /^(?:(?:there is|there[’']s|our|the|free|paid|limited|ample|plenty of|street|on-?site|visitor|volunteer) ){0,3}parking (?:is|may|can|at|in|on|behind|along|across|next|near|for volunteers|available|lots? (?:is|are))(?!\p{L})/iu,
  /^(?:(?:you|volunteers) (?:can|may|should|must) )?park (?:in|at|behind|on|along|across|next to|near|anywhere)(?!\p{L})/iu,
  /^por favor,? (?:\p{L}+ ){0,2}(?:trae|traiga|traigan|traer|lleva|lleve|lleven|usa|use|usen|usar|viste|vista|vístete|vístase|estaciona|estacione|estacionen)(?!\p{L})/iu,
  /^no (?:olvides|olvide|olviden|olvidar) (?:traer|llevar|tus?|sus?)(?!\p{L})/iu,
  /^(?:qué traer|qué llevar|trae|traiga|ropa|vestimenta|código de vestimenta|estacionamiento)\s*: ?\S/iu,
  /(?<!\p{L})(?:debes|debe|deben|hay que|es necesario|se recomienda|se pide|tienes que) (?:traer|usar)(?!\p{L})/iu,
  /^(?:vístete|vístase|vístanse|viste ropa|vista ropa|ven con|venga con|vengan con)(?!\p{L})/iu,
  /^(?:usa|use|usen|se requiere|se recomienda) (?:ropa|zapatos|calzado)(?!\p{L})/iu,
  /^(?:hay |(?:puedes|puede|pueden|se puede) )?(?:estacionamiento|estacionar|estacionarte|estacionarse|aparcar)(?!\p{L})/iu,
  /^el estacionamiento (?:es|está|queda)(?!\p{L})/iu,
]

/** "Bring a box, stay for a chat" tells what the work is: clear only with a thing that volunteers use themselves. */
const imperatives = [
  { asks: /^(?:bring|wear|don[’']t forget)(?!\p{L})/iu, forOthers: / (?:to|for(?! you)) / },
  { asks: /^(?:trae|traiga|traigan|lleva|lleve|lleven)(?!\p{L})/iu, forOthers: / (?:a|al|para) / },
  {
    asks: /(?<!\p{L})(?:debes|debe|deben|hay que|tienes que) llevar(?!\p{L})/iu,
    forOthers: / (?:a|al|para) /,
  },
]

const things =
  /(?<!\p{L})(?:gloves?|shoes?|boots?|sneakers|hats?|caps?|jackets?|sweaters?|sweatshirts?|layers?|clothes|clothing|shirts?|t-shirts?|pants|jeans|aprons?|masks?|sunscreen|sunglasses|repellent|bug spray|water|water bottles?|lunch|snacks?|towels?|tools?|shovels?|rakes?|flashlights?|headlamps?|laptops?|chargers?|pens?|ids?|identification|licen[cs]es?|waivers?|rain gear|umbrellas?|hair ties?|guantes?|zapatos|calzado|botas|tenis|gorras?|sombreros?|chamarras?|chaquetas?|suéter(?:es)?|ropa|mascarillas?|cubrebocas|protector solar|bloqueador|agua|almuerzo|toallas?|herramientas?|linternas?|identificación|licencia|bolígrafos?|delantal(?:es)?|lentes|impermeables?|paraguas)(?!\p{L})/iu
