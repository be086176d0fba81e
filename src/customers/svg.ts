const svgSpace = 'http://www.w3.org/2000/svg'
const xlinkSpace = 'http://www.w3.org/1999/xlink'

/**
 * What in an SVG could do more than draw, in words; `undefined` when there is nothing.
 *
 * Everything allowed is listed, and everything else refused: elements, attributes, the functions and at-rules of its CSS, and the
 * namespaces of drawing programs. A list of dangerous parts would have to anticipate what browsers learn tomorrow: `image-set()`
 * and `src()` load, too.
 *
 * @param text the file, read as UTF-8
 */
export function svgFault(text: string): string | undefined {
  const [start = '', declared] = /^\uFEFF?(?:<\?xml([^>]*)\?>)?/.exec(text) ?? []
  if (declared !== undefined && !utf8Declared.test(declared)) return 'an encoding that is not UTF-8'
  const spaces = new Map<string, string>([['', svgSpace]])
  let rest = text.slice(start.length)
  let css = ''
  const open: string[] = []
  while (rest !== '') {
    const [piece = '', comment, cdata, end, name, attributes, alone, words] = nextPiece.exec(rest) ?? []
    if (piece === '') return 'markup that is not well-formed XML'
    rest = rest.slice(piece.length)
    if (comment !== undefined) continue
    if (end !== undefined) {
      if (open.pop() !== end) return 'markup that is not well-formed XML'
    } else if (name !== undefined) {
      const fault = tagFault(name, attributes ?? '', spaces)
      if (fault !== undefined) return fault
      if (alone !== '/') open.push(name)
    } else if (open.at(-1)?.replace(/^.*:/, '') === 'style') {
      const said = cdata ?? decoded(words ?? '')
      if (said === undefined) return 'an entity'
      css += said
    } else if (words !== undefined && decoded(words) === undefined) return 'an entity'
  }
  return open.length > 0 ? 'markup that is not well-formed XML' : cssFault(css)
}

const utf8Declared =
  /^\s+version=["']1\.0["'](?:\s+encoding=["']utf-8["'])?(?:\s+standalone=["']\w+["'])?\s*$/i

/** A comment, CDATA, an end tag, a start tag with its attributes, or text. No doctype and no processing instruction. */
const nextPiece =
  /^(?:(<!--(?:(?!--)[^])*-->)|<!\[CDATA\[((?:(?!\]\]>)[^])*)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+))/

/** @param spaces namespaces by prefix; this tag's declarations are added, and no prefix may be declared for two */
function tagFault(name: string, written: string, spaces: Map<string, string>): string | undefined {
  const attributes: { name: string; value: string }[] = []
  for (const [, attribute = '', quoted = ''] of written.matchAll(/([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    const value = decoded(quoted.slice(1, -1))
    if (value === undefined) return 'an entity'
    attributes.push({ name: attribute, value })
    const [, prefix = ''] = /^xmlns(?::(.+))?$/.exec(attribute) ?? []
    if (!/^xmlns(?::|$)/.test(attribute)) continue
    if ((spaces.get(prefix) ?? value) !== value) return `two namespaces under ${attribute}`
    spaces.set(prefix, value)
  }
  const [prefix, local] = split(name)
  const space = spaces.get(prefix) ?? ''
  if (space === svgSpace ? !elements.has(local) : !isNotes(space)) return `the element ${name}`
  if (space !== svgSpace) return undefined
  for (const attribute of attributes) {
    if (attributeFault(attribute, spaces)) return `${attribute.name} on ${name}`
  }
  return undefined
}

function attributeFault(
  { name, value }: { name: string; value: string },
  spaces: ReadonlyMap<string, string>,
): boolean {
  const [prefix, local] = split(name)
  if (prefix === 'xmlns' || name === 'xmlns') return false
  if (prefix === 'xml') return local !== 'space' && local !== 'lang'
  const space = spaces.get(prefix) ?? ''
  if (local === 'href' && (prefix === '' || space === xlinkSpace)) return !value.startsWith('#')
  if (prefix === '') return !isAttribute(local) || cssFault(value) !== undefined
  return space === xlinkSpace ? !['type', 'title', 'show', 'actuate'].includes(local) : !isNotes(space)
}

/** Whether CSS could load something, or contains anything not listed. */
function cssFault(css: string): string | undefined {
  if (css.includes('\\')) return 'an escape in its CSS'
  for (const [, rule = ''] of css.matchAll(/@([-\w]*)/g)) {
    if (!atRules.has(rule.toLowerCase())) return `@${rule} in its CSS`
  }
  for (const [, name = '', inside = ''] of css.matchAll(/([-\w\u0080-\uffff]*)\((?=(\s*["']?.?))/g)) {
    const isOwn = name.toLowerCase() === 'url' && /^\s*["']?#$/.test(inside)
    if (name !== '' && !isOwn && !functions.has(name.toLowerCase())) return `${name}() in its CSS`
  }
  return undefined
}

/** The five entities that XML has without a doctype; `undefined` for any other, which could expand to anything. */
function decoded(text: string): string | undefined {
  if (/&(?!(?:lt|gt|amp|quot|apos);)/.test(text)) return undefined
  return text.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? '')
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function split(name: string): [prefix: string, local: string] {
  const colon = name.indexOf(':')
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)]
}

/** Namespaces in which drawing programs and libraries keep data that browsers do not draw. */
function isNotes(space: string): boolean {
  return notes.some((each) => space.startsWith(each))
}

const notes = [
  'http://www.inkscape.org/namespaces/',
  'http://sodipodi.sourceforge.net/',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  'http://creativecommons.org/ns#',
  'http://web.resource.org/cc/',
  'http://purl.org/dc/',
  'http://ns.adobe.com/',
  'adobe:ns:meta/',
  'http://www.bohemiancoding.com/sketch/',
  'http://www.serif.com/',
  'http://www.figma.com/',
  'http://vectornator.io',
  'http://www.openswatchbook.org/',
  'https://boxy-svg.com',
]

function isAttribute(name: string): boolean {
  return attributes.has(name) || /^(?:data|aria)-[\w-]+$/.test(name)
}

const listed = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const elements = listed(`
  svg g defs symbol use title desc metadata style switch path rect circle ellipse line polyline polygon text tspan textPath
  linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix feComponentTransfer feComposite
  feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
  feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`)

/** The attributes of SVG 2 that describe a drawing, and those that SVG 1.1 and common programs add. */
const attributes = listed(`
  id class style lang tabindex role version baseProfile preserveAspectRatio viewBox width height x y x1 y1 x2 y2 cx cy r rx ry
  fx fy fr d points pathLength transform transform-origin href type media enable-background contentScriptType
  contentStyleType zoomAndPan focusable systemLanguage requiredFeatures requiredExtensions overflow-clip-margin
  gradientUnits gradientTransform spreadMethod offset clipPathUnits maskUnits maskContentUnits patternUnits
  patternContentUnits patternTransform markerUnits markerWidth markerHeight refX refY orient filterUnits primitiveUnits
  filterRes dx dy rotate textLength lengthAdjust startOffset method spacing side
  in in2 result mode values operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode kernelUnitLength
  preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent limitingConeAngle pointsAtX pointsAtY pointsAtZ
  azimuth elevation z scale xChannelSelector yChannelSelector stdDeviation radius baseFrequency numOctaves seed stitchTiles
  slope intercept amplitude exponent tableValues
  alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
  color-profile color-rendering cursor direction display dominant-baseline fill fill-opacity fill-rule filter flood-color
  flood-opacity font font-family font-size font-size-adjust font-stretch font-style font-variant font-weight
  glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation kerning letter-spacing lighting-color marker
  marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-rendering
  solid-color solid-opacity stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
  stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration text-overflow text-rendering
  unicode-bidi vector-effect visibility white-space word-spacing writing-mode`)

const atRules = listed('media supports keyframes -webkit-keyframes')

const functions = listed(`
  rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark icc-color calc min max clamp var
  matrix matrix3d translate translatex translatey translatez translate3d scale scalex scaley scalez scale3d rotate rotatex
  rotatey rotatez rotate3d skew skewx skewy perspective cubic-bezier steps
  blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia
  circle ellipse inset polygon path rect xywh not is where nth-child nth-last-child nth-of-type nth-last-of-type and or`)
