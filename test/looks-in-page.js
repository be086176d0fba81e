// What looks.test.ts asks of a page, from inside it. Colors are read from a picture of the page, as an eye sees them.
globalThis.looks = (() => {
  const pressable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
  let picture
  let grounds = []

  /** Excludes text for screen readers only. */
  function isShown(element) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
    for (let each = element; each; each = each.parentElement)
      if (getComputedStyle(each).clipPath !== 'none') return false
    const { width, height } = element.getBoundingClientRect()
    return width > 0 && height > 0
  }

  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown)
  const pressables = () => all(pressable)

  /** Of a group of which one is chosen, Tab comes to that one, or to the first. */
  function stops() {
    const isChosen = (one) => {
      const group = [...document.getElementsByName(one.name)]
      return one === (group.find(({ checked }) => checked) ?? group[0])
    }
    return pressables().filter((each) => each.type !== 'radio' || isChosen(each))
  }

  function name(element) {
    const words = (element.textContent || element.name || '').trim().replaceAll(/\s+/g, ' ')
    const kind = [element.localName, ...element.classList].join('.')
    return `${kind} "${words.slice(0, 30)}"`
  }

  /** As a reader of the screen says it. */
  function labelOf(element) {
    const labels = [...(element.labels ?? [])].map(({ textContent }) => textContent).join(' ')
    const words = element.getAttribute('aria-label') ?? (labels || element.textContent)
    return words.trim().replaceAll(/\s+/g, ' ')
  }

  /** Relative to the page, not the screen. */
  function boxOf({ left, top, width, height }) {
    return { x: left + scrollX, y: top + scrollY, width, height }
  }

  /** Every visible line of text, and its element. */
  function lines() {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      if (node.data.trim() === '' || !isShown(node.parentElement)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const rect of range.getClientRects())
        if (rect.width > 1 && rect.bottom + scrollY > 0)
          found.push({ node, element: node.parentElement, box: boxOf(rect) })
    }
    return found
  }

  // Colors

  async function see(png) {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, 0, 0)
    picture = context.getImageData(0, 0, bitmap.width, bitmap.height)
    return picture
  }

  function at(x, y) {
    const column = Math.min(Math.max(Math.floor(x), 0), picture.width - 1)
    const row = Math.min(Math.max(Math.floor(y), 0), picture.height - 1)
    const start = (row * picture.width + column) * 4
    return [...picture.data.subarray(start, start + 3)]
  }

  function luminance(color) {
    const [red, green, blue] = color.map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  function contrast(one, other) {
    const [a, b] = [luminance(one), luminance(other)]
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
  }

  /** Of what is drawn in a box, against its background: the most frequent color there. */
  function contrastIn({ x, y, width, height }) {
    const counts = new Map()
    for (let row = Math.ceil(y); row < y + height; row += 1)
      for (let column = Math.ceil(x); column < x + width; column += 1) {
        const color = at(column, row).join()
        counts.set(color, (counts.get(color) ?? 0) + 1)
      }
    const colors = [...counts].toSorted((one, other) => other[1] - one[1])
    const [ground] = colors[0] ?? ['0,0,0']
    const seen = colors.map(([color]) =>
      contrast(ground.split(',').map(Number), color.split(',').map(Number)),
    )
    return Math.max(...seen, 1)
  }

  /** How visible each side of a box is: the strongest difference from what lies outside it. */
  function sidesOf({ x, y, width, height }) {
    const reach = [-5, -3, -2, -1, 0, 1, 2, 3, 4]
    const across = (point) => {
      const colors = reach.map((by) => at(...point(by)))
      return Math.max(...colors.map((color) => contrast(color, colors[0])))
    }
    const middle = { x: x + width / 2, y: y + height / 2 }
    return {
      top: across((by) => [middle.x, y + by]),
      right: across((by) => [x + width - 1 - by, middle.y]),
      bottom: across((by) => [middle.x, y + height - 1 - by]),
      left: across((by) => [x + by, middle.y]),
    }
  }

  function faintTexts(least) {
    // A full stop by itself is thinner than a pixel, so never drawn in its full color.
    return lines()
      .filter(({ node }) => /[\p{L}\p{N}]/u.test(node.data))
      .map(({ node, box }) => ({ words: node.data.trim().slice(0, 40), seen: contrastIn(box) }))
      .filter(({ seen }) => seen < least)
      .map(({ words, seen }) => `"${words}" ${seen.toFixed(1)}`)
  }

  function faintControls() {
    // A button styled as a link is text.
    const controls = all('.button:not(.link), input:not([type=hidden])')
    return controls
      .filter((each) => Math.min(...Object.values(sidesOf(boxOf(each.getBoundingClientRect())))) < 3)
      .map(name)
  }

  /** Boxes and bullets that stand out by their background color, to be checked again in other colors. */
  function rememberGrounds() {
    const clear = 'rgba(0, 0, 0, 0)'
    grounds = []
    for (const element of all('body *')) {
      if (element.getBoundingClientRect().bottom + scrollY < 0) continue
      const own = getComputedStyle(element).backgroundColor
      if (own !== clear) grounds.push({ element })
      for (const pseudo of ['::before', '::after'])
        if (getComputedStyle(element, pseudo).backgroundColor !== clear) grounds.push({ element, pseudo })
      if (element.localName === 'rect') grounds.push({ element })
    }
    return grounds.length
  }

  function boxOfPseudo({ element, pseudo }) {
    const box = boxOf(element.getBoundingClientRect())
    if (!pseudo) return box
    const style = getComputedStyle(element, pseudo)
    return {
      x: box.x + Number.parseFloat(style.left),
      y: box.y + Number.parseFloat(style.top),
      width: Number.parseFloat(style.width),
      height: Number.parseFloat(style.height),
    }
  }

  /** Every side of a box must be visible, except where the screen ends; any side of a bullet. */
  function lostGrounds() {
    return grounds
      .filter(({ element, pseudo }) => {
        const box = boxOfPseudo({ element, pseudo })
        const { top, right, bottom, left } = sidesOf(box)
        if (pseudo) return Math.max(top, right, bottom, left) < 3
        const { scrollWidth, scrollHeight } = document.documentElement
        const sides = [
          box.y > 0 && top,
          box.x > 0 && left,
          box.x + box.width < scrollWidth && right,
          box.y + box.height < scrollHeight && bottom,
        ].filter((side) => side !== false)
        return Math.min(...sides) < 3
      })
      .map(({ element, pseudo = '' }) => name(element) + pseudo)
  }

  /** Marks the visitor's page: a line under it, and under nothing else. */
  function currentPlaces() {
    return all('.nav a')
      .filter((link) => sidesOf(boxOf(link.getBoundingClientRect())).bottom >= 3)
      .map((link) => [link.textContent, link.getAttribute('aria-current')].join())
  }

  /** How many pixels of two pictures differ visibly. */
  async function changed(before, after) {
    const { data: one } = await see(before)
    const { data: other } = await see(after)
    let count = 0
    for (let i = 0; i < one.length; i += 4)
      if (contrast([...one.subarray(i, i + 3)], [...other.subarray(i, i + 3)]) >= 3) count += 1
    return count
  }

  // Room

  function tooWide() {
    const width = document.documentElement.clientWidth
    const wide = all('body *').filter((element) => {
      const { left, right } = element.getBoundingClientRect()
      return right > width + 1 || left < -1
    })
    const scrolls = document.documentElement.scrollWidth > width ? ['the page scrolls sideways'] : []
    return [...scrolls, ...wide.map(name)]
  }

  function cutOff() {
    const cut = all('body *').filter((element) => {
      const { overflowX, overflowY, display } = getComputedStyle(element)
      if (display === 'inline' || element.closest('input, svg')) return false
      const isCutX = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1
      const isCutY = overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1
      return isCutX || isCutY
    })
    return cut.map(name)
  }

  /** Stays where it is while the page moves beneath it. */
  function isFixed(element) {
    for (let each = element; each; each = each.parentElement)
      if (getComputedStyle(each).position === 'fixed') return true
    return false
  }

  /** Lines of text that overlap by more than the space letters leave above and below. */
  function overlaps() {
    const found = []
    const shown = lines().filter(({ element }) => !isFixed(element))
    for (const [i, one] of shown.entries())
      for (const other of shown.slice(i + 1)) {
        if (one.node === other.node) continue
        const [a, b] = [one.box, other.box]
        const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
        const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
        if (wide > 1 && high > Math.min(a.height, b.height) * 0.4)
          found.push(`${name(one.element)} and ${name(other.element)}`)
      }
    return found
  }

  /** Spacing as readers set it who need more (WCAG 1.4.12). */
  function spaceText() {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(
      `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
       p { margin-block-end: 2em !important }`,
    )
    document.adoptedStyleSheets = [sheet]
  }
  function unspaceText() {
    document.adoptedStyleSheets = []
  }

  /** Like a reader who doubles the browser's text size: everything measured in it grows. */
  function doubleText() {
    const root = document.documentElement
    root.style.fontSize = `${2 * Number.parseFloat(getComputedStyle(root).fontSize)}px`
  }
  function undoubleText() {
    document.documentElement.style.removeProperty('font-size')
  }

  function moving() {
    return [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element)
        return animationName !== 'none' || transitionDuration !== '0s'
      })
      .map(name)
  }

  // Hands and keys

  function tooSmall() {
    return pressables()
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect()
        return (width < 24 || height < 24) && !isInSentence(element)
      })
      .map((element) => {
        const { width, height } = element.getBoundingClientRect()
        return `${name(element)} ${width.toFixed(1)} × ${height.toFixed(1)}`
      })
  }

  function isInSentence(element) {
    if (getComputedStyle(element).display !== 'inline') return false
    let block = element.parentElement
    while (getComputedStyle(block).display === 'inline') block = block.parentElement
    return block.innerText.trim().length > element.innerText.trim().length
  }

  /** The focused element, and what hides it. */
  function focused() {
    const element = document.activeElement
    const boxes = [...element.getClientRects()]
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const faults = []
    if (outlineStyle !== 'solid' || Number.parseFloat(outlineWidth) < 2) faults.push('no outline')
    for (const box of boxes) {
      const isInside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth
      if (!isInside) faults.push('not on the screen')
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      if (!element.contains(top)) faults.push(`behind ${top ? name(top) : 'the edge'}`)
    }
    const { left, top, width, height } = element.getBoundingClientRect()
    const ground = element.closest('.lit, .top, .foot, main')
    return {
      place: pressables().indexOf(element),
      name: name(element),
      label: labelOf(element),
      /** What can be chosen instead of it. */
      choices: element.type === 'radio' ? [...document.getElementsByName(element.name)].map(labelOf) : [],
      isChosen: element.checked === true,
      faults,
      /** Elements of one kind look alike. */
      kind: [
        element.localName,
        ...element.classList,
        element.closest('nav')?.className,
        ground?.className,
      ].join(' '),
      box: { x: left, y: top, width, height },
      scrolledBy: scrollY,
      length: 2 * (width + height),
    }
  }

  /** As on a fresh page: the next Tab begins at the top. */
  function leave() {
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute('tabindex')
    scrollTo(0, 0)
  }

  // Paper

  /** Writes a marker before the first word of each row, and another after its last. */
  function markRows() {
    const rows = all('tr, li:not(.bars li), .facts > div')
    const marks = []
    for (const [i, row] of rows.entries()) {
      // Without figures, because a font may draw them by glyphs that a PDF does not read as letters.
      const number = String(i).replaceAll(/\d/g, (digit) => 'ABCDEFGHIJ'[digit])
      const isWhole = getComputedStyle(row).breakInside === 'avoid'
      const mark = { isWhole, begins: `Zz${number}zZ`, ends: `Xx${number}xX` }
      const inside = lines().filter(({ node }) => row.contains(node))
      const [first, last] = [inside.at(0)?.node, inside.at(-1)?.node]
      if (!first || !last) continue
      first.data = mark.begins + first.data
      last.data += mark.ends
      marks.push(mark)
    }
    return marks
  }

  return {
    names: () => stops().map(name),
    see: async (png) => void (await see(png)),
    faintTexts,
    faintControls,
    rememberGrounds,
    lostGrounds,
    currentPlaces,
    changed,
    tooWide,
    cutOff,
    overlaps,
    moving,
    spaceText,
    unspaceText,
    doubleText,
    undoubleText,
    tooSmall,
    focused,
    leave,
    markRows,
    height: () => document.documentElement.scrollHeight,
    shown: (selector) => all(selector).map(name),
  }
})()
