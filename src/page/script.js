// Progressive enhancement only. Every page works without this file.

// Focuses the summary of a returned form: browsers do not always honor autofocus.
document.querySelector('.summary')?.focus()

// A second click while the first is in flight would send the form twice.
for (const form of document.querySelectorAll('form[data-sending]')) {
  form.addEventListener('submit', (event) => {
    const button = form.querySelector('button')
    if (!button || event.defaultPrevented) return
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    button.dataset.label = button.textContent
    button.textContent = form.dataset.sending
    setTimeout(() => ready(form, button), 8000)
  })
}

// A link's address holds its secret. A visitor who goes back after clicking its button reaches the sign-in page instead.
document.querySelector('form[data-forgets]')?.addEventListener('submit', (event) => {
  if (!event.defaultPrevented) history.replaceState(null, '', '/sign-in')
})

// A visitor who comes back with the browser's button finds the form usable again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) ready(form, form.querySelector('button'))
})

function ready(form, button) {
  delete form.dataset.sent
  if (button?.dataset.label) button.textContent = button.dataset.label
}

// Offers to show a password as it is typed. It is sent as one, so that browsers do not keep it among the words of forms.
for (const offer of document.querySelectorAll('[data-shows]')) {
  const password = document.getElementById(offer.dataset.shows)
  const box = offer.querySelector('input')
  offer.hidden = false
  const show = (isShown) => {
    password.type = isShown ? 'text' : 'password'
  }
  box.addEventListener('change', () => show(box.checked))
  password.form.addEventListener('submit', () => show(false))
  addEventListener('pageshow', () => show(box.checked))
}

// Formats the code as the email shows it: capitals, two groups of four.
const code = document.querySelector('input.code')
code?.addEventListener('input', () => {
  const atEnd = code.selectionStart === code.value.length
  const plain = code.value.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (atEnd && plain.length <= 8)
    code.value = plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain
})

// A shift's time is that of its place. When the reader's clock differs, the reader's time is added.
for (const times of document.querySelectorAll('[data-starts]')) {
  const here = yourClock(times.dataset)
  if (here === null) continue
  const beside = document.createElement('span')
  beside.className = 'quiet your-clock'
  beside.textContent = ` (${times.dataset.yours.replace('{time}', here)})`
  times.append(beside)
}

function yourClock({ starts, zone }) {
  const language = document.documentElement.lang
  const shown = { weekday: 'short', hour: 'numeric', minute: '2-digit' }
  const clock = (timeZone) =>
    new Intl.DateTimeFormat(language, { ...shown, timeZone }).format(new Date(starts))
  try {
    const here = clock(undefined)
    return here === clock(zone) ? null : here.replace(/[AP]M/, (half) => half.toLowerCase())
  } catch {
    return null // this browser does not know the zone
  }
}
