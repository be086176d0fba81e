// Signing in with a passkey, confirming with one, and adding one. What needs passkeys is hidden until this file finds that the browser has them.

// A challenge lives for five minutes, and the sign-in page may be open for longer.
const renewAfterMs = 4 * 60_000

const signIn = document.querySelector('form[data-passkey="sign-in"]')
const step = document.querySelector('form[data-passkey="step"]')
const add = document.querySelector('form[data-passkey="add"]')

if (window.PublicKeyCredential && navigator.credentials) {
  for (const part of document.querySelectorAll('[data-with-passkeys]')) part.hidden = false
  for (const part of document.querySelectorAll('[data-without-passkeys]')) part.hidden = true
  if (signIn) offer()
  if (step) onPress(step, (publicKey) => navigator.credentials.get({ publicKey }))
  if (add) onPress(add, (publicKey) => navigator.credentials.create({ publicKey }))
}

/** At the button, and in the list that the browser shows at the email field. */
function offer() {
  const atField = waitAtField()
  onPress(signIn, async (publicKey) => {
    atField.stop()
    return navigator.credentials.get({ publicKey })
  })
}

/** Never fails: the visitor may type an address all the same. */
function waitAtField() {
  let waiting
  async function wait() {
    waiting?.abort()
    waiting = new AbortController()
    const { signal } = waiting
    try {
      if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
      const publicKey = await optionsFor(signIn)
      if (!signal.aborted)
        send(signIn, await navigator.credentials.get({ publicKey, mediation: 'conditional', signal }))
    } catch {
      // Ended by the button or the next round, or not possible here.
    }
  }
  void wait()
  const rounds = setInterval(() => void wait(), renewAfterMs)
  return {
    stop() {
      clearInterval(rounds)
      waiting.abort()
    },
  }
}

function onPress(form, ask) {
  const button = form.querySelector('button')
  const problem = form.querySelector('[role="alert"]')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    problem.hidden = true
    button.disabled = true
    try {
      send(form, await ask(await optionsFor(form)))
    } catch {
      // The visitor changed their mind, or the device has no such passkey: browsers do not say which.
      problem.hidden = false
    }
    button.disabled = false
  })
}

async function optionsFor(form) {
  const answer = await fetch(`${new URL(form.action).pathname}/options`, { method: 'POST' })
  if (!answer.ok) throw new Error('no challenge was given')
  const { challenge, user, excludeCredentials, ...options } = await answer.json()
  return {
    ...options,
    challenge: toBytes(challenge),
    ...(user && { user: { ...user, id: toBytes(user.id) } }),
    ...(excludeCredentials && {
      excludeCredentials: excludeCredentials.map((each) => ({ ...each, id: toBytes(each.id) })),
    }),
  }
}

/** Leaves the page, as for any other form. */
function send(form, { id, rawId, type, response }) {
  const fields = ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle', 'attestationObject']
  const present = fields.filter((name) => response[name])
  const inText = Object.fromEntries(present.map((name) => [name, toText(response[name])]))
  const transports = response.attestationObject && { transports: response.getTransports?.() ?? [] }
  form.elements.credential.value = JSON.stringify({
    id,
    rawId: toText(rawId),
    type,
    response: { ...inText, ...transports },
  })
  form.submit()
}

function toBytes(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

function toText(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)))
  return plain.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
