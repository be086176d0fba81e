import type { Words } from '../../text/en.ts'
import { type Task, tasks } from './checklist.ts'

/** What is still to be done, each with the page or the command for it. Nothing once all is. */
export function Checklist({ words, missing }: { words: Words; missing: readonly Task[] }) {
  const said = words.staffToday.checklist
  if (missing.length === 0) return null
  return (
    <section class="flow">
      <h2>{said.heading(missing.length)}</h2>
      <ul class="plain-list">
        {missing.map((task) => (
          <li key={task}>
            <p class="strong">{said.tasks[task].what}</p>
            <p>{said.tasks[task].why}</p>
            <Where words={words} task={task} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Where({ words, task }: { words: Words; task: Task }) {
  const said = words.staffToday.checklist
  const where = tasks[task]
  if ('command' in where) {
    return (
      <p class="quiet">
        {said.command} <code>{where.command}</code>
      </p>
    )
  }
  return 'at' in where ? <a href={where.at}>{said.places[where.place]}</a> : null
}
